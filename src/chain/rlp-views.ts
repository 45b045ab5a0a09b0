/**
 * Decoding of RLP (yellow paper, appendix B) into parts of the memory that it lies in: copies of short items
 * would each cost more than to decode it.
 *
 * Owns: canonical lists. Does not own: what is wrong with others: @ethereumjs/rlp says that.
 */
import type { NestedUint8Array } from "@ethereumjs/rlp";
import { LIST, STRING } from "../state/trie/rlp";

type Item = Uint8Array | NestedUint8Array;

/** Content of an item shorter than this has its length in the first byte. */
const LONG = 56;
/** Lists in lists, more than any transaction has. */
const MAX_DEPTH = 8;

/** The list's items, or null if the bytes are anything but one canonical list. */
export function listViews(bytes: Uint8Array): NestedUint8Array | null {
  const reader = new ViewReader(bytes);
  const item = reader.item(bytes.length, MAX_DEPTH);
  return reader.end === bytes.length && Array.isArray(item) ? item : null;
}

class ViewReader {
  /** of what was read */
  end = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next item, which ends at `limit` or before. */
  item(limit: number, depth: number): Item | null {
    const bytes = this.#bytes;
    const at = this.end;
    const first = bytes[at];
    if (first === undefined || at >= limit || depth === 0) {
      return null;
    }
    if (first < STRING) {
      this.end = at + 1;
      return bytes.subarray(at, at + 1);
    }
    const isList = first >= LIST;
    let length = first - (isList ? LIST : STRING);
    let start = at + 1;
    if (length >= LONG) {
      const size = length - LONG + 1;
      length = this.#longLength(start, size, limit);
      start += size;
    }
    const end = start + length;
    if (!(end <= limit) || (!isList && length === 1 && (bytes[start] ?? 0) < STRING)) {
      return null;
    }
    this.end = isList ? start : end;
    return isList ? this.#items(end, depth - 1) : bytes.subarray(start, end);
  }

  #items(end: number, depth: number): NestedUint8Array | null {
    const items: NestedUint8Array = [];
    while (this.end < end) {
      const item = this.item(end, depth);
      if (item === null) {
        return null;
      }
      items.push(item);
    }
    return items;
  }

  /** NaN unless canonical. */
  #longLength(at: number, size: number, limit: number): number {
    if (size > 4 || at + size > limit || this.#bytes[at] === 0) {
      return Number.NaN;
    }
    let length = 0;
    for (let place = at; place < at + size; place++) {
      length = length * 256 + (this.#bytes[place] ?? 0);
    }
    return length < LONG ? Number.NaN : length;
  }
}
