/**
 * Writing into the multi-version memory: what incarnations publish, what is predicted of them, and
 * what is left of them when they abort.
 *
 * Owns: each transaction's list of written cells. Does not own: how versions are read
 * (multi-version-memory.ts), when an incarnation is published or aborted (block-participant.ts).
 *
 * Invariant: if a published version differs from the estimate that a reader was allowed to use,
 * `publish` says so and everything above is validated again. Only nonces, and balances whose
 * location carries APPROXIMATED, are read through estimates.
 */
import type { Address, Hash } from "../state/hex";
import { EMPTY_CODE_HASH } from "../state/hex";
import { locationKey } from "../state/location";
import type { Write, WriteSet } from "../state/write-set";
import { BALANCE, HEAD, type LocationId, type LocationTable, NONCE } from "./location-table";
import { APPROXIMATED } from "./multi-version-memory";
import type { SharedArena } from "./shared-arena";
import {
  type Cell,
  CLEARS_STORAGE,
  ESTIMATE,
  EXISTS,
  VersionLists,
  type VersionRecord,
} from "./version-lists";
import { hashToWord } from "./word256";

/** incarnation of a predicted version */
const PREDICTED = -1;
const NO_CELLS = new Int32Array(0);

export class VersionWrites {
  readonly #arena: SharedArena;
  readonly #lists: VersionLists;
  readonly #locations: LocationTable;
  /** Arena index of one word per transaction: the list of cells its latest incarnation wrote. */
  readonly #directory: number;

  /** @param directory index of one word per transaction */
  constructor(arena: SharedArena, locations: LocationTable, directory: number) {
    this.#arena = arena;
    this.#lists = new VersionLists(arena);
    this.#locations = locations;
    this.#directory = directory;
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
      const cell = this.#lists.cellOf(this.#locations.account(NONCE, address), transactionIndex);
      this.#lists.exchangeState(cell, this.#lists.record(PREDICTED, value) | ESTIMATE);
      cells.push(cell);
    }
    for (const address of balances) {
      const cell = this.#lists.cellOf(this.#locations.account(BALANCE, address), transactionIndex);
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
      const location = this.#locations.of(write);
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
    const kind = this.#locations.kind(location);
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
    const head = this.#locations.codeBytes(hashToWord(hash)) + HEAD;
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
