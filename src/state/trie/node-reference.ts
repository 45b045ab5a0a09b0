/**
 * References to trie nodes: RLP of the node if it is shorter than 32 bytes, else its hash as a string
 * item (yellow paper, appendix D, function n).
 *
 * Owns: how a reference is kept in a node. Does not own: computing it (fresh-nodes.ts).
 */
import { hashMemory, SINGLE_START } from "../../crypto/hash-memory";
import { hexText } from "../../crypto/hex-text";
import { hexToBytes } from "../bytes";
import { EMPTY_TRIE_ROOT, type Hash } from "../hex";
import type { Referenced, TrieNode } from "./node";
import { STRING } from "./rlp";

export const HASH_BYTES = 32;
const EMPTY_TRIE_ROOT_VIEW = new DataView(hexToBytes(EMPTY_TRIE_ROOT).buffer);
/** Bytes that `writeReference` may write beyond what it returns. */
export const REFERENCE_OVERRUN = 32;

/** True if the parent holds the node's hash and not the node itself. */
export function hasHashReference(node: TrieNode): boolean {
  return node.referenceLength === HASH_BYTES;
}

/** Bytes of the reference in its parent. */
export function referenceItemLength({ referenceLength }: TrieNode): number {
  return referenceLength === HASH_BYTES ? HASH_BYTES + 1 : referenceLength;
}

/** Keeps the `length` bytes at `at`: the hash if 32, else the node's RLP. */
export function keepReference(node: Referenced, view: DataView, at: number, length: number): void {
  node.referenceLength = length;
  node.word0 = view.getInt32(at, true);
  node.word1 = view.getInt32(at + 4, true);
  node.word2 = view.getInt32(at + 8, true);
  node.word3 = view.getInt32(at + 12, true);
  node.word4 = view.getInt32(at + 16, true);
  node.word5 = view.getInt32(at + 20, true);
  node.word6 = view.getInt32(at + 24, true);
  node.word7 = view.getInt32(at + 28, true);
}

/** Keeps what the root of a trie has, null = the empty one. */
export function copyRootReference(node: Referenced, from: Referenced | null): void {
  if (from === null) {
    keepReference(node, EMPTY_TRIE_ROOT_VIEW, 0, HASH_BYTES);
    return;
  }
  node.referenceLength = from.referenceLength;
  node.word0 = from.word0;
  node.word1 = from.word1;
  node.word2 = from.word2;
  node.word3 = from.word3;
  node.word4 = from.word4;
  node.word5 = from.word5;
  node.word6 = from.word6;
  node.word7 = from.word7;
}

/** Writes the reference as an item of its parent and returns its end. */
export function writeReference(node: TrieNode, view: DataView, at: number): number {
  if (node.referenceLength === HASH_BYTES) {
    view.setUint8(at, STRING + HASH_BYTES);
    writeWords(node, view, at + 1);
    return at + 1 + HASH_BYTES;
  }
  writeWords(node, view, at);
  return at + node.referenceLength;
}

/** Writes the hash of a trie's root, which is hashed even if its RLP is short, and returns its end. */
export function writeRootHash(root: Referenced, view: DataView, at: number): number {
  if (root.referenceLength === HASH_BYTES) {
    writeWords(root, view, at);
    return at + HASH_BYTES;
  }
  const memory = hashMemory();
  writeWords(root, memory.view, SINGLE_START);
  memory.hash(SINGLE_START, root.referenceLength);
  for (let byte = 0; byte < HASH_BYTES; byte++) {
    view.setUint8(at + byte, memory.view.getUint8(SINGLE_START + byte));
  }
  return at + HASH_BYTES;
}

/** Root hash of a trie whose nodes all have references. */
export function rootHashText(root: Referenced | null): Hash {
  if (root === null) {
    return EMPTY_TRIE_ROOT;
  }
  const memory = hashMemory();
  const end = writeRootHash(root, memory.view, SINGLE_START);
  return hexText(memory.bytes, SINGLE_START, end);
}

/** The same 8 words whatever the reference's length: see `keepReference`. */
export function writeWords(node: Referenced, view: DataView, at: number): void {
  view.setInt32(at, node.word0, true);
  view.setInt32(at + 4, node.word1, true);
  view.setInt32(at + 8, node.word2, true);
  view.setInt32(at + 12, node.word3, true);
  view.setInt32(at + 16, node.word4, true);
  view.setInt32(at + 20, node.word5, true);
  view.setInt32(at + 24, node.word6, true);
  view.setInt32(at + 28, node.word7, true);
}
