/**
 * Nodes of a Merkle Patricia trie (yellow paper, appendix D), immutable but for their cached
 * reference: an update copies the path from the root to what changed and shares all else, so a
 * snapshot of a trie is a pointer to its root. The empty trie is null.
 *
 * Owns: shapes and nibbles. Does not own: update, encoding.
 *
 * A node does not store its part of the path as nibbles: it stores one whole key that passes
 * through it, and where its part begins (`depth`, in nibbles from the root) and how long it is.
 * No key of a trie is a prefix of another (true for hashes and for RLP), so branches hold no value.
 */
import type { ByteString } from "./byte-string";

export type TrieNode = Leaf | Extension | Branch;

export class Leaf {
  readonly kind = "leaf";
  /** Cached by node-encoding.ts: RLP of the node if shorter than 32 bytes, else RLP of its hash. */
  reference: ByteString | null = null;
  readonly key: ByteString;
  readonly value: ByteString;
  /** Storage trie that belongs to an account's leaf; not part of the encoding. */
  readonly subtrie: TrieNode | null;
  /** Nibbles of the key that lie above this node. */
  readonly depth: number;

  constructor(key: ByteString, value: ByteString, subtrie: TrieNode | null, depth: number) {
    this.key = key;
    this.value = value;
    this.subtrie = subtrie;
    this.depth = depth;
  }
}

export class Extension {
  readonly kind = "extension";
  reference: ByteString | null = null;
  /** Some key below this node, perhaps one since deleted: only its path down to here counts. */
  readonly key: ByteString;
  readonly depth: number;
  /** Nibbles of the shared path, at least 1. */
  readonly length: number;
  readonly child: Branch;

  constructor(key: ByteString, depth: number, length: number, child: Branch) {
    this.key = key;
    this.depth = depth;
    this.length = length;
    this.child = child;
  }
}

export class Branch {
  readonly kind = "branch";
  reference: ByteString | null = null;
  /** 16 children, at least 2 of them not null. */
  readonly children: readonly (TrieNode | null)[];

  constructor(children: readonly (TrieNode | null)[]) {
    this.children = children;
  }
}

/** Nibble of a key, counted from 0. */
export function nibbleAt(key: ByteString, position: number): number {
  const byte = key.charCodeAt(position >> 1);
  return position % 2 === 0 ? byte >> 4 : byte & 15;
}

/** Number of equal nibbles of two keys from `depth` on. */
export function commonNibbles(a: ByteString, b: ByteString, depth: number): number {
  const end = Math.min(a.length, b.length) * 2;
  let position = depth;
  while (position < end && nibbleAt(a, position) === nibbleAt(b, position)) {
    position++;
  }
  return position - depth;
}

/** The leaf with this key, or null. */
export function findLeaf(root: TrieNode | null, key: ByteString): Leaf | null {
  let depth = 0;
  let node = root;
  while (node !== null && node.kind !== "leaf") {
    if (node.kind === "branch") {
      node = node.children[nibbleAt(key, depth)] ?? null;
      depth += 1;
    } else {
      if (commonNibbles(node.key, key, depth) < node.length) {
        return null;
      }
      depth += node.length;
      node = node.child;
    }
  }
  return node !== null && node.key === key ? node : null;
}
