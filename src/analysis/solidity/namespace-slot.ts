/**
 * Where a namespaced struct stands: ERC-7201 and ERC-8042 (diamond storage).
 */
import { keccak256 } from "../../crypto/keccak256";

function hash(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(keccak256(bytes)).toString("hex")}`);
}

/**
 * keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff. The difference is encoded as a whole
 * word: written without its leading zeros it hashes to another place.
 */
export function erc7201Slot(id: Uint8Array): bigint {
  const inner = (hash(id) - 1n).toString(16).padStart(64, "0");
  return hash(Buffer.from(inner, "hex")) & ~0xffn;
}

/** keccak256(id) */
export function erc8042Slot(id: Uint8Array): bigint {
  return hash(id);
}

/** The slot of a storage location as `@custom:storage-location` gives it; null for a formula that is not known. */
export function namespaceSlot(location: string): bigint | null {
  const [, formula, id] = /^(\w+):(\S+)$/.exec(location) ?? [];
  if (id === undefined) {
    return null;
  }
  const bytes = Buffer.from(id);
  return formula === "erc7201"
    ? erc7201Slot(bytes)
    : formula === "erc8042"
      ? erc8042Slot(bytes)
      : null;
}
