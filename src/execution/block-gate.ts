/**
 * The moment from which a block's threads may take tasks: a worker thread may be there before the block's
 * memory has all that it needs at first.
 *
 * Owns: the word that says so. Does not own: what has to be there (parallel-executor.ts).
 */
import type { Scheduler } from "./scheduler";
import { WORD } from "./scheduler-words";

export class BlockGate {
  readonly #words: Int32Array;
  readonly #scheduler: Scheduler;

  /** @param buffer the scheduler's; its `reset` closes the gate */
  constructor(buffer: SharedArrayBuffer, scheduler: Scheduler) {
    this.#words = new Int32Array(buffer);
    this.#scheduler = scheduler;
  }

  open(): void {
    Atomics.store(this.#words, WORD.open, 1);
    this.#scheduler.signal();
  }

  /** Waits until it is open, or the block is aborted. @param idle waits for another signal than this */
  async pass(idle: (signalCount: number) => Promise<void> | void): Promise<void> {
    while (!this.#scheduler.isAborted) {
      const { signalCount } = this.#scheduler;
      if (Atomics.load(this.#words, WORD.open) !== 0) {
        return;
      }
      await idle(signalCount);
    }
  }
}
