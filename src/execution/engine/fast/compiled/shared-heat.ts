/**
 * How hot codes are on all threads together: each compiles for itself (functions cannot be shared), but none
 * has to find out alone what is worth it.
 *
 * Owns: one counter per code in shared memory, found by a few bits of the code's hash. Two codes that meet in
 * one counter are hot together, which costs a compilation and changes no result.
 */
import type { Hash } from "../../../../state/hex";

/** counters; a power of two */
const COUNTERS = 4096;
/** hex digits of a hash that choose the counter */
const DIGITS = 3;

export function createSharedHeat(): SharedArrayBuffer {
  return new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT);
}

export class SharedHeat {
  readonly #counters: Int32Array;

  /** @param buffer of createSharedHeat, on any thread */
  constructor(buffer: SharedArrayBuffer) {
    this.#counters = new Int32Array(buffer);
  }

  /** Counts jumps that this thread has interpreted; returns those of all threads. */
  add(hash: Hash, jumps: number): number {
    const place = Number.parseInt(hash.slice(2, 2 + DIGITS), 16);
    // At the end of the range it stays hot: adding may go past by a few batches, which fits.
    if (Atomics.load(this.#counters, place) >= MOST) {
      return MOST;
    }
    return Atomics.add(this.#counters, place, jumps) + jumps;
  }
}

const MOST = 2 ** 30;
