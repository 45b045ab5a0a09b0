/**
 * Storage tries that two threads have in parts: each the keys that begin with certain nibbles. Nearly all
 * the work is below the root, and it divides even where all of a block's changes are in one contract.
 *
 * Owns: how the parts of one thread reach the other, and how the roots are made of both. Does not own:
 * tries (trie-update.ts), who has which nibbles (distant-tries.ts).
 *
 * A part on its way is a list of numbers: [account row, number of children, children…] for each account. A
 * child is [nibble, kind, row, length, reference], a reference its length and 8 words. Keys and values are
 * in the tables, which both threads have.
 */
import { invariant } from "../../errors/base-error";
import { FreshNodes } from "./fresh-nodes";
import {
  Branch,
  Extension,
  KEY_NIBBLES,
  Leaf,
  type Referenced,
  rowBelow,
  type StorageParts,
  type TrieNode,
} from "./node";
import { keepReference, writeWords } from "./node-reference";
import type { RowValues } from "./row-values";
import { trieOfChildren } from "./trie-update";

/** First nibbles of keys, `to` not among them. */
export interface NibbleRange {
  readonly from: number;
  readonly to: number;
}

type SlotValues = Pick<RowValues, "valueAt">;

/** By account row; null = no key begins with the thread's nibbles. */
export type PartsByAccount = ReadonlyMap<number, StorageParts | null>;

/** The children, 16 each, that are in another thread; by account row. */
export type ChildrenElsewhere = ReadonlyMap<number, readonly (TrieNode | null)[]>;

/** By account row; null = the empty trie. */
export type StorageRoots = ReadonlyMap<number, Referenced | null>;

/** Where what of a child is, in words; an extension is followed by its child's reference. */
const NIBBLE = 0;
const KIND = 1;
const ROW = 2;
const LENGTH = 3;
const REFERENCE = 4;
const REFERENCE_WORDS = 9;
const CHILD_WORDS = REFERENCE + REFERENCE_WORDS;

const LEAF = 0;
const EXTENSION = 1;
const BRANCH = 2;

/** Paths of what lies below a root begin here. */
const DEPTH = 1;

/** @param storages all of their nodes have references */
export function encodeParts(storages: PartsByAccount): Int32Array {
  let words = 0;
  for (const parts of storages.values()) {
    words += 2;
    for (const child of parts?.children ?? []) {
      words += child === null ? 0 : wordsOf(child);
    }
  }
  const encoded = new Int32Array(words);
  const view = new DataView(encoded.buffer);
  let at = 0;
  for (const [row, parts] of storages) {
    encoded[at] = row;
    const count = at + 1;
    at += 2;
    for (const [nibble, child] of parts?.children.entries() ?? []) {
      if (child !== null) {
        encoded[at + NIBBLE] = nibble;
        writeChild(encoded, view, at, child);
        encoded[count] = (encoded[count] ?? 0) + 1;
        at += wordsOf(child);
      }
    }
  }
  return encoded;
}

function wordsOf(child: TrieNode): number {
  return child.kind === "extension" ? CHILD_WORDS + REFERENCE_WORDS : CHILD_WORDS;
}

function writeChild(encoded: Int32Array, view: DataView, at: number, child: TrieNode): void {
  writeNodeReference(encoded, view, at + REFERENCE, child);
  switch (child.kind) {
    case "leaf":
      encoded[at + KIND] = LEAF;
      encoded[at + ROW] = child.row;
      break;
    case "extension":
      encoded[at + KIND] = EXTENSION;
      encoded[at + ROW] = child.row;
      encoded[at + LENGTH] = child.length;
      writeNodeReference(encoded, view, at + CHILD_WORDS, child.child);
      break;
    case "branch":
      encoded[at + KIND] = BRANCH;
      encoded[at + ROW] = rowBelow(child);
      break;
  }
}

function writeNodeReference(
  encoded: Int32Array,
  view: DataView,
  at: number,
  node: Referenced,
): void {
  encoded[at] = node.referenceLength;
  writeWords(node, view, (at + 1) * 4);
}

/** @param values those that the tries have been given */
export function decodeParts(encoded: Int32Array, values: SlotValues): ChildrenElsewhere {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const storages = new Map<number, readonly (TrieNode | null)[]>();
  for (let at = 0; at < encoded.length; ) {
    const children: (TrieNode | null)[] = new Array(16).fill(null);
    storages.set(encoded[at] ?? 0, children);
    let left = encoded[at + 1] ?? 0;
    at += 2;
    for (; left > 0; left--) {
      const child = readChild(encoded, view, at, values);
      children[encoded[at + NIBBLE] ?? 0] = child;
      at += wordsOf(child);
    }
  }
  return storages;
}

function readChild(encoded: Int32Array, view: DataView, at: number, values: SlotValues): TrieNode {
  const row = encoded[at + ROW] ?? 0;
  const reference = at + REFERENCE;
  switch (encoded[at + KIND]) {
    case LEAF:
      return readReference(encoded, view, reference, new Leaf(row, values.valueAt(row), DEPTH));
    case EXTENSION: {
      const child = readReference(encoded, view, at + CHILD_WORDS, branchElsewhere(row));
      const extension = new Extension(row, DEPTH, encoded[at + LENGTH] ?? 0, child);
      return readReference(encoded, view, reference, extension);
    }
    default:
      return readReference(encoded, view, reference, branchElsewhere(row));
  }
}

/** A branch of which no more than a row below it is known. */
function branchElsewhere(row: number): Branch {
  return new Branch([new Leaf(row, 0n, KEY_NIBBLES)]);
}

function readReference<Node extends Referenced>(
  encoded: Int32Array,
  view: DataView,
  at: number,
  node: Node,
): Node {
  keepReference(node, view, (at + 1) * 4, encoded[at] ?? 0);
  return node;
}

/** Roots of the tries of which this thread has these parts, and another one those. @param keys of slots by row */
export function rootsOfParts(
  own: PartsByAccount,
  elsewhere: ChildrenElsewhere,
  keys: Uint8Array,
): StorageRoots {
  const fresh = new FreshNodes(keys);
  const tries = new Map<number, TrieNode | null>();
  for (const [row, parts] of own) {
    const others = elsewhere.get(row);
    invariant(others !== undefined, () => `the other thread has no part of row ${row}'s storage`);
    const children = others.map((other, nibble) => other ?? parts?.children[nibble] ?? null);
    tries.set(row, trieOfChildren(children, fresh));
  }
  fresh.computeReferences();
  return tries;
}
