/**
 * The multi-version memory of Block-STM: for every location of the block, what each transaction's
 * latest incarnation wrote to it.
 *
 * Owns: versions and estimates, and what a read below a transaction finds. Does not own: the
 * pre-state behind them (versioned-reader.ts), whether a read set still holds (validation.ts).
 *
 * How the kinds of locations differ:
 * - balance: versions are deltas; a read adds up all below it, its origin is the highest writer.
 * - nonce: an estimate is as good as a value, since it is nearly always right (a prediction, or the
 *   nonce of the aborted incarnation): chains of one sender run at the same time.
 * - storage: the later of the slot's last writer and the account's last clearing writer answers.
 * - all other estimates stop the reader until the writer has executed.
 *
 * Invariant: if a published version differs from the estimate that a reader was allowed to use,
 * `publish` says so and everything above is validated again. Only nonces, and balances whose
 * location carries APPROXIMATED, are read through estimates.
 */
import type { Address, Hash } from "../state/hex";
import { EMPTY_CODE_HASH } from "../state/hex";
import { locationKey } from "../state/location";
import type { Read } from "../state/read-set";
import type { Write, WriteSet } from "../state/write-set";
import {
  accountKind,
  BALANCE,
  CODE,
  EXISTENCE,
  HEAD,
  type LocationId,
  type LocationTable,
  NONCE,
} from "./location-table";
import type { SharedArena } from "./shared-arena";
import {
  type Cell,
  CLEARS_STORAGE,
  DELTA_LIMBS,
  ESTIMATE,
  EXISTS,
  VersionLists,
  type VersionRecord,
} from "./version-lists";
import { hashToWord } from "./word256";

/** What a read finds; writer, incarnation and value are then in the memory's fields. */
export type Resolution = "preState" | "version" | "estimate";

/** Bit in a balance location's kind word: some reader went past an estimate. */
const APPROXIMATED = 0x100;
/** incarnation of a predicted version */
const PREDICTED = -1;
const NO_CELLS = new Int32Array(0);

export class MultiVersionMemory {
  readonly locations: LocationTable;
  readonly #arena: SharedArena;
  readonly #lists: VersionLists;
  /** Arena index of one word per transaction: the list of cells its latest incarnation wrote. */
  readonly #directory: number;

  // The answer of the last read (see Resolution); valid until the next one.
  /** -1 with "preState"; the transaction to wait for with "estimate" */
  writer = -1;
  incarnation = 0;
  /** balance: the sum of deltas, signed */
  value = 0n;
  /** existence only; with "preState" what it was before the block */
  exists = false;
  /** existence only */
  cleared = false;

  readonly #sum = new Float64Array(DELTA_LIMBS);

  /** @param directory index that `reserveDirectory` gave */
  constructor(arena: SharedArena, locations: LocationTable, directory: number) {
    this.#arena = arena;
    this.#lists = new VersionLists(arena);
    this.locations = locations;
    this.#directory = directory;
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

  /** @param existence location of the account's existence */
  readStorage(slot: LocationId, existence: LocationId, below: number): Resolution {
    const lists = this.#lists;
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
    const at = Atomics.load(this.#arena.words, this.locations.codeBytes(hashToWord(hash)) + HEAD);
    if (at === 0) {
      return null;
    }
    const start = (at + 1) * 4;
    return this.#arena.bytes.slice(start, start + (this.#arena.words[at] ?? 0));
  }

  /**
   * Predicts, before the block starts, what a transaction will write: nonces that a reader may use,
   * and balances that an exact reader waits for. At most once per transaction.
   */
  predict(
    transactionIndex: number,
    nonces: readonly { readonly address: Address; readonly value: bigint }[],
    balances: readonly Address[],
  ): void {
    const cells: Cell[] = [];
    for (const { address, value } of nonces) {
      const cell = this.#lists.cellOf(this.locations.account(NONCE, address), transactionIndex);
      this.#lists.exchangeState(cell, this.#lists.record(PREDICTED, value) | ESTIMATE);
      cells.push(cell);
    }
    for (const address of balances) {
      const cell = this.#lists.cellOf(this.locations.account(BALANCE, address), transactionIndex);
      this.#lists.exchangeState(cell, ESTIMATE);
      cells.push(cell);
    }
    this.#storeWritten(transactionIndex, cells);
  }

  /**
   * Replaces what earlier incarnations of the transaction wrote.
   * @returns true if a transaction above may have read something else without meeting an estimate
   * @throws CapacityExceeded
   */
  publish(transactionIndex: number, incarnation: number, writes: WriteSet): boolean {
    // Bytes first: whoever sees the new code hash finds them.
    for (const [hash, bytes] of writes.codes) {
      this.#publishCode(hash, bytes);
    }
    const cells: Cell[] = [];
    let changesReads = false;
    for (const write of withImpliedWrites(writes.writes)) {
      const location = this.locationOf(write);
      const cell = this.#lists.cellOf(location, transactionIndex);
      const record = this.#recordOf(write, incarnation);
      const before = this.#lists.exchangeState(cell, record);
      if (before === 0 || this.#correctsEstimate(location, before, record)) {
        changesReads = true;
      }
      cells.push(cell);
    }
    const kept = new Set(cells);
    for (const cell of this.#written(transactionIndex)) {
      if (!kept.has(cell)) {
        const before = this.#lists.exchangeState(cell, 0);
        if (this.#correctsEstimate(this.#lists.location(cell), before, 0)) {
          changesReads = true;
        }
      }
    }
    this.#storeWritten(transactionIndex, cells);
    return changesReads;
  }

  /** After an abort: who reads these locations now waits for the next incarnation. */
  markEstimates(transactionIndex: number): void {
    for (const cell of this.#written(transactionIndex)) {
      this.#lists.markEstimate(cell);
    }
  }

  locationOf(write: Write | Read): LocationId {
    return write.kind === "storage"
      ? this.locations.storage(write.address, write.slot)
      : this.locations.account(accountKind(write.kind), write.address);
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

  #recordOf(write: Write, incarnation: number): VersionRecord {
    switch (write.kind) {
      case "balance":
        return this.#lists.deltaRecord(incarnation, write.delta);
      case "nonce":
      case "storage":
        return this.#lists.record(incarnation, write.value);
      case "code":
        return this.#lists.record(incarnation, hashToWord(write.codeHash));
      case "existence": {
        const cleared = write.clearsStorage || !write.exists;
        return this.#lists.record(
          incarnation,
          0n,
          (write.exists ? EXISTS : 0) | (cleared ? CLEARS_STORAGE : 0),
        );
      }
    }
  }

  /** Could a reader have used the estimate `before` and got something else than what is there now? */
  #correctsEstimate(location: LocationId, before: number, record: VersionRecord): boolean {
    const word = Atomics.load(this.#arena.words, location);
    const kind = this.locations.kind(location);
    if (kind !== NONCE && (kind !== BALANCE || (word & APPROXIMATED) === 0)) {
      return false;
    }
    const used = before & ~ESTIMATE;
    if (kind === NONCE) {
      return used !== 0 && (record === 0 || this.#lists.value(used) !== this.#lists.value(record));
    }
    // An absent delta counts as none.
    const delta = used === 0 ? 0n : this.#lists.delta(used);
    return delta !== (record === 0 ? 0n : this.#lists.delta(record));
  }

  #publishCode(hash: Hash, bytes: Uint8Array): void {
    const { words } = this.#arena;
    const head = this.locations.codeBytes(hashToWord(hash)) + HEAD;
    if (Atomics.load(words, head) === 0) {
      const at = this.#arena.allocate(1 + Math.ceil(bytes.length / 4));
      words[at] = bytes.length;
      this.#arena.bytes.set(bytes, (at + 1) * 4);
      // Another thread may be first with the same bytes.
      Atomics.compareExchange(words, head, 0, at);
    }
  }

  #written(transactionIndex: number): Int32Array {
    const { words } = this.#arena;
    const at = Atomics.load(words, this.#directory + transactionIndex);
    return at === 0 ? NO_CELLS : words.subarray(at + 1, at + 1 + (words[at] ?? 0));
  }

  #storeWritten(transactionIndex: number, cells: readonly Cell[]): void {
    const at = this.#arena.allocate(1 + cells.length);
    this.#arena.words[at] = cells.length;
    this.#arena.words.set(cells, at + 1);
    Atomics.store(this.#arena.words, this.#directory + transactionIndex, at);
  }
}

/** One word per transaction, for the constructor; made once per block, before threads join. */
export function reserveDirectory(arena: SharedArena, transactions: number): number {
  return arena.allocate(transactions);
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

/** A removed account also has no nonce and no code, whether or not its write set says so. */
function withImpliedWrites(writes: readonly Write[]): readonly Write[] {
  const removed = writes.filter((write) => write.kind === "existence" && !write.exists);
  if (removed.length === 0) {
    return writes;
  }
  const present = new Set(writes.map((write) => locationKey(write)));
  const implied: Write[] = removed.flatMap(({ address }) => [
    { kind: "nonce", address, value: 0n },
    { kind: "code", address, codeHash: EMPTY_CODE_HASH },
  ]);
  return [...writes, ...implied.filter((write) => !present.has(locationKey(write)))];
}
