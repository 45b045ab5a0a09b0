/**
 * Interleaves asynchronous tasks on one thread in a random, repeatable order: each waits for its
 * turn wherever it calls `turn`, and one waiting task at a time is let go.
 */
import { setImmediate as nextTick } from "node:timers/promises";

/** far more than any block of the tests takes */
const MAXIMUM_TURNS = 100_000;

export class RandomTurns {
  #seed: number;
  readonly #waiting: (() => void)[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  readonly turn = (): Promise<void> => new Promise((resolve) => this.#waiting.push(resolve));

  /** Gives turns until the work is finished. */
  async driveTo<Result>(work: Promise<Result>): Promise<Result> {
    let over = false;
    const finished = work.finally(() => {
      over = true;
    });
    finished.catch(() => undefined); // awaited below
    for (let given = 0; !over; given++) {
      if (given > MAXIMUM_TURNS) {
        throw new Error(`not finished after ${given} turns: deadlock or livelock`);
      }
      const [next] = this.#waiting.splice(this.#random(this.#waiting.length), 1);
      next?.();
      await nextTick();
    }
    return finished;
  }

  /** Mulberry32 */
  #random(below: number): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, below);
  }
}
