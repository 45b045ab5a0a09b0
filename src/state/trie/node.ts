/**
 * Nodes of the state's Merkle Patricia tries (yellow paper, appendix D), immutable but for their
 * cached reference: an update copies the path from the root to what changed and shares all else, so a
 * snapshot of a trie is a pointer to its root. The empty trie is null.
 *
 * Owns: shapes and nibbles. Does not own: keys (key-column.ts), update, encoding.
 *
 * A node does not store its part of the path: it stores the row of a key that passes through it, and
 * where its part begins (`depth`, in nibbles from the root) and how long it is. All keys of a trie are
 * 32 bytes, so branches hold no value. The reference is 8 numbers of 32 bits, which V8 keeps in the
 * object itself: as a string or an array it would be an object of its own, slow to make and to copy.
 */
import { invariant } from "../../errors/base-error";
import type { Hash } from "../hex";
import { KEY_BYTES } from "./key-column";
import { nibble } from "./rlp";

export type TrieNode = Leaf | Extension | Branch;

/** What a leaf of the trie of accounts holds. */
export interface AccountContent {
  readonly nonce: bigint;
  /** wei */
  readonly balance: bigint;
  readonly codeHash: Hash;
  readonly storage: TrieNode | DistantRoot | StorageParts | null;
}

/** An account, or a slot's value, which is not zero. */
export type LeafContent = AccountContent | bigint;

/** Nibbles of a key. */
export const KEY_NIBBLES = KEY_BYTES * 2;

export class Referenced {
  /**
   * Set by fresh-nodes.ts, of roots that lie elsewhere by row-tries.ts: 0 = not computed; 32 = the words are
   * the hash of the node's RLP; less = they are the RLP itself.
   */
  referenceLength = 0;
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;
  word4 = 0;
  word5 = 0;
  word6 = 0;
  word7 = 0;
}

export class Leaf extends Referenced {
  readonly kind = "leaf";
  readonly row: number;
  readonly content: LeafContent;
  /** Nibbles of the key that lie above this node. */
  readonly depth: number;

  constructor(row: number, content: LeafContent, depth: number) {
    super();
    this.row = row;
    this.content = content;
    this.depth = depth;
  }
}

export class Extension extends Referenced {
  readonly kind = "extension";
  /** Of some key below this node, perhaps one since deleted: only its path down to here counts. */
  readonly row: number;
  readonly depth: number;
  /** Nibbles of the shared path, at least 1. */
  readonly length: number;
  readonly child: Branch;

  constructor(row: number, depth: number, length: number, child: Branch) {
    super();
    this.row = row;
    this.depth = depth;
    this.length = length;
    this.child = child;
  }
}

export class Branch extends Referenced {
  readonly kind = "branch";
  /** 16 children, at least 2 of them not null. */
  readonly children: readonly (TrieNode | null)[];

  constructor(children: readonly (TrieNode | null)[]) {
    super();
    this.children = children;
  }
}

/**
 * The root of a trie that lies elsewhere (storage-parts.ts), also of the empty one: an account's leaf needs no more
 * of its storage than the reference, which is known once the parts are.
 */
export class DistantRoot extends Referenced {
  readonly kind = "distant";
}

/**
 * What one of two threads has of a storage trie: tries of the keys that begin with the same nibble, with
 * paths that begin at depth 1. Null where there is no such key, and where the other thread has it.
 */
export class StorageParts {
  readonly kind = "parts";
  /** 16, by nibble; at least one is not null. */
  readonly children: readonly (TrieNode | null)[];

  constructor(children: readonly (TrieNode | null)[]) {
    this.children = children;
  }
}

/** Nibble of a row's key, counted from 0. */
export function nibbleAt(keys: Uint8Array, row: number, position: number): number {
  return nibble(keys, row * KEY_NIBBLES + position);
}

/** The row of some key below the branch, perhaps one since deleted. */
export function rowBelow(branch: Branch): number {
  let node: TrieNode = branch;
  while (node.kind === "branch") {
    const child: TrieNode | null | undefined = node.children.find((each) => each !== null);
    invariant(child !== null && child !== undefined, "a trie branch has no child");
    node = child;
  }
  return node.row;
}

/** Number of equal nibbles of two rows' keys from `depth` on. */
export function commonNibbles(keys: Uint8Array, a: number, b: number, depth: number): number {
  let position = depth;
  while (position < KEY_NIBBLES && nibbleAt(keys, a, position) === nibbleAt(keys, b, position)) {
    position++;
  }
  return position - depth;
}

/** True if nibbles `depth` to `depth + length` of the key are those of the row's key. */
export function sharesPath(
  keys: Uint8Array,
  row: number,
  key: Uint8Array,
  depth: number,
  length: number,
): boolean {
  for (let position = depth; position < depth + length; position++) {
    if (nibbleAt(keys, row, position) !== nibble(key, position)) {
      return false;
    }
  }
  return true;
}

/** The leaf with this key of 32 bytes, or null. */
export function findLeaf(root: TrieNode | null, keys: Uint8Array, key: Uint8Array): Leaf | null {
  let depth = 0;
  let node = root;
  while (node !== null && node.kind !== "leaf") {
    if (node.kind === "branch") {
      node = node.children[nibble(key, depth)] ?? null;
      depth += 1;
    } else {
      if (!sharesPath(keys, node.row, key, depth, node.length)) {
        return null;
      }
      depth += node.length;
      node = node.child;
    }
  }
  return node !== null && sharesPath(keys, node.row, key, depth, KEY_NIBBLES - depth) ? node : null;
}
