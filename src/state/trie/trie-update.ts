/**
 * Batch update of a trie: many keys put and deleted in one descent.
 *
 * Owns: the shape of the trie after a change. Does not own: hashing (fresh-nodes.ts).
 *
 * Invariants: a trie's shape depends only on its keys, whatever the order and grouping of updates;
 * a branch has at least 2 children; an extension's child is a branch; a subtree in which nothing
 * changed is the same object as before, with its cached reference.
 */
import { invariant } from "../../errors/base-error";
import type { FreshNodes } from "./fresh-nodes";
import { compareKeys, inKeyOrder } from "./key-order";
import {
  Branch,
  commonNibbles,
  Extension,
  KEY_NIBBLES,
  Leaf,
  type LeafContent,
  nibbleAt,
  rowBelow,
  type TrieNode,
} from "./node";

export interface TriePut {
  /** whose key is put */
  readonly row: number;
  readonly content: LeafContent;
}

/** A put, or a deletion where `content` is null (of an absent key: no change). */
export type TrieChange = TriePut | { readonly row: number; readonly content: null };

/**
 * The trie with the changes made; their keys, which `fresh.keys` holds by row, must be different.
 * @param fresh is given the nodes that the update makes: they have no references yet
 */
export function updateTrie(
  root: TrieNode | null,
  changes: readonly TrieChange[],
  fresh: FreshNodes,
): TrieNode | null {
  const sorted = inKeyOrder(changes, fresh.keys);
  return update(root, sorted, 0, sorted.length, 0, fresh);
}

/**
 * The same for the tries below a root, whatever the root is.
 * @param children by the first nibble of their keys, 16
 */
export function updateChildren(
  children: readonly (TrieNode | null)[],
  changes: readonly TrieChange[],
  fresh: FreshNodes,
): readonly (TrieNode | null)[] {
  const sorted = inKeyOrder(changes, fresh.keys);
  return changedChildren(children, sorted, 0, sorted.length, 0, fresh) ?? children;
}

/** The trie that has these below its root. Of a child that is a branch no more is asked than a row below it. */
export function trieOfChildren(
  children: readonly (TrieNode | null)[],
  fresh: FreshNodes,
): TrieNode | null {
  return branchOf(children, null, 0, fresh);
}

/** `from` to `to` are the changes whose keys begin with the path of `node`, which ends at `depth`. */
function update(
  node: TrieNode | null,
  changes: readonly TrieChange[],
  from: number,
  to: number,
  depth: number,
  fresh: FreshNodes,
): TrieNode | null {
  if (from === to) {
    return node;
  }
  if (node === null || node.kind === "leaf") {
    const entries = mergeLeaf(node, changes, from, to, fresh);
    return build(entries, 0, entries.length, depth, fresh);
  }
  if (node.kind === "branch") {
    return updateBranch(node, changes, from, to, depth, fresh);
  }
  // sorted: what the first and the last change share with the path, all changes share with it
  const shared = Math.min(
    node.length,
    commonNibbles(fresh.keys, rowAt(changes, from), node.row, depth),
    commonNibbles(fresh.keys, rowAt(changes, to - 1), node.row, depth),
  );
  const end = depth + shared;
  if (shared === node.length) {
    const child = updateBranch(node.child, changes, from, to, end, fresh);
    return child === node.child ? node : lift(child, depth, end, fresh);
  }
  const rest = node.length - shared - 1;
  const children: (TrieNode | null)[] = new Array(16).fill(null);
  children[nibbleAt(fresh.keys, node.row, end)] =
    rest === 0
      ? node.child
      : fresh.add(new Extension(node.row, end + 1, rest, node.child), end + 1);
  // A branch of one child for the length of this call: some change goes another way, or, if that
  // was the deletion of an absent key, the extension is put together again.
  return lift(updateBranch(new Branch(children), changes, from, to, end, fresh), depth, end, fresh);
}

function updateBranch(
  node: Branch,
  changes: readonly TrieChange[],
  from: number,
  to: number,
  depth: number,
  fresh: FreshNodes,
): TrieNode | null {
  const changed = changedChildren(node.children, changes, from, to, depth, fresh);
  return branchOf(changed ?? node.children, changed === null ? node : null, depth, fresh);
}

/** Null if nothing changed. */
function changedChildren(
  before: readonly (TrieNode | null)[],
  changes: readonly TrieChange[],
  from: number,
  to: number,
  depth: number,
  fresh: FreshNodes,
): (TrieNode | null)[] | null {
  let children: (TrieNode | null)[] | null = null;
  for (let start = from; start < to; ) {
    const nibble = nibbleAt(fresh.keys, rowAt(changes, start), depth);
    let end = start + 1;
    while (end < to && nibbleAt(fresh.keys, rowAt(changes, end), depth) === nibble) {
      end++;
    }
    const child = before[nibble] ?? null;
    const after = update(child, changes, start, end, depth + 1, fresh);
    if (after !== child) {
      children ??= [...before];
      children[nibble] = after;
    }
    start = end;
  }
  return children;
}

/**
 * The branch, or what it collapses to if fewer than 2 children are left.
 * @param unchanged the branch that has these children already, if there is one
 */
function branchOf(
  children: readonly (TrieNode | null)[],
  unchanged: Branch | null,
  depth: number,
  fresh: FreshNodes,
): TrieNode | null {
  let count = 0;
  let last: TrieNode | null = null;
  for (const child of children) {
    if (child !== null) {
      count++;
      last = child;
    }
  }
  if (count >= 2) {
    return unchanged ?? fresh.add(new Branch(children), depth);
  }
  return lift(last, depth, depth + 1, fresh);
}

/** The node at `to`, moved up so that its path begins at `from`. */
function lift(node: TrieNode | null, from: number, to: number, fresh: FreshNodes): TrieNode | null {
  if (node === null || from === to) {
    return node;
  }
  switch (node.kind) {
    case "leaf":
      return fresh.add(new Leaf(node.row, node.content, from), from);
    case "extension":
      return fresh.add(new Extension(node.row, from, node.length + to - from, node.child), from);
    case "branch":
      return fresh.add(new Extension(rowBelow(node), from, to - from, node), from);
  }
}

/** The puts, and the old leaf unless a change replaces or deletes it, in order of keys. */
function mergeLeaf(
  leaf: Leaf | null,
  changes: readonly TrieChange[],
  from: number,
  to: number,
  fresh: FreshNodes,
): (TriePut | Leaf)[] {
  const entries: (TriePut | Leaf)[] = [];
  let pending = leaf;
  for (let position = from; position < to; position++) {
    const change = changes[position];
    if (change === undefined) {
      continue;
    }
    const order = pending === null ? 1 : compareKeys(fresh.keys, pending.row, change.row);
    if (pending !== null && order <= 0) {
      const replaced = order === 0;
      const kept = !replaced || isSame(pending, change);
      if (kept) {
        entries.push(pending);
      }
      pending = null;
      if (replaced && kept) {
        continue;
      }
    }
    if (change.content !== null) {
      entries.push(change);
    }
  }
  if (pending !== null) {
    entries.push(pending);
  }
  return entries;
}

function isSame(leaf: Leaf, change: TrieChange): boolean {
  const before = leaf.content;
  const after = change.content;
  return (
    before === after ||
    (after !== null &&
      typeof before === "object" &&
      typeof after === "object" &&
      before.nonce === after.nonce &&
      before.balance === after.balance &&
      before.codeHash === after.codeHash &&
      before.storage === after.storage)
  );
}

/** A trie of sorted, different entries. */
function build(
  entries: readonly (TriePut | Leaf)[],
  from: number,
  to: number,
  depth: number,
  fresh: FreshNodes,
): TrieNode | null {
  const first = entries[from];
  if (first === undefined || from === to) {
    return null;
  }
  if (from + 1 === to) {
    return first instanceof Leaf && first.depth === depth
      ? first
      : fresh.add(new Leaf(first.row, first.content, depth), depth);
  }
  const shared = commonNibbles(fresh.keys, first.row, rowAt(entries, to - 1), depth);
  const end = depth + shared;
  invariant(end < KEY_NIBBLES, "a trie key is given twice");
  const children: (TrieNode | null)[] = new Array(16).fill(null);
  for (let start = from; start < to; ) {
    const nibble = nibbleAt(fresh.keys, rowAt(entries, start), end);
    let next = start + 1;
    while (next < to && nibbleAt(fresh.keys, rowAt(entries, next), end) === nibble) {
      next++;
    }
    children[nibble] = build(entries, start, next, end + 1, fresh);
    start = next;
  }
  const branch = fresh.add(new Branch(children), end);
  return shared === 0 ? branch : fresh.add(new Extension(first.row, depth, shared, branch), depth);
}

function rowAt(entries: readonly { readonly row: number }[], position: number): number {
  return entries[position]?.row ?? 0;
}
