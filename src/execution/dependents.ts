/**
 * Which transactions wait for which: lists in the scheduler's buffer.
 *
 * Owns: their layout. Does not own: when a transaction waits, what it does then (scheduler.ts).
 * Invariant: an entry is taken by exactly one thread.
 */

const NOBODY = -1;

/** Words of the lists of a block of this size. */
export function dependentsWords(size: number): number {
  return size * 2;
}

export class Dependents {
  readonly #words: Int32Array;
  readonly #heads: number;
  readonly #next: number;
  readonly #size: number;

  /** @param at index of dependentsWords(size) words */
  constructor(words: Int32Array, at: number, size: number) {
    this.#words = words;
    this.#heads = at;
    this.#next = at + size;
    this.#size = size;
  }

  /** Only while no other thread uses them. */
  reset(): void {
    this.#words.fill(NOBODY, this.#heads, this.#heads + dependentsWords(this.#size));
  }

  add(writer: number, index: number): void {
    let head: number;
    do {
      head = Atomics.load(this.#words, this.#heads + writer);
      Atomics.store(this.#words, this.#next + index, head);
    } while (Atomics.compareExchange(this.#words, this.#heads + writer, head, index) !== head);
  }

  /** Those that wait for the writer, who from now on wait no more. */
  take(writer: number): readonly number[] {
    if (Atomics.load(this.#words, this.#heads + writer) === NOBODY) {
      return NONE;
    }
    const waiting: number[] = [];
    let index = Atomics.exchange(this.#words, this.#heads + writer, NOBODY);
    while (index !== NOBODY) {
      waiting.push(index);
      index = Atomics.load(this.#words, this.#next + index);
    }
    return waiting;
  }
}

const NONE: readonly number[] = [];
