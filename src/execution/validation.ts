/**
 * Does what a transaction read still hold?
 *
 * Owns: the comparison. Does not own: read logs, versions, what happens to a transaction that fails.
 *
 * A read holds if it resolves to the version it came from, or to another version (or the pre-state)
 * that the transaction would not have told apart: an equal value, or for balances and nonces one
 * inside the observed interval. That is sound because a transaction's outcome is a function of what
 * it observed. An estimate below means that the read is about to change: it does not hold, unless
 * the read was of a kind that goes past estimates (multi-version-memory.ts says which).
 */
import { MissingState } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import type { LocationId } from "./location-reader";
import { BALANCE, CODE, EXISTENCE, NONCE, STORAGE } from "./location-table";
import type { MultiVersionMemory, Resolution } from "./multi-version-memory";
import type { ReadEntry, ReadLog } from "./read-log";
import { hashToWord } from "./word256";

/** The first read that does not hold, and the transaction whose write made it so. */
export interface Conflict {
  readonly location: LocationId;
  readonly writer: number;
}

export class Validator {
  readonly #memory: MultiVersionMemory;
  readonly #log: ReadLog;
  #preState: StateReader;
  readonly #valuesBefore = new Map<LocationId, bigint>();

  constructor(memory: MultiVersionMemory, log: ReadLog, preState: StateReader) {
    this.#memory = memory;
    this.#log = log;
    this.#preState = preState;
  }

  /** Validates the published reads of the transaction's latest incarnation; null = they hold. */
  firstConflict(transactionIndex: number): Conflict | null {
    let conflict: Conflict | null = null;
    this.#log.every(transactionIndex, (entry) => {
      if (this.#holds(entry, transactionIndex)) {
        return true;
      }
      // The writer is who answers now; if nobody does any more, the one whose version is gone.
      const now = this.#memory.writer;
      const writer = now < 0 ? this.#log.origin(entry) : now;
      conflict = { location: this.#log.location(entry), writer };
      return false;
    });
    return conflict;
  }

  /** The block is done, and its pre-state may change: from now on it is read here. */
  readBefore(before: StateReader): void {
    this.#preState = before;
  }

  /**
   * Where each read of the transaction comes from, in the order of the read set: the highest lower
   * writers, -1 = pre-state. Only once the block is done, when all reads are known to hold.
   */
  finalOrigins(transactionIndex: number): readonly number[] {
    const origins: number[] = [];
    this.#log.every(transactionIndex, (entry) => {
      origins.push(this.#writerBelow(entry, transactionIndex));
      return true;
    });
    return origins;
  }

  #writerBelow(entry: ReadEntry, below: number): number {
    const memory = this.#memory;
    const location = this.#log.location(entry);
    switch (memory.locations.kind(location)) {
      case EXISTENCE: {
        const address = memory.locations.address(location);
        memory.readExistence(address, below, this.#preState.exists(address));
        return memory.writer;
      }
      case STORAGE:
        memory.readStorage(location, below);
        return memory.writer;
      default:
        return memory.latestWriter(location, below);
    }
  }

  /**
   * A read that now goes down to what is not loaded (its writer's version is gone) does not hold: the
   * transaction runs again, and misses it then.
   */
  #holds(entry: ReadEntry, below: number): boolean {
    try {
      return this.#holdsInLoaded(entry, below);
    } catch (error) {
      if (error instanceof MissingState) {
        return false;
      }
      throw error;
    }
  }

  #holdsInLoaded(entry: ReadEntry, below: number): boolean {
    const memory = this.#memory;
    const log = this.#log;
    const location = log.location(entry);
    switch (memory.locations.kind(location)) {
      case BALANCE: {
        // Exact reads wait for estimates, bounds go past them, just as in the execution.
        const found = memory.readBalance(location, below, !log.isExact(entry));
        if (found === "estimate") {
          return false;
        }
        if (found === "preState" && log.origin(entry) < 0) {
          return true; // it came from there
        }
        return log.admits(entry, BigInt.asUintN(256, this.#before(location) + memory.value));
      }
      case EXISTENCE: {
        const address = memory.locations.address(location);
        const found = memory.readExistence(address, below, this.#preState.exists(address));
        return found !== "estimate" && log.admitsExistence(entry, memory.exists, memory.cleared);
      }
      case STORAGE: {
        // The version alone says nothing: a transaction that clears a storage and then writes to it
        // answers twice, and between its two writes a reader may have had the first answer.
        const found = memory.readStorage(location, below);
        return found !== "estimate" && this.#admits(entry, found);
      }
      default:
        return this.#sameOrAdmitted(entry, memory.read(location, below));
    }
  }

  #sameOrAdmitted(entry: ReadEntry, found: Resolution): boolean {
    if (found === "estimate") {
      return false;
    }
    const { writer, incarnation } = this.#memory;
    return (
      (writer === this.#log.origin(entry) && incarnation === this.#log.incarnation(entry)) ||
      this.#admits(entry, found)
    );
  }

  #admits(entry: ReadEntry, found: Exclude<Resolution, "estimate">): boolean {
    if (found === "version") {
      return this.#log.admits(entry, this.#memory.value);
    }
    // What came from the pre-state is still what it was.
    return (
      this.#log.origin(entry) < 0 ||
      this.#log.admits(entry, this.#before(this.#log.location(entry)))
    );
  }

  /** The location's value in the pre-state, as it is compared; the same for the whole block. */
  #before(location: LocationId): bigint {
    let value = this.#valuesBefore.get(location);
    if (value === undefined) {
      value = this.#lookUpBefore(location);
      this.#valuesBefore.set(location, value);
    }
    return value;
  }

  #lookUpBefore(location: LocationId): bigint {
    const { locations } = this.#memory;
    const address = locations.address(location);
    switch (locations.kind(location)) {
      case BALANCE:
        return this.#preState.balance(address);
      case NONCE:
        return this.#preState.nonce(address);
      case CODE:
        return hashToWord(this.#preState.codeHash(address));
      default:
        return this.#preState.storage(address, locations.slot(location));
    }
  }
}
