/**
 * The root of a block's transactions, which does not depend on their execution: made by the first thread
 * that has nothing else to do when the block is done.
 *
 * Owns: who makes it. Does not own: the root (trie-root.ts), where the block's other roots are made.
 */
import { orderedTrieRoot } from "../state/trie/trie-root";
import { shareByteStrings, sharedByteStringsOf } from "./shared-byte-strings";

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
