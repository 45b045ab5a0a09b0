/**
 * The root of a block's transactions, which does not depend on their execution: made by the first thread
 * that is ready, while the calling thread still prepares the block, or executes it alone.
 *
 * Owns: who makes it. Does not own: the root (trie-root.ts), where the block's other roots are made.
 */

import { orderedTrieRoot } from "../state/trie/trie-root";
import type { BlockJoiner } from "./block-joiner";
import { shareByteStrings, sharedByteStringsOf } from "./shared-byte-strings";

/** Below so many transactions the calling thread has made the root before another has answered. */
const MIN_TRANSACTIONS = 100;

/** Makes it in another thread, if one gets to it before the calling thread needs it. */
export class RootMeanwhile {
  readonly #list: SharedArrayBuffer;
  readonly #made: Promise<Uint8Array | null>;

  /**
   * @param encoded see `shareForRoot`
   * @param pool null = there is no other thread
   */
  constructor(encoded: readonly Uint8Array[], pool: Pick<BlockJoiner, "makeRoot"> | null) {
    this.#list = shareForRoot(encoded);
    // A thread that fails is noticed before the next block (BlockJoiner.prepare).
    this.#made =
      pool === null || encoded.length < MIN_TRANSACTIONS
        ? Promise.resolve(null)
        : pool.makeRoot(this.#list).catch(() => null);
  }

  /** Null if the thread failed that was to make it. */
  async root(): Promise<Uint8Array | null> {
    return rootUnlessTaken(this.#list) ?? (await this.#made);
  }
}

/** The word before the list: does a thread make its root, or has it made it? */
const TAKEN = 0;
const OWN_WORDS = 1;

/** For `rootUnlessTaken`. @param encoded the transactions as in EIP-2718, in block order */
export function shareForRoot(encoded: readonly Uint8Array[]): SharedArrayBuffer {
  return shareByteStrings(encoded, OWN_WORDS);
}

/** The root (32 bytes), or null if another thread makes it, or has made it. Any thread, at most once each. */
export function rootUnlessTaken(list: SharedArrayBuffer): Uint8Array | null {
  const words = new Int32Array(list, 0, OWN_WORDS);
  if (Atomics.exchange(words, TAKEN, 1) === 1) {
    return null;
  }
  return orderedTrieRoot(sharedByteStringsOf(list, OWN_WORDS));
}
