/**
 * A list of byte strings in one SharedArrayBuffer: written once by the calling thread, read by any.
 *
 * Owns: the layout: words for the user's own purpose, the offset of each string's first byte and the end
 * (32-bit words), then the bytes. Does not own: what the strings are.
 */
import { invariant } from "../errors/base-error";

const WORD_BYTES = 4;

/** @param ownWords words before the list, all 0 */
export function shareByteStrings(
  strings: readonly Uint8Array[],
  ownWords: number,
): SharedArrayBuffer {
  const directory = (ownWords + strings.length + 1) * WORD_BYTES;
  let length = directory;
  for (const string of strings) {
    length += string.length;
  }
  const buffer = new SharedArrayBuffer(Math.ceil(length / WORD_BYTES) * WORD_BYTES);
  const offsets = new Uint32Array(buffer, ownWords * WORD_BYTES, strings.length + 1);
  const target = new Uint8Array(buffer);
  let offset = directory;
  offsets[0] = offset;
  let count = 0;
  for (const string of strings) {
    target.set(string, offset);
    offset += string.length;
    offsets[++count] = offset;
  }
  return buffer;
}

/** One thread's views of such a list, made once. */
export class SharedByteStrings {
  /** the whole buffer */
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly #offsets: Uint32Array;

  constructor(buffer: SharedArrayBuffer, ownWords: number) {
    const [first = 0] = new Uint32Array(buffer, ownWords * WORD_BYTES, 1);
    this.count = first / WORD_BYTES - ownWords - 1; // the directory ends where the first string begins
    this.bytes = new Uint8Array(buffer);
    this.#offsets = new Uint32Array(buffer, ownWords * WORD_BYTES, this.count + 1);
  }

  /** Where a string begins, and the one before it ends; there is one after the last. */
  start(index: number): number {
    const start = this.#offsets[index];
    invariant(start !== undefined, () => `no string ${index} in the list`);
    return start;
  }
}

/** All strings of the list, in shared memory. */
export function sharedByteStringsOf(buffer: SharedArrayBuffer, ownWords: number): Uint8Array[] {
  const list = new SharedByteStrings(buffer, ownWords);
  const strings: Uint8Array[] = [];
  for (let index = 0; index < list.count; index++) {
    const start = list.start(index);
    strings.push(new Uint8Array(buffer, start, list.start(index + 1) - start));
  }
  return strings;
}
