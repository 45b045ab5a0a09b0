/**
 * Log blooms (yellow paper section 4.4.3): 2048 bits, three per address and topic. A bloom without a
 * value's bits proves that no log has it.
 */
import { keccak256 } from "../crypto/keccak256";
import { BLOOM_BYTES } from "../execution/receipt-bodies";
import { hexToBytes } from "../state/bytes";
import type { Address, Hash, Hex } from "../state/hex";

export const EMPTY_BLOOM: Hex = `0x${"00".repeat(BLOOM_BYTES)}`;

/** The three bits of a value: places of bytes in the bloom, and masks. */
export type BloomBits = readonly { readonly byte: number; readonly mask: number }[];

export function bloomBits(value: Address | Hash): BloomBits {
  const hash = keccak256(hexToBytes(value));
  return [0, 2, 4].map((at) => {
    const bit = (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 0x7ff;
    return { byte: BLOOM_BYTES - 1 - (bit >> 3), mask: 1 << (bit & 7) };
  });
}

/** False only if no log under this bloom has the value. */
export function mayContain(bloom: Hex, bits: BloomBits): boolean {
  return bits.every(
    ({ byte, mask }) => (Number.parseInt(bloom.slice(2 + 2 * byte, 4 + 2 * byte), 16) & mask) !== 0,
  );
}
