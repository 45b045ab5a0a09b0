/**
 * Bigints of 256-bit words that were made lately: the same few words cross from compiled code again and
 * again (a slot is read, then written; an event's first topic), and to put one together takes several
 * bigints in between.
 *
 * Owns: which words are kept: of each place the last one. Does not own: the memory that words come from.
 * Invariant: the value of a place is the number that the place's limbs make.
 */

/** A power of two. */
const PLACES = 64;
const LIMBS = 8;
/** Leaves as many bits of a product as number a place. */
const SHIFT = 32 - Math.log2(PLACES);
const GOLDEN = 0x9e3779b1;

export class RecentWords {
  /** 32-bit limbs, the lowest first; at the start all are zero, and so are the values. */
  readonly #limbs = new Uint32Array(PLACES * LIMBS);
  readonly #values = new Array<bigint>(PLACES).fill(0n);

  /**
   * The word at `first` in 64-bit words.
   * @param words32 @param words64 the same memory
   */
  at(words32: Uint32Array, words64: BigUint64Array, first: number): bigint {
    const half = first * 2;
    const a = words32[half] ?? 0;
    const b = words32[half + 1] ?? 0;
    const c = words32[half + 2] ?? 0;
    const d = words32[half + 3] ?? 0;
    const e = words32[half + 4] ?? 0;
    const f = words32[half + 5] ?? 0;
    const g = words32[half + 6] ?? 0;
    const h = words32[half + 7] ?? 0;
    const place = placeOf(a, c, e, h);
    const limbs = this.#limbs;
    const key = place * LIMBS;
    if (
      limbs[key] === a &&
      limbs[key + 1] === b &&
      limbs[key + 2] === c &&
      limbs[key + 3] === d &&
      limbs[key + 4] === e &&
      limbs[key + 5] === f &&
      limbs[key + 6] === g &&
      limbs[key + 7] === h
    ) {
      return this.#values[place] ?? 0n;
    }
    limbs[key] = a;
    limbs[key + 1] = b;
    limbs[key + 2] = c;
    limbs[key + 3] = d;
    limbs[key + 4] = e;
    limbs[key + 5] = f;
    limbs[key + 6] = g;
    limbs[key + 7] = h;
    const lower = ((words64[first + 1] ?? 0n) << 64n) | (words64[first] ?? 0n);
    const value =
      ((words64[first + 3] ?? 0n) << 192n) | ((words64[first + 2] ?? 0n) << 128n) | lower;
    this.#values[place] = value;
    return value;
  }
}

/** Of hashes any limb would do; of small numbers, addresses and shifted ones some of these tell them apart. */
function placeOf(a: number, c: number, e: number, h: number): number {
  return Math.imul(a ^ c ^ e ^ h, GOLDEN) >>> SHIFT;
}
