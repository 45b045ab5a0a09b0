/**
 * EIP-2718: the envelope of a transaction.
 *
 * Owns: one piece of memory in which each is written, since every transaction is written twice: to be hashed
 * for its signature and for its hash. An array for each item and each list, as @ethereumjs/rlp makes them,
 * costs more than the writing.
 */
import { headerLength, LIST, stringLength, writeHeader, writeString } from "../state/trie/rlp";

/** What RLP encodes. */
export type RlpItem = Uint8Array | readonly RlpItem[];

let memory = new Uint8Array(4096);

/**
 * RLP of the items, behind the type byte; legacy (type 0) has none. A part of memory that the next call
 * overwrites.
 */
export function typedEnvelope(type: number, items: readonly RlpItem[]): Uint8Array {
  const length = itemLength(items) + 1;
  if (length > memory.length) {
    memory = new Uint8Array(length * 2);
  }
  memory[0] = type;
  const start = type === 0 ? 1 : 0;
  return memory.subarray(start, writeItem(memory, 1, items));
}

function itemLength(item: RlpItem): number {
  if (item instanceof Uint8Array) {
    return stringLength(item);
  }
  const content = contentLength(item);
  return headerLength(content) + content;
}

function contentLength(items: readonly RlpItem[]): number {
  let length = 0;
  for (const item of items) {
    length += itemLength(item);
  }
  return length;
}

/** Returns the end of what it wrote. */
function writeItem(bytes: Uint8Array, at: number, item: RlpItem): number {
  if (item instanceof Uint8Array) {
    return writeString(bytes, at, item);
  }
  let end = writeHeader(bytes, at, LIST, contentLength(item));
  for (const each of item) {
    end = writeItem(bytes, end, each);
  }
  return end;
}
