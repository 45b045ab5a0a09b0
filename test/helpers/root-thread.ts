/** A root thread that is none: the other side's tries in this thread, but for what a message copies. */
import type { RootThread } from "../../src/state/trie/distant-tries";
import type { RootChoice } from "../../src/state/trie/root-pace";
import { RootReplica, type RootRequest } from "../../src/state/trie/root-replica";

export class NearRootThread implements RootThread {
  readonly minChanges: number;
  startCost = 0;
  maxRows = Number.POSITIVE_INFINITY;
  isReady = true;
  /** requests answered */
  asked = 0;
  /** what it was asked for last */
  latest: RootRequest | null = null;
  /** thrown instead of an answer */
  failure: Error | null = null;
  #replica: RootReplica | null = null;

  constructor(minChanges = 1) {
    this.minChanges = minChanges;
  }

  async start(): Promise<void> {
    this.isReady = true;
  }

  async partsOf(request: RootRequest): ReturnType<RootThread["partsOf"]> {
    const copy = structuredClone(request); // shared buffers stay shared
    this.asked++;
    this.latest = copy;
    if (this.failure !== null) {
      throw this.failure;
    }
    if (this.#replica?.store !== copy.store) {
      this.#replica = new RootReplica(copy);
    }
    return this.#replica.partsAt(copy);
  }

  collect(): void {}

  async close(): Promise<void> {
    this.isReady = false;
  }
}

/** Asks the other thread whenever it may be asked. */
export const ALWAYS_THERE: RootChoice = { choose: () => "there", note: () => undefined };

/** First there, then here, and so on. */
export function inTurns(): RootChoice {
  let roots = 0;
  return { choose: () => (roots++ % 2 === 0 ? "there" : "here"), note: () => undefined };
}
