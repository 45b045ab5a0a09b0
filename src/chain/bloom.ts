/**
 * Log blooms (yellow paper section 4.4.3): 2048 bits, three per address and topic. A bloom without a
 * value's bits proves that no log has it.
 */
import { keccak256 } from "../crypto/keccak256";
import type { Log } from "../execution/outcome";
import { bytesToHex, hexToBytes } from "../state/bytes";
import type { Address, Hash, Hex } from "../state/hex";

const BLOOM_BYTES = 256;

export const EMPTY_BLOOM: Hex = `0x${"00".repeat(BLOOM_BYTES)}`;

/** Bloom of one receipt's logs. */
export function logsBloom(logs: readonly Log[]): Hex {
  if (logs.length === 0) {
    return EMPTY_BLOOM;
  }
  const bloom = new Uint8Array(BLOOM_BYTES);
  for (const log of logs) {
    addToBloom(bloom, log.address);
    for (const topic of log.topics) {
      addToBloom(bloom, topic);
    }
  }
  return bytesToHex(bloom);
}

/** Bloom of a block from its receipts' blooms. */
export function uniteBlooms(blooms: readonly Hex[]): Hex {
  const filled = blooms.filter((bloom) => bloom !== EMPTY_BLOOM);
  const [first] = filled;
  if (first === undefined) {
    return EMPTY_BLOOM;
  }
  if (filled.length === 1) {
    return first;
  }
  const united = new Uint8Array(BLOOM_BYTES);
  for (const bloom of filled) {
    const bytes = hexToBytes(bloom);
    for (let i = 0; i < BLOOM_BYTES; i++) {
      united[i] = (united[i] ?? 0) | (bytes[i] ?? 0);
    }
  }
  return bytesToHex(united);
}

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

function addToBloom(bloom: Uint8Array, value: Address | Hash): void {
  for (const { byte, mask } of bloomBits(value)) {
    bloom[byte] = (bloom[byte] ?? 0) | mask;
  }
}
