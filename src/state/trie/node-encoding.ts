/**
 * RLP and hashes of trie nodes (yellow paper, appendix D, equations 193 to 195 in the Shanghai
 * version: functions c and n).
 *
 * Invariant: a node's reference depends on nothing that can change, so it is computed once and each
 * node is hashed at most once in its life. Encodings are not kept: a parent needs only references.
 *
 * Nodes without reference are encoded level by level from the deepest up, each straight into the
 * memory it is hashed in, and a level is hashed at once (hash-memory.ts).
 */
import {
  ARENA_END,
  ARENA_START,
  type HashMemory,
  hashMemory,
  MAX_JOBS,
} from "../../crypto/hash-memory";
import { hexToBytes, writeHex } from "../bytes";
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from "../hex";
import {
  type AccountContent,
  type Branch,
  type Extension,
  KEY_NIBBLES,
  type Leaf,
  type TrieNode,
} from "./node";
import {
  HASH_BYTES,
  keepReference,
  referenceItemLength,
  rootHashText,
  writeReference,
  writeRootHash,
} from "./node-reference";
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
const NODES = ARENA_START + 256;
/** More than a node, its padding and what is written beyond its end: a branch has at most 532 bytes. */
const NODE_ROOM = 1024;

const EMPTY_CODE_HASH_BYTES = hexToBytes(EMPTY_CODE_HASH);
const EMPTY_TRIE_ROOT_BYTES = hexToBytes(EMPTY_TRIE_ROOT);
/** Headers of the empty and of a 32-byte string. */
const EMPTY_ITEM = STRING;
const HASH_ITEM = STRING + HASH_BYTES;

/** Root hash of a trie; every node that has no reference yet is hashed, children first. */
export function rootHash(root: TrieNode | null, keys: Uint8Array): Hash {
  computeReferences([root], keys);
  return rootHashText(root);
}

/**
 * Computes all missing references of these tries. `keys`: the tries' key column. Storage tries that
 * hang on their leaves have theirs already.
 */
export function computeReferences(roots: readonly (TrieNode | null)[], keys: Uint8Array): void {
  const levels: TrieNode[][] = [];
  for (const root of roots) {
    if (root !== null) {
      collect(root, 0, levels);
    }
  }
  for (let level = levels.pop(); level !== undefined; level = levels.pop()) {
    computeLevel(level, keys);
  }
}

/** RLP of a node whose children have references, as a part of the hash memory: valid until its next use. */
export function encodedNode(node: TrieNode, keys: Uint8Array): Uint8Array {
  const memory = hashMemory();
  const end = writeNode(node, memory, NODES, keys);
  return memory.bytes.subarray(NODES, end);
}

function collect(node: TrieNode, level: number, levels: TrieNode[][]): void {
  if (node.referenceLength !== 0) {
    return;
  }
  const nodes = levels[level];
  if (nodes === undefined) {
    levels[level] = [node];
  } else {
    nodes.push(node);
  }
  if (node.kind === "branch") {
    for (const child of node.children) {
      if (child !== null) {
        collect(child, level + 1, levels);
      }
    }
  } else if (node.kind === "extension") {
    collect(node.child, level + 1, levels);
  }
}

function computeLevel(nodes: readonly TrieNode[], keys: Uint8Array): void {
  const memory = hashMemory();
  const waiting: TrieNode[] = [];
  memory.beginJobs();
  let at = NODES;
  for (const node of nodes) {
    const length = writeNode(node, memory, at, keys) - at;
    if (length < HASH_BYTES) {
      keepReference(node, memory.view, at, length);
      continue;
    }
    memory.addJob(at, length);
    waiting.push(node);
    // padding takes at most a block
    at = (at + length + 136 + 7) & ~7;
    if (at > ARENA_END - NODE_ROOM || memory.jobs === MAX_JOBS) {
      hashWaiting(memory, waiting);
      at = NODES;
    }
  }
  hashWaiting(memory, waiting);
}

function hashWaiting(memory: HashMemory, waiting: TrieNode[]): void {
  memory.hashMany();
  for (const [index, node] of waiting.entries()) {
    keepReference(node, memory.view, memory.placeOfJob(index), HASH_BYTES);
  }
  waiting.length = 0;
}

/** Writes the node's RLP and returns its end. */
function writeNode(node: TrieNode, memory: HashMemory, at: number, keys: Uint8Array): number {
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
