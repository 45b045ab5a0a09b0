/**
 * The root of a trie that is built once and not kept: transactionsRoot, receiptsRoot,
 * withdrawalsRoot (yellow paper, section 4.3; EIP-4895). Keys are rlp(index), not hashed.
 *
 * Owns: the order of keys, the leaves. Does not own: what stands above leaves (branch-builder.ts).
 * Pure functions over bytes that can run in any thread.
 */
import {
  ARENA_END,
  ARENA_START,
  hashMemory,
  MAX_JOBS,
  paddedLength,
} from "../../crypto/hash-memory";
import { keccak256 } from "../../crypto/keccak256";
import { invariant } from "../../errors/base-error";
import { hexToBytes } from "../bytes";
import { EMPTY_TRIE_ROOT } from "../hex";
import { BranchBuilder, type SortedKeys } from "./branch-builder";
import {
  LEAF_PATH,
  LIST,
  pathLength,
  stringLength,
  writeHeader,
  writePath,
  writeShortNumber,
  writeString,
} from "./rlp";

/** More than the headers and the path of a leaf. */
const LEAF_OVERHEAD = 128;
const NO_VALUE = new Uint8Array(0);
/** Bytes of the longest key of a list: rlp of an index below 2^32. */
const INDEX_BYTES = 5;

/** Root of the trie from rlp(index) to value; values not empty. 32 bytes. */
export function orderedTrieRoot(values: readonly Uint8Array[]): Uint8Array {
  const { length } = values;
  const keys: SortedKeys = {
    bytes: new Uint8Array(length * INDEX_BYTES),
    starts: new Uint32Array(length + 1),
  };
  const sorted: Uint8Array[] = [];
  let end = 0;
  const add = (index: number, value: Uint8Array | undefined): void => {
    if (value !== undefined) {
      end = writeShortNumber(keys.bytes, end, index);
      sorted.push(value);
      keys.starts[sorted.length] = end;
    }
  };
  // 1 to 127 are their own RLP, 0 is 0x80, and from 128 on a length of 0x81 or more comes first
  const shortEnd = Math.min(length, 128);
  for (let index = 1; index < shortEnd; index++) {
    add(index, values[index]);
  }
  add(0, values[0]);
  for (let index = shortEnd; index < length; index++) {
    add(index, values[index]);
  }
  return sortedTrieRoot(keys, sorted);
}

/**
 * Root of the trie of these entries, 32 bytes; keys in order, all different, none a prefix of another and shorter
 * than 54 bytes, values not empty. Throws InvariantError otherwise.
 */
export function sortedTrieRoot(keys: SortedKeys, values: readonly Uint8Array[]): Uint8Array {
  if (values.length === 0) {
    return hexToBytes(EMPTY_TRIE_ROOT);
  }
  const builder = new BranchBuilder(keys, values.length);
  const memory = hashMemory();
  memory.beginJobs();
  let waiting: number[] = [];
  let at = ARENA_START;
  const hashWaiting = (): void => {
    memory.hashMany();
    for (let job = 0; job < waiting.length; job++) {
      builder.setLeaf(waiting[job] ?? 0, memory.bytes, memory.placeOfJob(job), 32);
    }
    waiting = [];
    at = ARENA_START;
  };
  // Not by entries(): a list of them has a pair for each.
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NO_VALUE;
    invariant(value.length > 0, "a trie holds no empty values");
    const room = paddedLength(value.length + LEAF_OVERHEAD);
    if (room > ARENA_END - ARENA_START) {
      const leaf = new Uint8Array(room);
      builder.setLeaf(index, keccak256(leaf.subarray(0, writeLeaf(leaf, 0, index))), 0, 32);
      continue;
    }
    if (at + room > ARENA_END || memory.jobs === MAX_JOBS) {
      hashWaiting();
    }
    const length = writeLeaf(memory.bytes, at, index) - at;
    if (length < 32) {
      builder.setLeaf(index, memory.bytes, at, length);
    } else {
      memory.addJob(at, length);
      waiting.push(index);
      at += paddedLength(length);
    }
  }
  hashWaiting();
  return builder.root();

  function writeLeaf(bytes: Uint8Array, start: number, index: number): number {
    const value = values[index] ?? NO_VALUE;
    const key = keys.starts[index] ?? 0;
    const depth = builder.leafDepth(index);
    const nibbles = ((keys.starts[index + 1] ?? 0) - key) * 2 - depth;
    const length = pathLength(nibbles) + stringLength(value);
    let end = writeHeader(bytes, start, LIST, length);
    end = writePath(bytes, end, LEAF_PATH, keys.bytes, key, depth, nibbles);
    return writeString(bytes, end, value);
  }
}
