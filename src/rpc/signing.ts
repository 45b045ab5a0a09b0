/** eth_sign, personal_sign (EIP-191) and eth_signTypedData_v4 (EIP-712). */
import { keccak256 } from "../crypto/keccak256";
import { bigIntToHex32, bytesToHex, hexToBytes } from "../state/bytes";
import type { Address, Hex } from "../state/hex";
import type { Accounts } from "./accounts";
import { inputError } from "./errors/words";
import { loadSigner } from "./micro-eth-signer";
import type { JsonObject } from "./params/place";
import { normaliseTypedData } from "./typed-data";

/** EIP-191 version 0x45; `r || s || v` with v 27 or 28. Throws ProviderError "Unknown account". */
export function signMessage(accounts: Accounts, address: Address, message: Hex): Hex {
  const bytes = hexToBytes(message);
  const prefix = Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`, "utf8");
  const hash = keccak256(Buffer.concat([prefix, bytes]));
  const { r, s, yParity } = accounts.signHash(address, hash);
  return `${bigIntToHex32(r)}${bigIntToHex32(s).slice(2)}${(27 + yParity).toString(16)}`;
}

/**
 * Throws ProviderError "Unknown account", and -32000 for data that its own types do not describe.
 */
export function signTypedData(accounts: Accounts, address: Address, data: JsonObject): Hex {
  const key = bytesToHex(accounts.keyOf(address));
  const { signTyped } = loadSigner();
  try {
    // The library checks the data against its types itself.
    const typed = normaliseTypedData(data) as unknown as Parameters<typeof signTyped>[0];
    const signature = signTyped(typed, key, false);
    return `0x${signature.slice(2)}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(reason.startsWith("missing type") ? reason : `type mismatch: ${reason}`);
  }
}
