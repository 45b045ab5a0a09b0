/**
 * The root of a block's transactions, which does not depend on their execution: made by the first thread
 * that is ready, while the calling thread still prepares the block, or executes it alone.
 *
 * Owns: who makes it. Does not own: the root (trie-root.ts), where the block's other roots are made.
 */

import { orderedTrieRoot } from "../state/trie/trie-root";
import type { BlockJoiner } from "./block-joiner";
import { OWN_WORD, SharedByteStrings } from "./shared-byte-strings";

/** Below so many transactions the calling thread has made the root before another has answered. */
const MIN_TRANSACTIONS = 100;

/** Makes it in another thread, if one gets to it before the calling thread needs it. */
export class RootMeanwhile {
  readonly #list: SharedArrayBuffer;
  readonly #made: Promise<Uint8Array | null>;

  /**
   * @param list see `rootUnlessTaken`
   * @param pool null = there is no other thread
   */
  constructor(list: SharedArrayBuffer, pool: Pick<BlockJoiner, "makeRoot"> | null) {
    this.#list = list;
    // A thread that fails is noticed before the next block (BlockJoiner.prepare).
    this.#made =
      pool === null || new SharedByteStrings(list).count < MIN_TRANSACTIONS
        ? Promise.resolve(null)
        : pool.makeRoot(list).catch(() => null);
  }

  /** Null if the thread failed that was to make it. */
  async root(): Promise<Uint8Array | null> {
    return rootUnlessTaken(this.#list) ?? (await this.#made);
  }
}

/** The list's own word: does a thread make its root, or has it made it? */
const TAKEN = OWN_WORD;

/**
 * The root (32 bytes), or null if another thread makes it, or has made it. Any thread, at most once each.
 * @param list list of shared-byte-strings.ts: the transactions as in EIP-2718, in block order
 */
export function rootUnlessTaken(list: SharedArrayBuffer): Uint8Array | null {
  const words = new Int32Array(list, 0, TAKEN + 1);
  if (Atomics.exchange(words, TAKEN, 1) === 1) {
    return null;
  }
  return orderedTrieRoot(new SharedByteStrings(list).all());
}
