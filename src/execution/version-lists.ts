/**
 * The versions of one location: a list of cells in shared memory, one per writing transaction,
 * highest transaction first.
 *
 * Owns: layout and traversal of cells and records. Does not own: what a read makes of them
 * (multi-version-memory.ts).
 *
 * Invariants: a cell is inserted by one compare-and-swap and never removed within a block. All that
 * changes in a cell is its state, ONE atomic word, so no reader sees half a version:
 *   0                    nothing: removed, or not yet published
 *   record               a version; the record it points to never changes
 *   record | ESTIMATE    the incarnation that wrote it was aborted, or it is a prediction: the
 *                        transaction will probably write here again, and probably this
 *   ESTIMATE             the transaction is expected to write here; nothing is known of the value
 */
import type { LocationId } from "./location-reader";
import { HEAD } from "./location-table";
import type { SharedArena } from "./shared-arena";
import { loadWord256, storeWord256 } from "./word256";

export const ESTIMATE = 1;
/** Flags of an existence version. */
export const EXISTS = 1;
export const CLEARS_STORAGE = 2;

/** Flags of a delta: its sign, and how many 32-bit limbs its magnitude has. */
const NEGATIVE = 1;
const LIMBS_SHIFT = 1;
/** A sum of deltas of at most 256 bits. */
export const DELTA_LIMBS = 8;

/** Cell: transaction index, next cell, state, location. */
const TRANSACTION = 0;
const NEXT = 1;
const STATE = 2;
const LOCATION = 3;
const CELL_WORDS = 4;

/** Record: incarnation, flags, 256-bit value. */
const INCARNATION = 0;
const FLAGS = 1;
const VALUE = 2;
const RECORD_WORDS = 10;

export type Cell = number;
export type VersionRecord = number;

export class VersionLists {
  readonly #arena: SharedArena;
  foundState = 0;

  constructor(arena: SharedArena) {
    this.#arena = arena;
  }

  /** The highest cell of the location; 0 = none. */
  first(location: LocationId): Cell {
    return Atomics.load(this.#arena.words, location + HEAD);
  }

  /** The next lower cell; 0 = none. */
  next(cell: Cell): Cell {
    return Atomics.load(this.#arena.words, cell + NEXT);
  }

  transaction(cell: Cell): number {
    return this.#arena.words[cell + TRANSACTION] ?? 0;
  }

  location(cell: Cell): LocationId {
    return this.#arena.words[cell + LOCATION] ?? 0;
  }

  state(cell: Cell): number {
    return Atomics.load(this.#arena.words, cell + STATE);
  }

  /** Replaces the state; returns the one before. */
  exchangeState(cell: Cell, state: number): number {
    return Atomics.exchange(this.#arena.words, cell + STATE, state);
  }

  markEstimate(cell: Cell): void {
    Atomics.or(this.#arena.words, cell + STATE, ESTIMATE);
  }

  /**
   * The highest cell that holds anything and is below the transaction; 0 = none. What it held is
   * then in `foundState`: read once, since it can change at any time.
   */
  latestBelow(location: LocationId, transactionIndex: number): Cell {
    let cell = this.first(location);
    while (cell !== 0) {
      if (this.transaction(cell) < transactionIndex) {
        this.foundState = this.state(cell);
        if (this.foundState !== 0) {
          return cell;
        }
      }
      cell = this.next(cell);
    }
    return 0;
  }

  /** The transaction's cell of the location, made if there is none. Throws CapacityExceeded. */
  cellOf(location: LocationId, transactionIndex: number): Cell {
    const { words } = this.#arena;
    let made = 0;
    for (;;) {
      let link = location + HEAD;
      let cell = Atomics.load(words, link);
      while (cell !== 0 && this.transaction(cell) > transactionIndex) {
        link = cell + NEXT;
        cell = Atomics.load(words, link);
      }
      if (cell !== 0 && this.transaction(cell) === transactionIndex) {
        return cell;
      }
      if (made === 0) {
        made = this.#arena.allocate(CELL_WORDS);
        words[made + TRANSACTION] = transactionIndex;
        words[made + LOCATION] = location;
      }
      Atomics.store(words, made + NEXT, cell);
      if (Atomics.compareExchange(words, link, cell, made) === cell) {
        return made;
      }
    }
  }

  /** A new immutable version record. Throws CapacityExceeded. */
  record(incarnation: number, value: bigint, flags = 0): VersionRecord {
    const { words, longs } = this.#arena;
    const record = this.#arena.allocate(RECORD_WORDS);
    words[record + INCARNATION] = incarnation;
    words[record + FLAGS] = flags;
    if (value !== 0n) {
      storeWord256(longs, (record + VALUE) >> 1, value);
    }
    return record;
  }

  /** A balance change: sign and magnitude, so that adding many up needs no bigint. */
  deltaRecord(incarnation: number, delta: bigint): VersionRecord {
    const magnitude = delta < 0n ? -delta : delta;
    const record = this.record(incarnation, magnitude);
    // Counted in the record: a bigint does not tell its size.
    const { words } = this.#arena;
    let limbs = DELTA_LIMBS;
    while (limbs > 0 && words[record + VALUE + limbs - 1] === 0) {
      limbs--;
    }
    words[record + FLAGS] = (delta < 0n ? NEGATIVE : 0) | (limbs << LIMBS_SHIFT);
    return record;
  }

  /** Adds the record's delta to `sum`, limb by limb (32 bits each, exact for 2^21 records). */
  addDelta(record: VersionRecord, sum: Float64Array): void {
    const { words } = this.#arena;
    const flags = words[record + FLAGS] ?? 0;
    const limbs = flags >> LIMBS_SHIFT;
    const sign = (flags & NEGATIVE) !== 0 ? -1 : 1;
    for (let limb = 0; limb < limbs; limb++) {
      sum[limb] = (sum[limb] ?? 0) + sign * ((words[record + VALUE + limb] ?? 0) >>> 0);
    }
  }

  delta(record: VersionRecord): bigint {
    const magnitude = this.value(record);
    return this.isNegative(record) ? -magnitude : magnitude;
  }

  incarnation(record: VersionRecord): number {
    return this.#arena.words[record + INCARNATION] ?? 0;
  }

  flags(record: VersionRecord): number {
    return this.#arena.words[record + FLAGS] ?? 0;
  }

  /** Index of the 8 words of `value`, even. */
  valueAt(record: VersionRecord): number {
    return record + VALUE;
  }

  /** Of a delta. */
  isNegative(record: VersionRecord): boolean {
    return (this.flags(record) & NEGATIVE) !== 0;
  }

  /** Unsigned; of a delta the magnitude. */
  value(record: VersionRecord): bigint {
    return loadWord256(this.#arena.longs, (record + VALUE) >> 1);
  }
}
