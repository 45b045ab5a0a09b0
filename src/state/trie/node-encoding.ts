/**
 * RLP of trie nodes (yellow paper, appendix D, equation 194 in the Shanghai version: function c),
 * written into the memory in which it is hashed. A node's children have references by then, an
 * account's storage too. Encodings are not kept: a parent needs only references.
 */
import { ARENA_START, type HashMemory, hashMemory } from "../../crypto/hash-memory";
import { invariant } from "../../errors/base-error";
import { hexToBytes, writeHex } from "../bytes";
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from "../hex";
import {
  type AccountContent,
  type Branch,
  type Extension,
  KEY_NIBBLES,
  type Leaf,
  type TrieNode,
} from "./node";
import { HASH_BYTES, referenceItemLength, writeReference, writeRootHash } from "./node-reference";
import {
  headerLength,
  LEAF_PATH,
  LIST,
  pathLength,
  STRING,
  writeHeader,
  writeNumber,
  writePath,
} from "./rlp";

/** Where the content of the leaf in work is put together: an account takes at most 112 bytes. */
const CONTENT = ARENA_START;
/** Where nodes can be written from on. */
export const NODES_START = ARENA_START + 256;
/** More than a node, its padding and what is written beyond its end: a branch has at most 532 bytes. */
export const NODE_ROOM = 1024;

const EMPTY_CODE_HASH_BYTES = hexToBytes(EMPTY_CODE_HASH);
const EMPTY_TRIE_ROOT_BYTES = hexToBytes(EMPTY_TRIE_ROOT);
/** Headers of the empty and of a 32-byte string. */
const EMPTY_ITEM = STRING;
const HASH_ITEM = STRING + HASH_BYTES;

/** RLP of a node as a part of the hash memory: valid until its next use. */
export function encodedNode(node: TrieNode, keys: Uint8Array): Uint8Array {
  const memory = hashMemory();
  const end = writeNode(node, memory, NODES_START, keys);
  return memory.bytes.subarray(NODES_START, end);
}

/** Writes the node's RLP and returns its end. */
export function writeNode(
  node: TrieNode,
  memory: HashMemory,
  at: number,
  keys: Uint8Array,
): number {
  switch (node.kind) {
    case "leaf":
      return writeLeaf(node, memory, at, keys);
    case "extension":
      return writeExtension(node, memory, at, keys);
    case "branch":
      return writeBranch(node, memory, at);
  }
}

function writeLeaf(leaf: Leaf, { bytes, view }: HashMemory, at: number, keys: Uint8Array): number {
  const { content, depth, row } = leaf;
  const nibbles = KEY_NIBBLES - depth;
  const length =
    (typeof content === "bigint"
      ? writeNumber(bytes, view, CONTENT, content)
      : writeAccount(content, bytes, view, CONTENT)) - CONTENT;
  const single = length === 1 && (bytes[CONTENT] ?? 0) < 0x80;
  const payload = pathLength(nibbles) + (single ? 1 : headerLength(length) + length);
  let end = writeHeader(bytes, at, LIST, payload);
  end = writePath(bytes, end, LEAF_PATH, keys, row * (KEY_NIBBLES / 2), depth, nibbles);
  if (!single) {
    end = writeHeader(bytes, end, STRING, length);
  }
  bytes.copyWithin(end, CONTENT, CONTENT + length);
  return end + length;
}

/** RLP of [nonce, balance, storageRoot, codeHash] (yellow paper, section 4.1). */
function writeAccount(
  { nonce, balance, storage, codeHash }: AccountContent,
  bytes: Uint8Array,
  view: DataView,
  at: number,
): number {
  // the header of a list of 56 to 255 bytes: two hashes alone are 66, all numbers at their largest 132
  const start = at + 2;
  let end = writeNumber(bytes, view, start, nonce);
  end = writeNumber(bytes, view, end, balance);
  bytes[end++] = HASH_ITEM;
  if (storage === null) {
    bytes.set(EMPTY_TRIE_ROOT_BYTES, end);
    end += HASH_BYTES;
  } else {
    invariant(storage.kind !== "parts", "the root of a storage trie of which only parts are here");
    end = writeRootHash(storage, view, end);
  }
  bytes[end++] = HASH_ITEM;
  if (codeHash === EMPTY_CODE_HASH) {
    bytes.set(EMPTY_CODE_HASH_BYTES, end);
    end += HASH_BYTES;
  } else {
    end = writeHex(bytes, end, codeHash);
  }
  writeHeader(bytes, at, LIST, end - start);
  return end;
}

function writeExtension(
  { child, depth, length, row }: Extension,
  { bytes, view }: HashMemory,
  at: number,
  keys: Uint8Array,
): number {
  let end = writeHeader(bytes, at, LIST, pathLength(length) + referenceItemLength(child));
  end = writePath(bytes, end, 0, keys, row * (KEY_NIBBLES / 2), depth, length);
  return writeReference(child, view, end);
}

function writeBranch({ children }: Branch, { bytes, view }: HashMemory, at: number): number {
  let payload = 1; // the empty value
  for (const child of children) {
    payload += child === null ? 1 : referenceItemLength(child);
  }
  let end = writeHeader(bytes, at, LIST, payload);
  for (const child of children) {
    if (child === null) {
      bytes[end++] = EMPTY_ITEM;
    } else {
      end = writeReference(child, view, end);
    }
  }
  bytes[end++] = EMPTY_ITEM;
  return end;
}
