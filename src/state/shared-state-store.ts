/**
 * The canonical state in shared memory: what state-store.ts promises.
 *
 * Owns: the meaning of write sets and irregular changes, marks, the handle for workers.
 * Does not own: layout and undo (shared/), tries (trie/).
 *
 * Everything that changes state runs between two marks of the journal: if it fails half-way (a
 * broken invariant of the caller's) it is undone before the error leaves, so nothing is ever half
 * committed.
 */
import { keccak256Hex } from "../crypto/keccak256";
import { InvariantError, invariant } from "../errors/base-error";
import { type Address, EMPTY_CODE_HASH, type Hash } from "./hex";
import type { StateKey } from "./missing";
import { PACKED_KIND, type PackedWrites, PLACE, PLACE_WORDS } from "./packed-writes";
import { ACCOUNT_FIELD } from "./shared/account-table";
import { ForkLoader } from "./shared/fork-loader";
import { HistoricalReader } from "./shared/historical-reader";
import { Journal } from "./shared/journal";
import { SLOT_FIELD } from "./shared/slot-table";
import { buffersOf, type ForkAccess, TableReader } from "./shared/table-reader";
import { TableWriter } from "./shared/table-writer";
import { readValue } from "./shared/words";
import type { StateReader } from "./state-reader";
import type { StateSource } from "./state-source";
import type { AccountProof, SharedStateHandle, StateMark, StateStore } from "./state-store";
import { DistantTries, type RootThread } from "./trie/distant-tries";
import { type RootChoice, RootPace } from "./trie/root-pace";
import { StateTrie } from "./trie/state-trie";
import type { Write, WriteSet } from "./write-set";

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
  readonly #distantTries: DistantTries | null;
  readonly #rootChoice: RootChoice;
  /** where a root was made last, here or in the other thread */
  #rootedAt: StateMark = 0;
  /** null = not a fork */
  readonly #loader: ForkLoader | null;
  readonly #fork: ForkAccess | null;
  #handle: SharedStateHandle | null = null;

  constructor({
    source = null,
    rootThread = null,
    rootChoice = new RootPace(),
  }: SharedStateOptions) {
    this.#rootChoice = rootChoice;
    this.#fork = source === null ? null : { load: (keys) => this.load(keys) };
    this.#writer = new TableWriter(this.#journal, source !== null);
    this.#loader = source === null ? null : new ForkLoader(this.#writer, source);
    this.#reader = new TableReader(this.#writer.tables, this.#fork);
    const { tables } = this.#writer;
    this.#trie = new StateTrie(tables, this.#journal);
    this.#distantTries =
      rootThread === null ? null : new DistantTries(rootThread, tables, this.#journal);
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
    if (packed !== null) {
      this.#atomically(packed.count, undefined, () => this.#applyPacked(packed));
      return;
    }
    const { writes, codes } = set;
    this.#atomically(writes.length, codes, () => {
      const removed = this.#applyExistence(writes);
      for (const write of writes) {
        if (write.kind !== "existence") {
          if (removed.has(write.address)) {
            this.#applyToRemoved(write);
          } else {
            this.#applyOne(write);
          }
        }
      }
      for (const address of removed) {
        invariant(this.balance(address) === 0n, `the removed account ${address} keeps a balance`);
      }
    });
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
    this.#distantTries?.reverted(mark);
    this.#rootedAt = Math.min(this.#rootedAt, mark);
  }

  at(mark: StateMark): StateReader {
    return new HistoricalReader(this.#writer.tables, this.#journal, mark, this.#fork);
  }

  stateRoot(): Hash {
    this.#rootedAt = this.#journal.length;
    return this.#trie.stateRoot();
  }

  // Not async: the other thread is to begin before the caller goes on.
  stateRootSoon(): Promise<Hash> {
    const distant = this.#distantTries;
    if (distant === null || !distant.isWorthAsking(this.#journal.length - this.#rootedAt)) {
      return Promise.resolve(this.stateRoot());
    }
    if (!distant.isReady) {
      const began = performance.now();
      const root = this.stateRoot();
      return distant.startAfter(performance.now() - began).then(() => root);
    }
    const backlog = { here: this.#trie.backlog, there: distant.backlog };
    if (this.#rootChoice.choose(backlog) === "there") {
      return this.#distantRoot(distant, backlog.there);
    }
    const began = performance.now();
    const root = this.stateRoot();
    this.#rootChoice.note("here", performance.now() - began, backlog.here);
    return Promise.resolve(root);
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

  async #distantRoot(tries: DistantTries, backlog: number): Promise<Hash> {
    const began = performance.now();
    try {
      const answer = tries.stateRoot(this.share());
      const asked = performance.now();
      await Promise.resolve(); // the caller has done what it had to do meanwhile
      const waiting = performance.now();
      const root = await answer;
      this.#rootChoice.note("there", asked - began + performance.now() - waiting, backlog);
      this.#rootedAt = this.#journal.length;
      return root;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.emitWarning(
        `hardhat-parallel: the thread that computes state roots failed (${reason}). From now on they are computed in the calling thread: nothing is lost but time.`,
      );
      return this.stateRoot();
    }
  }

  /** Begins and ends lives; returns the accounts that do not exist after this write set. */
  #applyExistence(writes: readonly Write[]): ReadonlySet<Address> {
    const removed = new Set<Address>();
    for (const write of writes) {
      if (write.kind !== "existence") {
        continue;
      }
      if (write.exists) {
        const row = this.#writer.touch(write.address);
        if (write.clearsStorage) {
          this.#writer.clearStorage(row);
        }
      } else {
        removed.add(write.address);
        const row = this.#writer.tables.accounts.find(write.address);
        if (row !== -1) {
          this.#writer.remove(row);
        }
      }
    }
    return removed;
  }

  #applyOne(write: Exclude<Write, { kind: "existence" }>): void {
    const row = this.#writer.touch(write.address);
    switch (write.kind) {
      case "balance":
        this.#addToBalance(row, write.delta);
        break;
      case "nonce":
        this.#writer.setNonce(row, write.value);
        break;
      case "code":
        this.#writer.setCodeHash(row, write.codeHash);
        break;
      case "storage":
        this.#writer.setStorage(row, write.slot, write.value);
        break;
    }
  }

  /**
   * A write of an account that the same write set removes: only its balance delta says anything,
   * the rest may at most repeat that the account is blank. It does not bring the account back.
   */
  #applyToRemoved(write: Exclude<Write, { kind: "existence" }>): void {
    const row = this.#writer.tables.accounts.find(write.address);
    if (write.kind === "balance" && row !== -1) {
      this.#addToBalance(row, write.delta);
      return;
    }
    const blank =
      write.kind === "balance"
        ? write.delta === 0n
        : write.kind === "code"
          ? write.codeHash === EMPTY_CODE_HASH
          : write.value === 0n;
    invariant(blank, `the removed account ${write.address} is given a ${write.kind}`);
  }

  #applyPacked({ memory, places, count }: PackedWrites): void {
    const { words } = memory;
    for (let at = 0; at < count * PLACE_WORDS; at += PLACE_WORDS) {
      const row = this.#writer.touchWords(words, places[at + PLACE.address] ?? 0);
      const value = places[at + PLACE.value] ?? 0;
      switch (places[at + PLACE.kind]) {
        case PACKED_KIND.balance: {
          const change = readValue(memory, value / 2);
          this.#addToBalance(row, places[at + PLACE.negative] === 1 ? -change : change);
          break;
        }
        case PACKED_KIND.nonce:
          this.#writer.setNonce(row, readValue(memory, value / 2));
          break;
        case PACKED_KIND.storage:
          this.#writer.setStorageWords(row, words, places[at + PLACE.slot] ?? 0, value);
          break;
        default:
          throw new InvariantError(`a write of kind ${places[at + PLACE.kind]} is packed`);
      }
    }
  }

  #addToBalance(row: number, delta: bigint): void {
    const { accounts } = this.#writer.tables;
    const balance = accounts.balance(row) + delta;
    if (balance < 0n) {
      throw new InvariantError(
        `the balance of ${accounts.address(row)} would become ${balance} wei`,
      );
    }
    this.#writer.setBalance(row, balance);
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
