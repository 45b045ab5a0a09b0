/**
 * Neighbouring transactions that a thread took from one of the scheduler's counters at once: threads that
 * take turns fight over the memory in which neighbours lie.
 *
 * Owns: what is taken and not handed out yet, and how many it pays to take. Does not own: what becomes of
 * them (scheduler.ts).
 */

/** From so many transactions on neighbours are taken together. */
const LARGE_BLOCK = 256;
/** Executions taken at once: at most, and of what is left one in so many, so that no thread ends late. */
const MOST_EXECUTIONS = 4;
const SHARE_OF_REST = 64;
/** Validations taken at once, and how far they are behind executions then: what is taken has executed. */
const VALIDATIONS = 8;
const VALIDATION_LAG = 16;

/** How many transactions to take for execution. @param next the first of them */
export function executionsAtOnce(size: number, next: number): number {
  const share = Math.floor((size - next) / SHARE_OF_REST);
  return size < LARGE_BLOCK ? 1 : Math.min(Math.max(share, 1), MOST_EXECUTIONS);
}

/**
 * How many transactions to take for validation, and how far behind the next execution.
 * @param nextExecution the size of the block, or more = all are taken
 * @param isCalm nothing was aborted: there is no hurry
 */
export function validationsAtOnce(
  size: number,
  nextExecution: number,
  isCalm: boolean,
): { readonly count: number; readonly lag: number } {
  return size < LARGE_BLOCK || nextExecution >= size || !isCalm ? ONE_BY_ONE : TOGETHER;
}

const ONE_BY_ONE = { count: 1, lag: 1 };
const TOGETHER = { count: VALIDATIONS, lag: VALIDATION_LAG };

export class Neighbours {
  readonly #words: Int32Array;
  readonly #counter: number;
  readonly #size: number;
  #next = 0;
  #end = 0;

  /** @param counter index of the word that says which transaction is the next */
  constructor(words: Int32Array, counter: number, size: number) {
    this.#words = words;
    this.#counter = counter;
    this.#size = size;
  }

  clear(): void {
    this.#end = 0;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#end;
  }

  /** The transaction that would be handed out next; the size of the block, or more = none is left. */
  get first(): number {
    return this.isEmpty ? Atomics.load(this.#words, this.#counter) : this.#next;
  }

  /** Takes so many from the counter, or as many as are left. */
  take(count: number): void {
    this.#next = Atomics.add(this.#words, this.#counter, count);
    this.#end = Math.min(this.#next + count, this.#size);
  }

  /** Hands out one; only if there is one. */
  handOut(): number {
    return this.#next++;
  }
}
