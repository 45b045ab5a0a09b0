/**
 * The root of a block's transactions, which does not depend on their execution: made by the first thread
 * that is ready, while the calling thread still prepares the block, or executes it alone.
 *
 * Owns: who makes it. Does not own: the root (trie-root.ts), where the block's other roots are made.
 */

import { orderedTrieRoot } from "../state/trie/trie-root";
import { OWN_WORD, SharedByteStrings } from "./shared-byte-strings";

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
