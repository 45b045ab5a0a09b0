/**
 * Looking at a word of shared memory for a moment, before a thread goes to sleep for it.
 *
 * To wake a thread takes whoever wakes it some 40 µs, and 100 to 200 µs pass until it runs (two threads of one
 * process, virtual machines with 2 CPUs): more than most waits within a block last. A watch as long as a wake-up
 * costs is never more than twice what the better of the two would have been (the problem of renting or buying).
 */

/** ms; twice as long is as good, ten times as long takes the other thread's CPU time where cores are shared */
const WATCH_MILLISECONDS = 0.05;

/** True as soon as the word is another than `seen`; false if it was not for the moment. */
export function changesSoon(words: Int32Array, at: number, seen: number): boolean {
  const end = performance.now() + WATCH_MILLISECONDS;
  do {
    if (Atomics.load(words, at) !== seen) {
      return true;
    }
  } while (performance.now() < end); // the clock takes most of a turn, which leaves the memory to others
  return false;
}
