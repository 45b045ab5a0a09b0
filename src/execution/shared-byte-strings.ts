/**
 * Lists of byte strings, each list in one SharedArrayBuffer: written by the calling thread, read by any.
 * A string can be written before anybody knows which list it will be in, and where; a list is then no
 * more than a directory of what is there.
 *
 * Owns: the layout, in 32-bit words: a word for the user's own purpose, at first 0; where the directory
 * begins; how many strings are in the list; then each string (length, bytes) and the directory (where the
 * strings begin, in the list's order). Does not own: what the strings are.
 *
 * Invariant: of memory that was handed out, only the own word is written again: a list may be read at any time.
 */
import { invariant } from "../errors/base-error";

const WORD_BYTES = 4;

/** The user's own word. */
export const OWN_WORD = 0;
const DIRECTORY = 1;
const COUNT = 2;
const HEADER_WORDS = 3;

/** words */
const SMALLEST = 1024;
/** Words that strings without a list take at most: it may be long until they are in one. */
const MOST_AHEAD = 1 << 23;

interface ListMemory {
  readonly buffer: SharedArrayBuffer;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Writes lists of the byte strings of keys; keys are told apart by identity. */
export class ByteStringLists<Key extends object> {
  readonly #bytesOf: (key: Key) => Uint8Array;
  /** where the strings are that have been written ahead */
  readonly #ahead = new Map<Key, number>();
  /** of the next list; null until something is written */
  #memory: ListMemory | null = null;
  /** words in use */
  #end = HEADER_WORDS;
  /** words that the last list took */
  #expected = 0;

  /** @param bytesOf what it returns is copied before it is called again */
  constructor(bytesOf: (key: Key) => Uint8Array) {
    this.#bytesOf = bytesOf;
  }

  /** The key may be in the next list: writes its string now, unless there are too many already. */
  writeAhead(key: Key): void {
    if (this.#end < MOST_AHEAD) {
      this.#ahead.set(key, this.#write(this.#bytesOf(key)));
      this.#room(this.#ahead.size); // a list of what was written ahead is not copied to make room
    }
  }

  /** The list of these keys' strings. Forgets what was written ahead, whether it is in the list or not. */
  share(keys: readonly Key[]): SharedArrayBuffer {
    const directory = this.#reserve(keys.length);
    let at = directory;
    for (const key of keys) {
      const start = this.#ahead.get(key) ?? this.#write(this.#bytesOf(key));
      this.#room(0).words[at++] = start;
    }
    const { words, buffer } = this.#room(0);
    words[DIRECTORY] = directory;
    words[COUNT] = keys.length;
    this.#expected = this.#end;
    this.forget();
    return buffer;
  }

  /** Forgets what was written ahead. */
  forget(): void {
    this.#ahead.clear();
    this.#memory = null;
    this.#end = HEADER_WORDS;
  }

  /** Returns where the string begins. */
  #write(string: Uint8Array): number {
    const start = this.#reserve(1 + Math.ceil(string.length / WORD_BYTES));
    const { words, bytes } = this.#room(0);
    words[start] = string.length;
    bytes.set(string, (start + 1) * WORD_BYTES);
    return start;
  }

  /** Takes so many words; returns where they begin. */
  #reserve(words: number): number {
    this.#room(words);
    const start = this.#end;
    this.#end += words;
    return start;
  }

  /** The memory, with room for so many words more. */
  #room(words: number): ListMemory {
    const needed = this.#end + words;
    const before = this.#memory;
    if (before !== null && needed <= before.words.length) {
      return before;
    }
    const size =
      before === null
        ? Math.max(SMALLEST, needed, Math.ceil(this.#expected * 1.25))
        : Math.max(needed, before.words.length * 2);
    const buffer = new SharedArrayBuffer(size * WORD_BYTES);
    const memory = { buffer, words: new Uint32Array(buffer), bytes: new Uint8Array(buffer) };
    if (before !== null) {
      memory.words.set(before.words.subarray(0, this.#end));
    }
    this.#memory = memory;
    return memory;
  }
}

/** One thread's views of a list, made once. */
export class SharedByteStrings {
  /** the whole buffer */
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly #words: Uint32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.count = this.#words[COUNT] ?? 0;
  }

  /** Index of the string's first byte. */
  start(index: number): number {
    return (this.#wordsOf(index) + 1) * WORD_BYTES;
  }

  /** Index behind its last one. */
  end(index: number): number {
    return this.start(index) + (this.#words[this.#wordsOf(index)] ?? 0);
  }

  /** All strings, in shared memory. */
  all(): Uint8Array[] {
    const strings: Uint8Array[] = [];
    for (let index = 0; index < this.count; index++) {
      strings.push(this.bytes.subarray(this.start(index), this.end(index)));
    }
    return strings;
  }

  #wordsOf(index: number): number {
    invariant(index < this.count, () => `no string ${index} in the list`);
    return this.#words[(this.#words[DIRECTORY] ?? 0) + index] ?? 0;
  }
}
