/**
 * Where the scheduler's shared state lies in its buffer: a header, then per transaction its status, then the
 * lists of those that wait (dependents.ts).
 */
import { changesSoon } from "./brief-watch";
import { dependentsWords } from "./dependents";

/** Header words, a cache line apart. */
export const WORD = {
  executionIndex: 0,
  validationIndex: 16,
  /** threads that have a task, or may take one at any moment */
  activeThreads: 32,
  decreases: 48,
  done: 64,
  abort: 80,
  signal: 96,
  /** incarnations that failed validation */
  abortCount: 112,
  /** transactions that wait for state to be loaded */
  parkedCount: 128,
  stall: 144,
  open: 160,
  /** threads that sleep, or are about to */
  sleepers: 176,
} as const;

export const HEADER_WORDS = 192;

/** ms; a bound on any missed wake-up, not a pace: waiters are notified */
const SLEEP_MILLISECONDS = 20;

/** Bytes of a scheduler's buffer for a block of `size` transactions. */
export function schedulerBytes(size: number): number {
  return (HEADER_WORDS + size + dependentsWords(size)) * 4;
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
  if (changesSoon(words, WORD.signal, count)) {
    return true;
  }
  // Counted before the signal is looked at again: who signals later than that sees the sleeper.
  Atomics.add(words, WORD.sleepers, 1);
  const result = Atomics.wait(words, WORD.signal, count, milliseconds);
  Atomics.sub(words, WORD.sleepers, 1);
  return result !== "timed-out";
}

/** Wakes whoever waits for another signal. To wake nobody takes as long as a small task. */
export function giveSignal(words: Int32Array): void {
  Atomics.add(words, WORD.signal, 1);
  if (Atomics.load(words, WORD.sleepers) > 0) {
    Atomics.notify(words, WORD.signal);
  }
}
