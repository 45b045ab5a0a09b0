/**
 * Where a transaction is in its life, packed with its incarnation into one atomic 32-bit word.
 *
 *                      +------------------- resume (the writer it waited for has executed)
 *                      |                                     |
 *                      v                                     |
 *   readyToExecute(i) ---- claim ----> executing(i) -- read an estimate --> blocked(i)
 *                      ^                    |    |
 *                      |                 publish +-- missed state --> parked(i) -- loaded --> readyToExecute(i + 1)
 *                 next incarnation          v
 *                      |               executed(i) -- validation passed --> validated(i)
 *                      |                    |                                   |
 *              aborting(i - 1) <--- validation failed (exactly one of the validators wins)
 *
 * The word changes by compare-and-swap wherever two threads can want to change it, so an incarnation
 * is claimed once and aborts at most once. `validated` says that the incarnation has passed at least
 * once; a lower transaction's change makes it be validated again. At the end of a block all
 * transactions are validated.
 */
export const STATUSES = [
  "readyToExecute",
  "executing",
  "blocked",
  "executed",
  "validated",
  "aborting",
  "parked",
] as const;

export type TransactionStatus = (typeof STATUSES)[number];

export const READY_TO_EXECUTE = 0;
export const EXECUTING = 1;
export const BLOCKED = 2;
export const EXECUTED = 3;
export const VALIDATED = 4;
export const ABORTING = 5;
/** Over a fork: what it read is not loaded. The incarnation is over. */
export const PARKED = 6;

const STATUS_BITS = 3;

function packStatus(incarnation: number, status: number): number {
  return (incarnation << STATUS_BITS) | status;
}

export function statusOf(word: number): number {
  return word & ((1 << STATUS_BITS) - 1);
}

export function incarnationOf(word: number): number {
  return word >> STATUS_BITS;
}

/** True if the incarnation has published its writes. */
export function isExecuted(word: number): boolean {
  const status = statusOf(word);
  return status === EXECUTED || status === VALIDATED;
}

/** The status words of a block's transactions. */
export class StatusWords {
  readonly #words: Int32Array;
  readonly #start: number;

  /** @param start index of the first of them */
  constructor(words: Int32Array, start: number) {
    this.#words = words;
    this.#start = start;
  }

  of(index: number): number {
    return Atomics.load(this.#words, this.#start + index);
  }

  set(index: number, incarnation: number, status: number): void {
    Atomics.store(this.#words, this.#start + index, packStatus(incarnation, status));
  }

  /** Another number after nearly every change of any of them, and the same as long as there is none. */
  summary(size: number): number {
    let summary = 0;
    for (let index = 0; index < size; index++) {
      summary = (Math.imul(summary, 31) + this.of(index)) | 0;
    }
    return summary;
  }

  /** Changes it from one status of the incarnation to another; false if it was not in the first. */
  change(index: number, incarnation: number, from: number, to: number): boolean {
    const expected = packStatus(incarnation, from);
    const replacement = packStatus(incarnation, to);
    const at = this.#start + index;
    return Atomics.compareExchange(this.#words, at, expected, replacement) === expected;
  }
}
