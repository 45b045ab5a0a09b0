/**
 * Where the scheduler's shared state lies in its buffer: a header, then per transaction its status, the
 * head of the list of those that wait for it, and its place in such a list.
 */

/** Header words, a cache line apart. */
export const WORD = {
  executionIndex: 0,
  validationIndex: 16,
  activeTasks: 32,
  decreases: 48,
  done: 64,
  abort: 80,
  signal: 96,
  progress: 112,
  /** transactions whose latest incarnation has executed */
  executedCount: 128,
  /** transactions that wait for state to be loaded */
  parkedCount: 144,
  stall: 160,
  open: 176,
} as const;

export const HEADER_WORDS = 192;

/** turns of looking before a thread without work goes to sleep */
const SPIN_TURNS = 200;
/** ms; a bound on any missed wake-up, not a pace: waiters are notified */
const SLEEP_MILLISECONDS = 20;

/** Bytes of a scheduler's buffer for a block of `size` transactions. */
export function schedulerBytes(size: number): number {
  return (HEADER_WORDS + size * 3) * 4;
}

/** Lowers a counter to `target` if it is above. */
export function lowerWord(words: Int32Array, counter: number, target: number): void {
  let current = Atomics.load(words, counter);
  while (current > target) {
    const found = Atomics.compareExchange(words, counter, current, target);
    if (found === current) {
      return;
    }
    current = found;
  }
}

/**
 * Blocks this thread until the signal is another than `count`, or for a moment.
 * @param milliseconds the longest that the thread sleeps
 * @returns false if nothing happened
 */
export function waitForSignal(
  words: Int32Array,
  count: number,
  milliseconds = SLEEP_MILLISECONDS,
): boolean {
  for (let turn = 0; turn < SPIN_TURNS; turn++) {
    if (Atomics.load(words, WORD.signal) !== count) {
      return true;
    }
  }
  return Atomics.wait(words, WORD.signal, count, milliseconds) !== "timed-out";
}
