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
import { invariant } from "../errors/base-error";
import { bigIntToHex32 } from "../state/bytes";
import type { Address, Hash } from "../state/hex";
import { EMPTY_CODE_HASH } from "../state/hex";
import { locationKey } from "../state/location";
import { type PackedWrites, PLACE, PLACE_WORDS, type PlaceList } from "../state/packed-writes";
import type { WordViews } from "../state/shared/words";
import type { Write, WriteSet } from "../state/write-set";
import type { LocationId } from "./location-reader";
import { BALANCE, HEAD, type LocationTable, NONCE, SLOT, STORAGE } from "./location-table";
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

/** Arena index of the number of cells, which follow; 0 = none. */
type CellList = number;

/** incarnation of a predicted version */
const PREDICTED = -1;
/** cells of an earlier list that are looked through */
const SHORT_LIST = 8;

export class VersionWrites {
  readonly #arena: SharedArena;
  readonly #lists: VersionLists;
  readonly #locations: LocationTable;
  /** Arena index of one word per transaction: the list of cells its latest incarnation wrote. */
  readonly #directory: number;
  readonly #memory: WordViews;

  /** @param directory index of one word per transaction */
  constructor(arena: SharedArena, locations: LocationTable, directory: number) {
    this.#arena = arena;
    this.#lists = new VersionLists(arena);
    this.#locations = locations;
    this.#directory = directory;
    this.#memory = arena.views;
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
   * @param at location of each write, 0 or absent = to be looked up
   * @returns true if a transaction above may have read something else without meeting an estimate
   * @throws CapacityExceeded
   */
  publish(
    transactionIndex: number,
    incarnation: number,
    writes: WriteSet,
    at: readonly LocationId[] = [],
  ): boolean {
    // Bytes first: whoever sees the new code hash finds them.
    for (const [hash, bytes] of writes.codes) {
      this.#publishCode(hash, bytes);
    }
    const all = withImpliedWrites(writes.writes);
    const earlier = this.#written(transactionIndex);
    const written = this.#arena.allocate(1 + all.length);
    const { words } = this.#arena;
    words[written] = all.length;
    let changesReads = false;
    let position = 0;
    for (const write of all) {
      const location = at[position] || this.#locations.of(write);
      const known = this.#cellAmong(earlier, position, location);
      const cell = known === 0 ? this.#lists.cellOf(location, transactionIndex) : known;
      const record = this.#recordOf(write, incarnation);
      const before = this.#lists.exchangeState(cell, record);
      if (before === 0 || this.#correctsEstimate(location, before, record)) {
        changesReads = true;
      }
      words[written + 1 + position] = cell;
      position++;
    }
    if (this.#removeOthers(earlier, written)) {
      changesReads = true;
    }
    Atomics.store(words, this.#directory + transactionIndex, written);
    return changesReads;
  }

  /**
   * The cell of the location in an earlier list of the same transaction, 0 = not seen there. A location has
   * a cell per transaction that writes it, so looking for one's own from its head would cost the block's size;
   * in one's own list it is where it was in the incarnation before, or near the start.
   */
  #cellAmong(earlier: CellList, position: number, location: LocationId): Cell {
    const count = this.#count(earlier);
    if (position < count) {
      const likely = this.#cell(earlier, position);
      if (this.#lists.location(likely) === location) {
        return likely;
      }
    }
    for (let i = 0; i < count && i < SHORT_LIST; i++) {
      const cell = this.#cell(earlier, i);
      if (this.#lists.location(cell) === location) {
        return cell;
      }
    }
    return 0;
  }

  /** Takes back what only earlier incarnations wrote; true if that changes reads. */
  #removeOthers(earlier: CellList, written: CellList): boolean {
    const count = this.#count(earlier);
    const kept = count > SHORT_LIST ? new Set(this.#cells(written)) : null;
    let changesReads = false;
    for (let i = 0; i < count; i++) {
      const cell = this.#cell(earlier, i);
      if (!(kept?.has(cell) ?? this.#includes(written, cell))) {
        const before = this.#lists.exchangeState(cell, 0);
        if (this.#correctsEstimate(this.#lists.location(cell), before, 0)) {
          changesReads = true;
        }
      }
    }
    return changesReads;
  }

  /**
   * What the transaction's latest incarnation published, as it was handed to `publish`; of a removed
   * account also the writes that its removal implies.
   * @param codeBytes bytes of a code deployed in this block
   */
  writeSet(transactionIndex: number, codeBytes: (hash: Hash) => Uint8Array | null): WriteSet {
    const writes: Write[] = [];
    const codes = new Map<Hash, Uint8Array>();
    for (const cell of this.#cells(this.#written(transactionIndex))) {
      const write = this.#writeOf(cell);
      writes.push(write);
      if (write.kind === "code" && write.codeHash !== EMPTY_CODE_HASH) {
        const bytes = codeBytes(write.codeHash);
        invariant(bytes !== null, () => `no bytes of the code ${write.codeHash} that was written`);
        codes.set(write.codeHash, bytes);
      }
    }
    return { writes, codes };
  }

  /**
   * The same as words in the block's memory; null if they are not of kinds that can be packed. Only once
   * the block is done.
   * @param list where their places are added
   */
  packed(transactionIndex: number, list: PlaceList): PackedWrites | null {
    const written = this.#written(transactionIndex);
    const count = this.#count(written);
    const start = list.reserve(count);
    const { places } = list;
    const lists = this.#lists;
    for (let i = 0; i < count; i++) {
      const cell = this.#cell(written, i);
      const location = lists.location(cell);
      const kind = this.#locations.kind(location);
      if (kind !== BALANCE && kind !== NONCE && kind !== STORAGE) {
        return null;
      }
      const record = lists.state(cell) & ~ESTIMATE;
      const at = start + i * PLACE_WORDS;
      places[at + PLACE.kind] = kind;
      places[at + PLACE.address] = this.#locations.addressAt(location);
      places[at + PLACE.slot] = location + SLOT;
      places[at + PLACE.value] = lists.valueAt(record);
      places[at + PLACE.negative] = kind === BALANCE && lists.isNegative(record) ? 1 : 0;
    }
    return { memory: this.#memory, list, start, count };
  }

  #writeOf(cell: Cell): Write {
    const lists = this.#lists;
    const location = this.#locations.location(lists.location(cell));
    const record = lists.state(cell) & ~ESTIMATE;
    const { address } = location;
    switch (location.kind) {
      case "balance":
        return { kind: "balance", address, delta: lists.delta(record) };
      case "nonce":
        return { kind: "nonce", address, value: lists.value(record) };
      case "code":
        return { kind: "code", address, codeHash: bigIntToHex32(lists.value(record)) };
      case "existence": {
        const flags = lists.flags(record);
        return {
          kind: "existence",
          address,
          exists: (flags & EXISTS) !== 0,
          clearsStorage: (flags & CLEARS_STORAGE) !== 0,
        };
      }
      case "storage":
        return { kind: "storage", address, slot: location.slot, value: lists.value(record) };
    }
  }

  /** After an abort: who reads these locations now waits for the next incarnation. */
  markEstimates(transactionIndex: number): void {
    for (const cell of this.#cells(this.#written(transactionIndex))) {
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
    const head = this.#locations.codeBytes(hash) + HEAD;
    if (Atomics.load(words, head) === 0) {
      const at = this.#arena.allocate(1 + Math.ceil(bytes.length / 4));
      words[at] = bytes.length;
      this.#arena.bytes.set(bytes, (at + 1) * 4);
      // Another thread may be first with the same bytes.
      Atomics.compareExchange(words, head, 0, at);
    }
  }

  /** What the latest incarnation wrote, or is predicted to write. */
  #written(transactionIndex: number): CellList {
    return Atomics.load(this.#arena.words, this.#directory + transactionIndex);
  }

  #count(list: CellList): number {
    return list === 0 ? 0 : (this.#arena.words[list] ?? 0);
  }

  #cell(list: CellList, position: number): Cell {
    return this.#arena.words[list + 1 + position] ?? 0;
  }

  #includes(list: CellList, cell: Cell): boolean {
    const end = list + 1 + this.#count(list);
    for (let at = list + 1; at < end; at++) {
      if (this.#arena.words[at] === cell) {
        return true;
      }
    }
    return false;
  }

  /** All of them. Where it is worth a view: most lists are short, and a view takes longer than they do. */
  #cells(list: CellList): Int32Array {
    return this.#arena.words.subarray(list + 1, list + 1 + this.#count(list));
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
  if (!writes.some(isRemoval)) {
    return writes;
  }
  const removed = writes.filter(isRemoval);
  const present = new Set(writes.map((write) => locationKey(write)));
  const implied: Write[] = removed.flatMap(({ address }) => [
    { kind: "nonce", address, value: 0n },
    { kind: "code", address, codeHash: EMPTY_CODE_HASH },
  ]);
  return [...writes, ...implied.filter((write) => !present.has(locationKey(write)))];
}

function isRemoval(write: Write): boolean {
  return write.kind === "existence" && !write.exists;
}
