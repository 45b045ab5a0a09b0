/**
 * The canonical state in shared memory: what state-store.ts promises.
 *
 * Owns: irregular changes, marks, the handle for workers, that all or nothing is applied.
 * Does not own: the meaning of write sets, layout and undo (shared/), tries and roots (trie/).
 *
 * Everything that changes state runs between two marks of the journal: if it fails half-way (a
 * broken invariant of the caller's) it is undone before the error leaves, so nothing is ever half
 * committed.
 */
import { keccak256Hex } from "../crypto/keccak256";
import { invariant } from "../errors/base-error";
import { type Address, EMPTY_CODE_HASH, type Hash } from "./hex";
import type { StateKey } from "./missing";
import { ACCOUNT_FIELD } from "./shared/account-table";
import { ForkLoader } from "./shared/fork-loader";
import { HistoricalReader } from "./shared/historical-reader";
import { Journal } from "./shared/journal";
import { SLOT_FIELD } from "./shared/slot-table";
import { buffersOf, type ForkAccess, TableReader } from "./shared/table-reader";
import { TableWriter } from "./shared/table-writer";
import { applyPacked, applyWrites } from "./shared/write-application";
import type { StateReader } from "./state-reader";
import type { StateSource } from "./state-source";
import type {
  AccountProof,
  PendingRoot,
  SharedStateHandle,
  StateMark,
  StateStore,
} from "./state-store";
import { DistantTries, type RootThread } from "./trie/distant-tries";
import { type RootChoice, RootPace } from "./trie/root-pace";
import { StateRoots } from "./trie/state-roots";
import { StateTrie } from "./trie/state-trie";
import type { WriteSet } from "./write-set";

export { openSharedState } from "./shared/table-reader";

export interface SharedStateOptions {
  /** the state at the fork block; null = there is nothing before */
  readonly source?: StateSource | null;
  /** computes large roots; null = the calling thread computes all */
  readonly rootThread?: RootThread | null;
  /** which of the large roots; default: those that it has made in less time */
  readonly rootChoice?: RootChoice;
}

/** A state without changes, owned by the calling thread: empty, or what the source has. */
export function createSharedStateStore(options: SharedStateOptions = {}): StateStore {
  return new SharedStateStore(options);
}

class SharedStateStore implements StateStore {
  readonly #journal = new Journal();
  readonly #writer: TableWriter;
  readonly #reader: TableReader;
  readonly #trie: StateTrie;
  readonly #roots: StateRoots;
  /** null = not a fork */
  readonly #loader: ForkLoader | null;
  readonly #fork: ForkAccess | null;
  #handle: SharedStateHandle | null = null;

  constructor({
    source = null,
    rootThread = null,
    rootChoice = new RootPace(),
  }: SharedStateOptions) {
    this.#fork = source === null ? null : { load: (keys) => this.load(keys) };
    this.#writer = new TableWriter(this.#journal, source !== null);
    this.#loader = source === null ? null : new ForkLoader(this.#writer, source);
    this.#reader = new TableReader(this.#writer.tables, this.#fork);
    const { tables } = this.#writer;
    this.#trie = new StateTrie(tables, this.#journal);
    const distant =
      rootThread === null
        ? null
        : new DistantTries(rootThread, tables, this.#journal, this.#trie.rows);
    this.#roots = new StateRoots(this.#trie, distant, rootChoice, this.#journal);
  }

  get isForked(): boolean {
    return this.#loader !== null;
  }

  async load(keys: readonly StateKey[]): Promise<void> {
    await this.#loader?.load(keys);
  }

  absent(keys: readonly StateKey[]): StateKey[] {
    return this.#loader?.absent(keys) ?? [];
  }

  prefetch(keys: readonly StateKey[]): void {
    this.#loader?.prefetch(keys);
  }

  exists(address: Address): boolean {
    return this.#reader.exists(address);
  }

  balance(address: Address): bigint {
    return this.#reader.balance(address);
  }

  nonce(address: Address): bigint {
    return this.#reader.nonce(address);
  }

  codeHash(address: Address): Hash {
    return this.#reader.codeHash(address);
  }

  code(codeHash: Hash): Uint8Array {
    return this.#reader.code(codeHash);
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#reader.storage(address, slot);
  }

  hasStorage(address: Address): boolean {
    return this.#reader.hasStorage(address);
  }

  apply(set: WriteSet): void {
    const packed = set.packed?.() ?? null;
    if (packed === null) {
      const { writes, codes } = set;
      this.#atomically(writes.length, codes, () => applyWrites(this.#writer, writes));
    } else {
      this.#atomically(packed.count, undefined, () => applyPacked(this.#writer, packed));
    }
  }

  setBalance(address: Address, value: bigint): void {
    this.#atomically(1, undefined, () =>
      this.#writer.setBalance(this.#writer.touch(address), value),
    );
  }

  setNonce(address: Address, value: bigint): void {
    this.#atomically(1, undefined, () => this.#writer.setNonce(this.#writer.touch(address), value));
  }

  setCode(address: Address, code: Uint8Array): void {
    const hash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
    this.#atomically(1, new Map([[hash, code]]), () =>
      this.#writer.setCodeHash(this.#writer.touch(address), hash),
    );
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    this.#atomically(1, undefined, () =>
      this.#writer.setStorage(this.#writer.touch(address), slot, value),
    );
  }

  mark(): StateMark {
    return this.#journal.length;
  }

  revertTo(mark: StateMark): void {
    invariant(
      Number.isInteger(mark) && mark >= 0 && mark <= this.#journal.length,
      `cannot revert to mark ${mark}: the journal is at ${this.#journal.length}`,
    );
    this.#writer.undoTo(mark);
    this.#trie.reverted(mark);
    this.#roots.reverted(mark);
  }

  at(mark: StateMark): StateReader {
    return new HistoricalReader(this.#writer.tables, this.#journal, mark, this.#fork);
  }

  stateRoot(): Hash {
    return this.#roots.here();
  }

  stateRootSoon(): PendingRoot {
    return this.#roots.soon(() => this.share());
  }

  catchUp(): Promise<void> {
    return this.#roots.catchUp(() => this.share());
  }

  proof(address: Address, slots: readonly bigint[], mark: StateMark = this.mark()): AccountProof {
    return this.#trie.proof(address, slots, mark);
  }

  storageRoot(address: Address): Hash {
    return this.#trie.storageRoot(address);
  }

  storageEntries(address: Address): [slot: bigint, value: bigint][] {
    const { accounts, slots } = this.#writer.tables;
    const entries: [bigint, bigint][] = [];
    const row = accounts.find(address);
    let slotRow = row === -1 ? -1 : accounts.word(row, ACCOUNT_FIELD.storageHead) - 1;
    while (slotRow !== -1) {
      const value = slots.value(slotRow);
      if (value !== 0n) {
        entries.push([slots.slot(slotRow), value]);
      }
      slotRow = slots.word(slotRow, SLOT_FIELD.next) - 1;
    }
    return entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  accounts(): Address[] {
    const { accounts } = this.#writer.tables;
    const addresses: Address[] = [];
    for (let row = 0; row < accounts.count; row++) {
      if (accounts.word(row, ACCOUNT_FIELD.exists) === 1) {
        addresses.push(accounts.address(row));
      }
    }
    return addresses.sort();
  }

  share(): SharedStateHandle {
    const { generation } = this.#writer;
    if (this.#handle === null || this.#handle.generation !== generation) {
      const buffers = buffersOf(this.#writer.tables);
      this.#handle = { buffers, generation, isForked: this.isForked };
    }
    return this.#handle;
  }

  #atomically(
    rows: number,
    codes: ReadonlyMap<Hash, Uint8Array> | undefined,
    change: () => void,
  ): void {
    const start = this.#journal.length;
    this.#writer.reserve(rows, codes);
    try {
      change();
    } catch (error) {
      this.revertTo(start);
      throw error;
    }
  }
}
