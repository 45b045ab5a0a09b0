/**
 * What stands above the leaves of a trie whose keys are all known: branches and extensions from sorted
 * keys, without nodes as objects.
 *
 * Owns: the shape and the encoding of inner nodes. Does not own: leaves, of which it is given the
 * references; the order of keys.
 *
 * A reference is written as the item that stands in the parent: RLP of the node if it is shorter than
 * 32 bytes, else its hash behind the header of a string (yellow paper, appendix D).
 */
import { keccak256 } from "../../crypto/keccak256";
import { invariant } from "../../errors/base-error";
import { LIST, nibble, pathLength, STRING, writeHeader, writePath } from "./rlp";

/** Keys one behind the other in ascending order, none a prefix of another. */
export interface SortedKeys {
  readonly bytes: Uint8Array;
  /** where each begins, and behind the last where it ends */
  readonly starts: Uint32Array;
}

const HASH_BYTES = 32;
const ITEM_BYTES = HASH_BYTES + 1;
/** A branch's header takes at most 3 bytes: it has at most 16 references and one byte. */
const HEADER_BYTES = 3;
const BRANCH_BYTES = HEADER_BYTES + 16 * ITEM_BYTES + 1;
/** An extension's header, path and reference; a path has at most 53 bytes. */
const EXTENSION_BYTES = 2 + 56 + ITEM_BYTES;

export class BranchBuilder {
  readonly #keys: SortedKeys;
  readonly #count: number;
  /** The leaves' items, ITEM_BYTES apart, and their lengths. */
  readonly #leaves: Uint8Array;
  readonly #leafLengths: Uint8Array;
  /** By nesting: where a branch is put together while its children are. */
  readonly #branches: Uint8Array[] = [];
  readonly #extension = new Uint8Array(EXTENSION_BYTES);

  constructor(keys: SortedKeys, count: number) {
    this.#keys = keys;
    this.#count = count;
    this.#leaves = new Uint8Array(count * ITEM_BYTES);
    this.#leafLengths = new Uint8Array(count);
  }

  /** Nibbles of the leaf's key that lie above it: it parts from its neighbours at the one before. */
  leafDepth(index: number): number {
    const before = index === 0 ? -1 : this.#shared(index - 1, index, 0);
    const after = index === this.#count - 1 ? -1 : this.#shared(index, index + 1, 0);
    return Math.max(before, after) + 1;
  }

  /** Gives a leaf's hash (32 bytes at `at`), or its RLP if that is shorter. */
  setLeaf(index: number, bytes: Uint8Array, at: number, length: number): void {
    const place = index * ITEM_BYTES;
    const hashed = length === HASH_BYTES;
    if (hashed) {
      this.#leaves[place] = STRING + HASH_BYTES;
    }
    const start = hashed ? place + 1 : place;
    for (let byte = 0; byte < length; byte++) {
      this.#leaves[start + byte] = bytes[at + byte] ?? 0;
    }
    this.#leafLengths[index] = start - place + length;
  }

  /** Root hash, once all leaves are given: at least one. The root is hashed even if its RLP is short. */
  root(): Uint8Array {
    const item = new Uint8Array(ITEM_BYTES);
    const length = this.#append(0, this.#count, 0, 0, item, 0);
    return length === ITEM_BYTES ? item.slice(1) : keccak256(item.subarray(0, length));
  }

  /** Writes the reference of the node over leaves `from` to `to` and returns its end. */
  #append(
    from: number,
    to: number,
    depth: number,
    nesting: number,
    target: Uint8Array,
    at: number,
  ): number {
    if (from + 1 === to) {
      const place = from * ITEM_BYTES;
      const length = this.#leafLengths[from] ?? 0;
      for (let byte = 0; byte < length; byte++) {
        target[at + byte] = this.#leaves[place + byte] ?? 0;
      }
      return at + length;
    }
    const shared = this.#shared(from, to - 1, depth);
    const branch = this.#branch(from, to, depth + shared, nesting);
    if (shared === 0) {
      return appendReference(branch, target, at);
    }
    const item = new Uint8Array(ITEM_BYTES);
    const length = appendReference(branch, item, 0);
    const extension = this.#extension;
    const { bytes, starts } = this.#keys;
    let end = writeHeader(extension, 0, LIST, pathLength(shared) + length);
    end = writePath(extension, end, 0, bytes, starts[from] ?? 0, depth, shared);
    extension.set(item.subarray(0, length), end);
    return appendReference(extension.subarray(0, end + length), target, at);
  }

  /** RLP of the branch at which the keys part. */
  #branch(from: number, to: number, depth: number, nesting: number): Uint8Array {
    let bytes = this.#branches[nesting];
    if (bytes === undefined) {
      bytes = new Uint8Array(BRANCH_BYTES);
      this.#branches[nesting] = bytes;
    }
    let end = HEADER_BYTES;
    let start = from;
    for (let digit = 0; digit < 16; digit++) {
      let next = start;
      while (next < to && this.#nibbleOf(next, depth) === digit) {
        next++;
      }
      if (next === start) {
        bytes[end++] = STRING;
      } else {
        end = this.#append(start, next, depth + 1, nesting + 1, bytes, end);
        start = next;
      }
    }
    bytes[end++] = STRING;
    const payload = end - HEADER_BYTES;
    const header = payload < 56 ? 1 : payload < 256 ? 2 : 3;
    writeHeader(bytes, HEADER_BYTES - header, LIST, payload);
    return bytes.subarray(HEADER_BYTES - header, end);
  }

  #nibbleOf(index: number, position: number): number {
    return nibble(this.#keys.bytes, (this.#keys.starts[index] ?? 0) * 2 + position);
  }

  /** Number of equal nibbles of two keys from `depth` on. */
  #shared(a: number, b: number, depth: number): number {
    const { starts } = this.#keys;
    const lengthOf = (index: number) => ((starts[index + 1] ?? 0) - (starts[index] ?? 0)) * 2;
    const end = Math.min(lengthOf(a), lengthOf(b));
    let position = depth;
    while (position < end && this.#nibbleOf(a, position) === this.#nibbleOf(b, position)) {
      position++;
    }
    invariant(position < end, "a trie key is a prefix of another, or given twice");
    return position - depth;
  }
}

function appendReference(rlp: Uint8Array, target: Uint8Array, at: number): number {
  if (rlp.length < HASH_BYTES) {
    target.set(rlp, at);
    return at + rlp.length;
  }
  target[at] = STRING + HASH_BYTES;
  target.set(keccak256(rlp), at + 1);
  return at + ITEM_BYTES;
}
