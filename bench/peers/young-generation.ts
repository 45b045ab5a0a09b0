/**
 * Where in a process's young generation a block begins.
 *
 * A block and the sending of its transactions together leave about as much garbage as the young generation
 * takes, again and again the same amount: left alone, a process has all its collections inside the clock, or
 * none, for as long as it runs.
 */

/** V8's, as it is when a process has run for a while. */
const YOUNG_GENERATION_BYTES = 16 << 20;
/** One array of numbers with its header. */
const PIECE_BYTES = 4096;
const PIECE_NUMBERS = PIECE_BYTES / 8 - 2;
/** Multiples of it, modulo 1, are spread evenly however many there are. */
const GOLDEN_RATIO = 0.618_033_988_749;

let blocks = 0;
let latest: readonly number[] = [];

/** Leaves an amount of garbage that is another one before each block. */
export function shiftCollections(): void {
  const share = (++blocks * GOLDEN_RATIO) % 1;
  for (let left = share * YOUNG_GENERATION_BYTES; left > 0; left -= PIECE_BYTES) {
    latest = new Array<number>(PIECE_NUMBERS).fill(left + latest.length);
  }
}
