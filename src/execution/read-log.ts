/**
 * The read sets of a block's incarnations in shared memory, so that any thread can validate any
 * transaction.
 *
 * Owns: their layout. Does not own: whether a read still holds (validation.ts).
 * Invariant: a log is written once per incarnation and published by one atomic store.
 */
import { bigIntToHex32 } from "../state/bytes";
import type { Address } from "../state/hex";
import { type Read, type ReadOrigin, type ReadSet, UNBOUNDED } from "../state/read-set";
import type { LocationId } from "./location-reader";
import type { LocationTable } from "./location-table";
import type { SharedArena } from "./shared-arena";
import type { VersionedReader } from "./versioned-reader";
import { hashToWord, loadWord256, storeWord256 } from "./word256";

/** Entry: flags, location, origin, incarnation, min, max. */
const FLAGS = 0;
const LOCATION = 1;
const ORIGIN = 2;
const INCARNATION = 3;
const MIN = 4;
const MAX = 12;
/** An exact entry ends before MAX. */
const EXACT_WORDS = 12;
const INTERVAL_WORDS = 20;

const EXACT = 1;
const NO_MAX = 2;
const EXISTED = 4;
/** Storage was asked for (EIP-7610), and whether it had been cleared below. */
const STORAGE_ASKED = 8;
const STORAGE_CLEARED = 16;

export class ReadLog {
  readonly #arena: SharedArena;
  readonly #locations: LocationTable;
  readonly #directory: number;

  /** @param directory index of one word per transaction */
  constructor(arena: SharedArena, locations: LocationTable, directory: number) {
    this.#arena = arena;
    this.#locations = locations;
    this.#directory = directory;
  }

  /**
   * Publishes the reads of the transaction's latest incarnation. Throws CapacityExceeded.
   * @param reader what they were read by. Reads that it did not note one by one (another reader in
   *   between, say) are looked up.
   */
  publish(
    transactionIndex: number,
    reads: readonly Read[],
    { clearedBelow, noted }: Pick<VersionedReader, "clearedBelow" | "noted">,
  ): void {
    const isNoted = noted.length === reads.length;
    const { words } = this.#arena;
    let size = 2;
    for (const read of reads) {
      size += isInterval(read) ? INTERVAL_WORDS : EXACT_WORDS;
    }
    const log = this.#arena.allocate(size);
    words[log] = reads.length;
    let entry = log + 2;
    let position = 0;
    for (const read of reads) {
      words[entry + LOCATION] = isNoted ? (noted[position] ?? 0) : this.#locations.of(read);
      position++;
      this.#store(entry, read, clearedBelow);
      entry += isInterval(read) ? INTERVAL_WORDS : EXACT_WORDS;
    }
    Atomics.store(words, this.#directory + transactionIndex, log);
  }

  /**
   * The published read set.
   * @param origins where each read comes from in the final order (see Validator.finalOrigins)
   */
  readSet(transactionIndex: number, origins: readonly number[]): ReadSet {
    const reads: Read[] = [];
    this.every(transactionIndex, (entry) => {
      const transactionIndex = origins[reads.length] ?? -1;
      reads.push(this.#read(entry, { transactionIndex, incarnation: 0 }));
      return true;
    });
    return reads;
  }

  #read(entry: ReadEntry, origin: ReadOrigin): Read {
    const { longs } = this.#arena;
    const location = this.#locations.location(this.location(entry));
    const value = loadWord256(longs, (entry + MIN) >> 1);
    const { address } = location;
    switch (location.kind) {
      case "storage":
        return { kind: "storage", address, slot: location.slot, value, origin };
      case "code":
        return { kind: "code", address, codeHash: bigIntToHex32(value), origin };
      case "existence": {
        const exists = (this.#word(entry + FLAGS) & EXISTED) !== 0;
        return { kind: "existence", address, exists, origin };
      }
      default:
        return { kind: location.kind, address, min: value, max: this.#max(entry), origin };
    }
  }

  #max(entry: ReadEntry): bigint {
    const flags = this.#word(entry + FLAGS);
    if ((flags & NO_MAX) !== 0) {
      return UNBOUNDED;
    }
    const at = (flags & EXACT) !== 0 ? MIN : MAX;
    return loadWord256(this.#arena.longs, (entry + at) >> 1);
  }

  /** Calls `visit` for each entry until it returns false; true if all returned true. */
  every(transactionIndex: number, visit: (entry: ReadEntry) => boolean): boolean {
    const { words } = this.#arena;
    const log = Atomics.load(words, this.#directory + transactionIndex);
    let entry = log + 2;
    for (let left = log === 0 ? 0 : (words[log] ?? 0); left > 0; left--) {
      if (!visit(entry)) {
        return false;
      }
      entry += this.isExact(entry) ? EXACT_WORDS : INTERVAL_WORDS;
    }
    return true;
  }

  location(entry: ReadEntry): LocationId {
    return this.#word(entry + LOCATION);
  }

  /** Index of the transaction that the value came from, -1 = pre-state. */
  origin(entry: ReadEntry): number {
    return this.#word(entry + ORIGIN);
  }

  incarnation(entry: ReadEntry): number {
    return this.#word(entry + INCARNATION);
  }

  isExact(entry: ReadEntry): boolean {
    return (this.#word(entry + FLAGS) & EXACT) !== 0;
  }

  /** `admits` for an existence read. */
  admitsExistence(entry: ReadEntry, exists: boolean, cleared: boolean): boolean {
    const flags = this.#word(entry + FLAGS);
    return (
      ((flags & EXISTED) !== 0) === exists &&
      ((flags & STORAGE_ASKED) === 0 || ((flags & STORAGE_CLEARED) !== 0) === cleared)
    );
  }

  /** Would the transaction have observed the same if the value had been this one? */
  admits(entry: ReadEntry, value: bigint): boolean {
    const { longs } = this.#arena;
    const min = loadWord256(longs, (entry + MIN) >> 1);
    const flags = this.#word(entry + FLAGS);
    if ((flags & EXACT) !== 0) {
      return value === min;
    }
    return (
      value >= min && ((flags & NO_MAX) !== 0 || value <= loadWord256(longs, (entry + MAX) >> 1))
    );
  }

  #word(at: number): number {
    return this.#arena.words[at] ?? 0;
  }

  /** All but the locations. */
  #store(entry: ReadEntry, read: Read, clearedBelow: ReadonlyMap<Address, boolean>): void {
    const { words, longs } = this.#arena;
    let flags = EXACT;
    let value = 0n;
    switch (read.kind) {
      case "storage":
        value = read.value;
        break;
      case "code":
        value = hashToWord(read.codeHash);
        break;
      case "existence":
        flags |= existenceFlags(read.exists, clearedBelow.get(read.address));
        break;
      default:
        value = read.min;
        if (isInterval(read)) {
          flags = read.max >= UNBOUNDED ? NO_MAX : 0;
          storeWord256(longs, (entry + MAX) >> 1, read.max);
        }
    }
    words[entry + FLAGS] = flags;
    words[entry + ORIGIN] = read.origin.transactionIndex;
    words[entry + INCARNATION] = read.origin.incarnation;
    storeWord256(longs, (entry + MIN) >> 1, value);
  }
}

/** Index of an entry in the arena. */
export type ReadEntry = number;

function existenceFlags(exists: boolean, cleared: boolean | undefined): number {
  return (
    (exists ? EXISTED : 0) |
    (cleared === undefined ? 0 : STORAGE_ASKED) |
    (cleared === true ? STORAGE_CLEARED : 0)
  );
}

function isInterval(read: Read): boolean {
  return (read.kind === "balance" || read.kind === "nonce") && read.min !== read.max;
}
