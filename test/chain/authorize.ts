import { RLP } from "@ethereumjs/rlp";
import type { SignedAuthorization } from "../../src/chain/transaction-fields";
import { keccak256 } from "../../src/crypto/keccak256";
import { sign } from "../../src/crypto/secp256k1";
import { bigIntToMinimalBytes, hexToBytes } from "../../src/state/bytes";
import { account } from "./network-pair";

/** An EIP-7702 authorization signed by an account of the default mnemonic. */
export function authorize(
  signer: number,
  { chainId, address, nonce }: Pick<SignedAuthorization, "chainId" | "address" | "nonce">,
): SignedAuthorization {
  const message = RLP.encode([
    bigIntToMinimalBytes(chainId),
    hexToBytes(address),
    bigIntToMinimalBytes(nonce),
  ]);
  const { r, s, yParity } = sign(
    keccak256(Uint8Array.from([5, ...message])),
    hexToBytes(account(signer).key),
  );
  return { chainId, address, nonce, r, s, yParity: BigInt(yParity) };
}
