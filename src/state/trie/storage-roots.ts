/**
 * Roots of storage tries on their way from the thread that has the tries to the one that has the trie of
 * accounts.
 *
 * Owns: the encoding, [account row, 1 if it has a storage, the root as 8 words] for each account. Does not
 * own: tries.
 */
import { KnownRoot, type TrieNode } from "./node";
import { HASH_BYTES, keepReference, writeRootHash } from "./node-reference";

const WORDS = 10;
const ROOT = 2;

/** By account row; null = the empty trie. */
export type StorageRoots = ReadonlyMap<number, KnownRoot | null>;

/** @param storages tries with references, by account row */
export function encodeStorageRoots(storages: ReadonlyMap<number, TrieNode | null>): Int32Array {
  const encoded = new Int32Array(storages.size * WORDS);
  const view = new DataView(encoded.buffer);
  let at = 0;
  for (const [row, storage] of storages) {
    encoded[at] = row;
    if (storage !== null) {
      encoded[at + 1] = 1;
      writeRootHash(storage, view, (at + ROOT) * 4);
    }
    at += WORDS;
  }
  return encoded;
}

export function decodeStorageRoots(encoded: Int32Array): StorageRoots {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const roots = new Map<number, KnownRoot | null>();
  for (let at = 0; at < encoded.length; at += WORDS) {
    let root: KnownRoot | null = null;
    if (encoded[at + 1] === 1) {
      root = new KnownRoot();
      keepReference(root, view, (at + ROOT) * 4, HASH_BYTES);
    }
    roots.set(encoded[at] ?? 0, root);
  }
  return roots;
}
