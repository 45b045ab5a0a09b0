/**
 * All storage slots ever written: one row each, found by (storageId, slot).
 *
 * Owns: the layout of a row and its index. Does not own: undo, counts of non-zero slots.
 *
 * Row of 20 32-bit words: storageId, account row, next, unused, slot (8), value (8). `next` is
 * 1 + the row written before it in the same storage, 0 = none: the chain from an account's
 * `storageHead` lists its storage. Slots of an ended life stay, unreachable but for history and
 * undo, which can need them for as long as the journal reaches back.
 */
import { HashIndex } from "./hash-index";
import {
  copyWords,
  equalWords,
  hashWords,
  readValue,
  WORDS_PER_VALUE,
  type WordViews,
  wordViews,
  writeValue,
} from "./words";

export const SLOT_STRIDE = 20;

/** Offsets in a row, in 32-bit words. */
export const SLOT_FIELD = { storageId: 0, accountRow: 1, next: 2, slot: 4, value: 12 } as const;

export class SlotTable {
  views: WordViews;
  index: HashIndex;
  /** The writer's count; readers do not need it. */
  count = 0;
  capacity: number;

  /** The slot that was looked for last, and its hash with its storage. */
  readonly #key = wordViews(new ArrayBuffer(WORDS_PER_VALUE * 4));
  #keyHash = 0;

  constructor(rows: SharedArrayBuffer, index: SharedArrayBuffer) {
    this.views = wordViews(rows);
    this.index = new HashIndex(index);
    this.capacity = this.views.words.length / SLOT_STRIDE;
  }

  static create(capacity: number): SlotTable {
    const rows = new SharedArrayBuffer(capacity * SLOT_STRIDE * 4);
    return new SlotTable(rows, HashIndex.forRows(capacity).buffer);
  }

  /** Row of the slot, -1 if it was never written in this storage. */
  find(storageId: number, slot: bigint): number {
    writeValue(this.#key.bigs, 0, slot);
    return this.#findKey(storageId);
  }

  /** The same of a slot whose words are in `source` from `at` on. */
  findWords(storageId: number, source: Uint32Array, at: number): number {
    copyWords(source, at, this.#key.words, 0, WORDS_PER_VALUE);
    return this.#findKey(storageId);
  }

  #findKey(storageId: number): number {
    const key = this.#key.words;
    const hash = hashWords(key, WORDS_PER_VALUE, storageId);
    this.#keyHash = hash;
    const { words } = this.views;
    const index = this.index;
    for (let position = index.start(hash); ; position = index.next(position)) {
      const row = index.rowAt(position);
      if (row === -1) {
        return row;
      }
      const offset = row * SLOT_STRIDE;
      if (
        index.hashAt(position) === hash &&
        words[offset] === storageId &&
        equalWords(words, offset + SLOT_FIELD.slot, key, WORDS_PER_VALUE)
      ) {
        return row;
      }
    }
  }

  /** Adds a zero slot; the caller has reserved room and knows it is new. */
  append(storageId: number, slot: bigint, accountRow: number, next: number): number {
    writeValue(this.#key.bigs, 0, slot);
    this.#keyHash = hashWords(this.#key.words, WORDS_PER_VALUE, storageId);
    return this.appendMissed(storageId, accountRow, next);
  }

  /**
   * Adds the slot that was looked for last, and not found in this storage, as zero; the caller has
   * reserved room.
   */
  appendMissed(storageId: number, accountRow: number, next: number): number {
    const row = this.count++;
    const offset = row * SLOT_STRIDE;
    const { words } = this.views;
    words.fill(0, offset, offset + SLOT_STRIDE);
    words[offset + SLOT_FIELD.storageId] = storageId;
    words[offset + SLOT_FIELD.accountRow] = accountRow;
    words[offset + SLOT_FIELD.next] = next;
    copyWords(this.#key.words, 0, words, offset + SLOT_FIELD.slot, WORDS_PER_VALUE);
    this.index.insert(this.#keyHash, row);
    return row;
  }

  /** Takes back the newest row. */
  removeLast(row: number): void {
    this.index.removeLast(this.#hashOf(row), row);
    this.count = row;
  }

  /** Moves to new buffers of at least this many rows; the old buffers stay as they are. */
  moveTo(capacity: number): void {
    const rows = new SharedArrayBuffer(capacity * SLOT_STRIDE * 4);
    const views = wordViews(rows);
    views.words.set(this.views.words.subarray(0, this.count * SLOT_STRIDE));
    this.index = this.index.copyFor(capacity, this.count);
    this.views = views;
    this.capacity = capacity;
  }

  /** One 32-bit field; see SLOT_FIELD. */
  word(row: number, field: number): number {
    return this.views.words[row * SLOT_STRIDE + field] ?? 0;
  }

  slot(row: number): bigint {
    return readValue(this.views, (row * SLOT_STRIDE + SLOT_FIELD.slot) / 2);
  }

  /** Writes the 32 bytes of a row's slot, big-endian. */
  writeSlot(row: number, view: DataView, at: number): void {
    const start = row * SLOT_STRIDE + SLOT_FIELD.slot;
    for (let word = 0; word < WORDS_PER_VALUE; word++) {
      view.setUint32(at + 28 - 4 * word, this.views.words[start + word] ?? 0); // big-endian
    }
  }

  value(row: number): bigint {
    return readValue(this.views, (row * SLOT_STRIDE + SLOT_FIELD.value) / 2);
  }

  #hashOf(row: number): number {
    const start = row * SLOT_STRIDE + SLOT_FIELD.slot;
    const key = this.views.words.subarray(start, start + WORDS_PER_VALUE);
    return hashWords(key, WORDS_PER_VALUE, this.word(row, SLOT_FIELD.storageId));
  }
}
