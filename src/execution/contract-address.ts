/** Addresses of created contracts (yellow paper, section 7; EIP-1014). */
import { RLP } from "@ethereumjs/rlp";
import { keccak256Hex } from "../crypto/keccak256";
import { bigIntToMinimalBytes, hexToBytes } from "../state/bytes";
import type { Address } from "../state/hex";

/** Address of a contract made by a transaction or CREATE of `creator` with this nonce. */
export function createAddress(creator: Address, nonce: bigint): Address {
  return lastTwentyBytes(RLP.encode([hexToBytes(creator), bigIntToMinimalBytes(nonce)]));
}

/** Address of a contract made by CREATE2; `salt` is 32 bytes. */
export function create2Address(
  creator: Address,
  salt: Uint8Array,
  initCodeHash: Uint8Array,
): Address {
  const preimage = new Uint8Array(85);
  preimage[0] = 0xff;
  preimage.set(hexToBytes(creator), 1);
  preimage.set(salt, 21);
  preimage.set(initCodeHash, 53);
  return lastTwentyBytes(preimage);
}

function lastTwentyBytes(preimage: Uint8Array): Address {
  return `0x${keccak256Hex(preimage).slice(26)}`;
}
