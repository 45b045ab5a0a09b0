/**
 * 256-bit values inside shared memory: four 64-bit words, least significant first.
 *
 * Owns: the layout of a value. Does not own: where it is stored.
 */
import { EMPTY_CODE_HASH, type Hash } from "../state/hex";

const LOW = (1n << 64n) - 1n;

/** Stores `value` modulo 2^256 (so also a signed delta, in two's complement) at `at` in 64-bit words. */
export function storeWord256(longs: BigUint64Array, at: number, value: bigint): void {
  if (value >= 0n && value <= LOW) {
    longs[at] = value;
    longs[at + 1] = 0n;
    longs[at + 2] = 0n;
    longs[at + 3] = 0n;
    return;
  }
  // BigUint64Array keeps the low 64 bits of what is assigned.
  longs[at] = value;
  longs[at + 1] = value >> 64n;
  longs[at + 2] = value >> 128n;
  longs[at + 3] = value >> 192n;
}

/** The unsigned value at `at`. */
export function loadWord256(longs: BigUint64Array, at: number): bigint {
  const high = longs[at + 3] ?? 0n;
  const upper = longs[at + 2] ?? 0n;
  const lower = longs[at + 1] ?? 0n;
  const low = longs[at] ?? 0n;
  if (high === 0n && upper === 0n) {
    return lower === 0n ? low : (lower << 64n) | low;
  }
  return (high << 192n) | (upper << 128n) | (lower << 64n) | low;
}

/** @param a @param b in 32-bit words, which are compared because a 64-bit one would have to become a bigint */
export function equalWord256(words: Int32Array, a: number, b: number): boolean {
  for (let word = 0; word < 8; word++) {
    if (words[a + word] !== words[b + word]) {
      return false;
    }
  }
  return true;
}

const EMPTY_CODE_WORD = BigInt(EMPTY_CODE_HASH);
let latest: { readonly hash: Hash; readonly word: bigint } = {
  hash: EMPTY_CODE_HASH,
  word: EMPTY_CODE_WORD,
};

/**
 * A hash as 256-bit number, big-endian as usual. Reading the digits takes long, and nearly all that are
 * asked for are those of no code and of a contract that many transactions call.
 */
export function hashToWord(hash: Hash): bigint {
  if (hash === EMPTY_CODE_HASH) {
    return EMPTY_CODE_WORD;
  }
  if (hash !== latest.hash) {
    latest = { hash, word: BigInt(hash) };
  }
  return latest.word;
}
