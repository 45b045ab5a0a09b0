/**
 * The multi-version memory of Block-STM: for every location of the block, what each transaction's
 * latest incarnation wrote to it.
 *
 * Owns: what a read below a transaction finds. Does not own: how versions get there
 * (version-writes.ts), the pre-state behind them (versioned-reader.ts), whether a read set still
 * holds (validation.ts).
 *
 * How the kinds of locations differ:
 * - balance: versions are deltas; a read adds up all below it, its origin is the highest writer.
 * - nonce: an estimate is as good as a value, since it is nearly always right (a prediction, or the
 *   nonce of the aborted incarnation): chains of one sender run at the same time.
 * - storage: the later of the slot's last writer and the account's last clearing writer answers.
 * - existence: the last existence write, or what a later write to the account implies.
 * - All other estimates stop the reader until the writer has executed; a balance of which only a
 *   bound is asked is read past them, and the location marked APPROXIMATED.
 */
import type { Address, Hash } from "../state/hex";
import type { LocationId } from "./location-reader";
import { BALANCE, CODE, EXISTENCE, HEAD, type LocationTable, NONCE } from "./location-table";
import type { SharedArena } from "./shared-arena";
import { CLEARS_STORAGE, DELTA_LIMBS, ESTIMATE, EXISTS, VersionLists } from "./version-lists";

/** What a read finds; writer, incarnation and value are then in the memory's fields. */
export type Resolution = "preState" | "version" | "estimate";

/** Bit in a balance location's kind word: some reader went past an estimate. */
export const APPROXIMATED = 0x100;

export class MultiVersionMemory {
  readonly locations: LocationTable;
  readonly #arena: SharedArena;
  readonly #lists: VersionLists;

  // The answer of the last read (see Resolution); valid until the next one.
  /** -1 with "preState"; the transaction to wait for with "estimate" */
  writer = -1;
  incarnation = 0;
  /** balance: the sum of deltas, signed */
  value = 0n;
  /** balance only: the highest transaction whose estimate was gone past, -1 = none */
  unfinished = -1;
  /** existence only; with "preState" what it was before the block */
  exists = false;
  /** existence only */
  cleared = false;

  readonly #sum = new Float64Array(DELTA_LIMBS);

  constructor(arena: SharedArena, locations: LocationTable) {
    this.#arena = arena;
    this.#lists = new VersionLists(arena);
    this.locations = locations;
  }

  /** Changes when the memory is used for another block. */
  get generation(): number {
    return this.#arena.generation;
  }

  /** Nonce or code. */
  read(location: LocationId, below: number): Resolution {
    const cell = this.#lists.latestBelow(location, below);
    return cell === 0
      ? this.#answerPreState()
      : this.#answer(this.#lists.transaction(cell), this.#lists.foundState, location);
  }

  /**
   * Is the account there? Answered by its last existence write; where that says no, by the first
   * later write of anything else to it, which made it exist.
   * Also tells in `cleared` whether any transaction below made the account anew or removed it.
   * @param existedBefore in the pre-state
   */
  readExistence(address: Address, below: number, existedBefore: boolean): Resolution {
    const lists = this.#lists;
    const location = this.locations.account(EXISTENCE, address);
    this.cleared = false;
    this.exists = existedBefore;
    let found: Resolution = this.#answerPreState();
    for (let life = lists.first(location); life !== 0; life = lists.next(life)) {
      const index = lists.transaction(life);
      const state = index < below ? lists.state(life) : 0;
      if ((state & ESTIMATE) !== 0) {
        return this.#answer(index, state, location);
      }
      if (state !== 0) {
        if (found === "preState") {
          found = this.#answer(index, state, location);
        }
        if ((lists.flags(state) & CLEARS_STORAGE) !== 0) {
          this.cleared = true;
          break;
        }
      }
    }
    return this.exists ? found : this.#impliedExistence(address, below, found);
  }

  /** The account was not there after `writer`: did a later transaction write to it? */
  #impliedExistence(address: Address, below: number, found: Resolution): Resolution {
    const lists = this.#lists;
    const after = this.writer;
    let first = below;
    let firstState = 0;
    let estimate = below;
    // A slot alone cannot be written: code that runs at the address came with one of these.
    for (const kind of [BALANCE, NONCE, CODE]) {
      const location = this.locations.account(kind, address);
      for (let cell = lists.first(location); cell !== 0; cell = lists.next(cell)) {
        const index = lists.transaction(cell);
        if (index <= after) {
          break;
        }
        const state = index < below ? lists.state(cell) : 0;
        if ((state & ESTIMATE) !== 0) {
          estimate = Math.min(estimate, index);
        } else if (state !== 0 && index < first) {
          first = index;
          firstState = state;
        }
      }
    }
    if (firstState !== 0) {
      this.writer = first;
      this.incarnation = lists.incarnation(firstState);
      this.exists = true;
      return "version";
    }
    if (estimate < below) {
      this.writer = estimate;
      return "estimate";
    }
    return found;
  }

  readStorage(slot: LocationId, below: number): Resolution {
    const lists = this.#lists;
    const existence = this.locations.existenceOf(slot);
    const cell = lists.latestBelow(slot, below);
    const state = lists.foundState;
    const writer = cell === 0 ? -1 : lists.transaction(cell);
    for (let life = lists.first(existence); life !== 0; life = lists.next(life)) {
      const index = lists.transaction(life);
      if (index <= writer) {
        break; // clearing comes before the same transaction's other writes
      }
      if (index < below) {
        const lifeState = lists.state(life);
        const clears =
          (lifeState & ESTIMATE) !== 0 ||
          (lifeState !== 0 && (lists.flags(lifeState) & CLEARS_STORAGE) !== 0);
        if (clears) {
          return this.#answer(index, lifeState, existence);
        }
      }
    }
    return cell === 0 ? this.#answerPreState() : this.#answer(writer, state, slot);
  }

  /**
   * Sum of the deltas below.
   * @param approximate go past estimates, by their last known delta
   */
  readBalance(location: LocationId, below: number, approximate: boolean): Resolution {
    const lists = this.#lists;
    if (approximate) {
      // Before the states are read: a publisher either sees the mark or was seen by this read.
      Atomics.or(this.#arena.words, location, APPROXIMATED);
    }
    let writer = -1;
    let incarnation = 0;
    this.unfinished = -1;
    const sum = this.#sum.fill(0);
    for (let cell = lists.first(location); cell !== 0; cell = lists.next(cell)) {
      const index = lists.transaction(cell);
      const state = index < below ? lists.state(cell) : 0;
      if (state !== 0) {
        const record = state & ~ESTIMATE;
        if (state !== record && !approximate) {
          this.writer = index;
          return "estimate";
        }
        if (state !== record && this.unfinished < 0) {
          this.unfinished = index;
        }
        if (record !== 0) {
          lists.addDelta(record, sum);
          if (writer < 0) {
            writer = index;
            incarnation = lists.incarnation(record);
          }
        }
      }
    }
    this.writer = writer;
    this.incarnation = incarnation;
    this.value = writer < 0 ? 0n : limbsToBigInt(sum);
    return writer < 0 ? "preState" : "version";
  }

  /** The highest transaction below that wrote the location (balance, nonce or code), -1 = none. */
  latestWriter(location: LocationId, below: number): number {
    const cell = this.#lists.latestBelow(location, below);
    return cell === 0 ? -1 : this.#lists.transaction(cell);
  }

  /** Bytes of a code deployed in this block, or null. The bytes are a copy. */
  codeBytes(hash: Hash): Uint8Array | null {
    const at = Atomics.load(this.#arena.words, this.locations.codeBytes(hash) + HEAD);
    if (at === 0) {
      return null;
    }
    const start = (at + 1) * 4;
    return this.#arena.bytes.slice(start, start + (this.#arena.words[at] ?? 0));
  }

  #answerPreState(): Resolution {
    this.writer = -1;
    this.incarnation = 0;
    this.value = 0n;
    return "preState";
  }

  /** @param state of a cell, not 0 */
  #answer(writer: number, state: number, location: LocationId): Resolution {
    const record = state & ~ESTIMATE;
    this.writer = writer;
    if (record === 0 || (record !== state && this.locations.kind(location) !== NONCE)) {
      return "estimate";
    }
    this.incarnation = this.#lists.incarnation(record);
    this.value = this.#lists.value(record);
    this.exists = (this.#lists.flags(record) & EXISTS) !== 0;
    return "version";
  }
}

function limbsToBigInt(limbs: Float64Array): bigint {
  let value = 0n;
  for (let i = limbs.length - 1; i >= 0; i--) {
    const limb = limbs[i] ?? 0;
    if (value !== 0n || limb !== 0) {
      value = (value << 32n) + BigInt(limb);
    }
  }
  return value;
}
