/** EIP-55 spelling of addresses, which messages use; results do not. */
import { keccak256Hex } from "../crypto/keccak256";
import type { Address } from "../state/hex";

export function checksummed(address: Address): string {
  const digits = address.slice(2);
  const hash = keccak256Hex(Buffer.from(digits, "ascii"));
  return `0x${[...digits]
    .map((digit, index) =>
      Number.parseInt(hash.charAt(index + 2), 16) >= 8 ? digit.toUpperCase() : digit,
    )
    .join("")}`;
}
