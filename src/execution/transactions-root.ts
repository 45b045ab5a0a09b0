/**
 * The root of a block's transactions, which does not depend on their execution: made by the first thread
 * that has nothing else to do when the block is done.
 *
 * Owns: who makes it. Does not own: the root (trie-root.ts), where the block's other roots are made.
 */
import { orderedTrieRoot } from "../state/trie/trie-root";
import { shareByteStrings, sharedByteString } from "./shared-byte-strings";

/** Words before the list: is it taken, and how many strings it has. */
const TAKEN = 0;
const COUNT = 1;
const OWN_WORDS = 2;

/** For `rootUnlessTaken`. @param encoded the transactions as in EIP-2718, in block order */
export function shareForRoot(encoded: readonly Uint8Array[]): SharedArrayBuffer {
  const list = shareByteStrings(encoded, OWN_WORDS);
  new Int32Array(list)[COUNT] = encoded.length;
  return list;
}

/** The root (32 bytes), or null if another thread makes it, or has made it. Any thread, at most once each. */
export function rootUnlessTaken(list: SharedArrayBuffer): Uint8Array | null {
  const words = new Int32Array(list, 0, OWN_WORDS);
  if (Atomics.exchange(words, TAKEN, 1) === 1) {
    return null;
  }
  const encoded: Uint8Array[] = [];
  for (let index = 0; index < (words[COUNT] ?? 0); index++) {
    encoded.push(sharedByteString(list, OWN_WORDS, index));
  }
  return orderedTrieRoot(encoded);
}
