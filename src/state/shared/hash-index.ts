/**
 * Open-addressing index from a 32-bit key hash to a row number, in a SharedArrayBuffer.
 *
 * Owns: positions. Does not own: rows and their keys (the tables), when to grow.
 *
 * An entry is two words: row + 1 (0 = empty) and the hash, so that a probe touches a row only if
 * all 32 bits of the hash agree, and a rehash needs no keys. Linear probing; at most half full.
 *
 * Invariant: entries were inserted in ascending row order, and only the highest row is ever removed
 * (undo is last in, first out). Whatever probed past the removed entry was inserted after it and is
 * gone already, so the place becomes empty again: there are no tombstones, and no number of
 * snapshots and reverts lengthens a probe.
 */
import { invariant } from "../../errors/base-error";

const WORDS_PER_ENTRY = 2;

export class HashIndex {
  readonly buffer: SharedArrayBuffer;
  readonly #entries: Int32Array;
  readonly #mask: number;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#entries = new Int32Array(buffer);
    this.#mask = this.#entries.length / WORDS_PER_ENTRY - 1;
  }

  /** An empty index for up to `rows` rows (a power of two). */
  static forRows(rows: number): HashIndex {
    return new HashIndex(new SharedArrayBuffer(rows * 2 * WORDS_PER_ENTRY * 4));
  }

  /** First position of a probe. */
  start(hash: number): number {
    return hash & this.#mask;
  }

  next(position: number): number {
    return (position + 1) & this.#mask;
  }

  /** Row at the position; -1 = empty, the end of every probe. */
  rowAt(position: number): number {
    return (this.#entries[position * WORDS_PER_ENTRY] ?? 0) - 1;
  }

  hashAt(position: number): number {
    return this.#entries[position * WORDS_PER_ENTRY + 1] ?? 0;
  }

  /** Adds the next row; the caller knows that its key is not there yet. */
  insert(hash: number, row: number): void {
    let position = this.start(hash);
    while (this.rowAt(position) !== -1) {
      position = this.next(position);
    }
    this.#entries[position * WORDS_PER_ENTRY] = row + 1;
    this.#entries[position * WORDS_PER_ENTRY + 1] = hash;
  }

  /** Removes the row inserted last. */
  removeLast(hash: number, row: number): void {
    let position = this.start(hash);
    while (this.rowAt(position) !== row) {
      invariant(this.rowAt(position) !== -1, () => `row ${row} is not in its hash index`);
      position = this.next(position);
    }
    this.#entries[position * WORDS_PER_ENTRY] = 0;
  }

  /** A copy for `rows` rows (a power of two, at least as many as now), same insertion order. */
  copyFor(rows: number, usedRows: number): HashIndex {
    const copy = HashIndex.forRows(rows);
    if (copy.buffer.byteLength === this.buffer.byteLength) {
      copy.#entries.set(this.#entries);
      return copy;
    }
    const hashes = new Int32Array(usedRows);
    for (let position = 0; position <= this.#mask; position++) {
      const row = this.rowAt(position);
      if (row !== -1) {
        hashes[row] = this.hashAt(position);
      }
    }
    for (let row = 0; row < usedRows; row++) {
      copy.insert(hashes[row] ?? 0, row);
    }
    return copy;
  }
}
