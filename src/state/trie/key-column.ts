/**
 * The keys of a trie by table row: keccak256 of each row's address or slot, hashed once in the row's
 * life.
 *
 * Owns: the hashes, 32 bytes a row. Does not own: rows (the tables) and what their keys are made of.
 */
import {
  ARENA_END,
  ARENA_START,
  hashMemory,
  MAX_JOBS,
  paddedLength,
} from "../../crypto/hash-memory";

export const KEY_BYTES = 32;

/** Writes what the row's key is the hash of; at most 32 bytes. */
export type KeySource = (row: number, view: DataView, at: number) => void;

const ROOM = paddedLength(KEY_BYTES);
const ROWS_AT_ONCE = Math.min(MAX_JOBS, Math.floor((ARENA_END - ARENA_START) / ROOM));

export class KeyColumn {
  /** Key of row n at n * KEY_BYTES; replaced when the column grows. */
  bytes = new Uint8Array(64 * KEY_BYTES);
  #count = 0;
  readonly #source: KeySource;
  readonly #sourceBytes: number;

  /** @param sourceBytes what the source writes for each row */
  constructor(source: KeySource, sourceBytes: number) {
    this.#source = source;
    this.#sourceBytes = sourceBytes;
  }

  /** Hashes the keys of all rows below `count` that have none yet. */
  extendTo(count: number): void {
    if (count * KEY_BYTES > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, count * KEY_BYTES));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    while (this.#count < count) {
      this.#hash(Math.min(count, this.#count + ROWS_AT_ONCE));
    }
  }

  /** Forgets the keys of rows from `count` on: their numbers will be used again. */
  truncate(count: number): void {
    this.#count = Math.min(this.#count, count);
  }

  #hash(to: number): void {
    const memory = hashMemory();
    const from = this.#count;
    memory.beginJobs();
    for (let row = from; row < to; row++) {
      const at = ARENA_START + (row - from) * ROOM;
      this.#source(row, memory.view, at);
      memory.addJob(at, this.#sourceBytes);
    }
    memory.hashMany();
    for (let row = from; row < to; row++) {
      const at = ARENA_START + (row - from) * ROOM;
      this.bytes.set(memory.bytes.subarray(at, at + KEY_BYTES), row * KEY_BYTES);
    }
    this.#count = to;
  }
}
