/**
 * The thread that updates its parts of storage tries while the calling thread goes on.
 *
 * Owns: that there is one, from the first large root on. Does not own: what it keeps (root-entry.ts), who
 * computes roots when it fails (the store does, by itself).
 */
import { turnOfEventLoop } from "../execution/event-loop";
import type { RootThread } from "../state/trie/distant-tries";
import type { RootRequest } from "../state/trie/root-replica";
import { startThreads, type Threads } from "./threads";

export function createRootThread(): RootThread {
  return new PiscinaRootThread();
}

/** To ask and to be answered takes about as long as to hash what some hundred changes touch. */
const MIN_CHANGES = 256;
/** What it took to start it, to load it and to let it rehearse, where that was measured. */
const START_COST_MILLISECONDS = 200;

/** Two sets of tries of such a state take some 100 MB more than one. */
const MAX_ROWS = 100_000;

class PiscinaRootThread implements RootThread {
  readonly minChanges = MIN_CHANGES;
  readonly maxRows = MAX_ROWS;
  readonly startCost = START_COST_MILLISECONDS;
  #threads: Threads | null = null;
  #closed = false;

  get isReady(): boolean {
    const threads = this.#threads;
    // One that did not start is asked, too: the store learns from the answer that there is none.
    return threads !== null && (threads.ready() > 0 || threads.problem() !== null);
  }

  async start(): Promise<void> {
    if (!this.#closed) {
      this.#threads ??= startThreads({ file: "root-entry", threads: 1 }, null);
      // That it has started is an event, and a chain of requests need not let any in.
      await turnOfEventLoop();
    }
  }

  async partsOf(request: RootRequest): Promise<Int32Array> {
    const threads = this.#threads;
    if (threads === null) {
      throw new Error("the thread was not started, or is closed");
    }
    // what root-entry.ts answers
    return (await threads.run(request)) as Int32Array;
  }

  collect(): void {
    this.#threads?.collect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const threads = this.#threads;
    this.#threads = null;
    await threads?.end();
  }
}
