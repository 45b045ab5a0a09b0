/**
 * Writing to the tables, one location at a time, with an undo entry for every change.
 *
 * Owns: the journal entries and their undoing, growth of the tables. Does not own: what a write set
 * means (shared-state-store.ts).
 *
 * Invariant: rows are made and taken back in strict last-in-first-out order (hash-index.ts builds on
 * it), so a table never holds a row that no journal entry made. Over a fork no row is ever taken back
 * (fork-rows.ts).
 */
import { InvariantError, invariant } from "../../errors/base-error";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../hex";
import type { StateMark } from "../state-store";
import { ACCOUNT_FIELD, ACCOUNT_STRIDE, AccountTable } from "./account-table";
import { CodeTable } from "./code-table";
import { isRemoteStorage } from "./fork-rows";
import { CHANGE, type Journal } from "./journal";
import { SLOT_FIELD, SLOT_STRIDE, SlotTable } from "./slot-table";
import type { StateTables } from "./table-reader";
import {
  copyWords,
  equalWords,
  isZero,
  WORDS_PER_VALUE,
  wordsToAddress,
  wordViews,
  writeValue,
} from "./words";

/** EIP-2681 leaves out the last one, the table need not. */
const MAX_NONCE = (1n << 64n) - 1n;

const FIRST_ACCOUNTS = 512;
const FIRST_SLOTS = 2048;
const FIRST_CODES = 64;
const FIRST_ARENA_BYTES = 64 * 1024;

/** Offset and count of the words that an entry of each account kind saves. */
const SAVED_WORDS = {
  [CHANGE.life]: { field: ACCOUNT_FIELD.exists, count: 4 },
  [CHANGE.balance]: { field: ACCOUNT_FIELD.balance, count: WORDS_PER_VALUE },
  [CHANGE.nonce]: { field: ACCOUNT_FIELD.nonce, count: 2 },
  [CHANGE.code]: { field: ACCOUNT_FIELD.codeId, count: 1 },
} as const;

export class TableWriter {
  readonly tables: StateTables = {
    accounts: AccountTable.create(FIRST_ACCOUNTS),
    slots: SlotTable.create(FIRST_SLOTS),
    codes: CodeTable.create(FIRST_CODES, FIRST_ARENA_BYTES),
  };
  readonly #journal: Journal;
  /** Never reused, so that a number names one life of one storage for ever. */
  #nextStorageId = 1;
  #generation = 0;
  readonly #scratch = wordViews(new ArrayBuffer(WORDS_PER_VALUE * 4));
  readonly #isForked: boolean;
  /** Over a fork: the storage at the fork block of account rows that have another one now. */
  readonly #leftStorages = new Map<number, number>();

  constructor(journal: Journal, isForked = false) {
    this.#journal = journal;
    this.#isForked = isForked;
  }

  /** A new id of a storage. */
  newStorageId(): number {
    return this.#nextStorageId++;
  }

  /** The storage that an account has at the fork block; null if the account is not loaded. */
  remoteStorageOf(address: Address): number | null {
    const { accounts } = this.tables;
    const row = accounts.find(address);
    if (row === -1) {
      return null;
    }
    const current = accounts.word(row, ACCOUNT_FIELD.storageId);
    return isRemoteStorage(current) ? current : (this.#leftStorages.get(row) ?? null);
  }

  /** Number of times that the tables moved to larger buffers. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Stores new codes and makes room for this many more rows. Called before the first change of a
   * commit: if anything has to grow, all of it moves, and readers of the old buffers are left with
   * the last commit, whole.
   */
  reserve(rows: number, codes?: ReadonlyMap<Hash, Uint8Array>): void {
    const { accounts, slots } = this.tables;
    let grew = false;
    for (const [hash, code] of codes ?? []) {
      if (this.tables.codes.id(hash) === -1) {
        grew = this.tables.codes.add(hash, code) || grew;
      }
    }
    const neededAccounts = accounts.count + rows;
    const neededSlots = slots.count + rows;
    if (grew || neededAccounts > accounts.capacity || neededSlots > slots.capacity) {
      accounts.moveTo(doubledTo(accounts.capacity, neededAccounts));
      slots.moveTo(doubledTo(slots.capacity, neededSlots));
      this.#generation++;
    }
  }

  /** Row of an account that exists from now on. */
  touch(address: Address): number {
    const found = this.tables.accounts.find(address);
    return this.#isAlive(found) ? found : this.#bringToLife(found, address);
  }

  /** The same of an account whose address is in `source` from `at` on, as words. */
  touchWords(source: Uint32Array, at: number): number {
    const found = this.tables.accounts.findWords(source, at);
    return this.#isAlive(found) ? found : this.#bringToLife(found, wordsToAddress(source, at));
  }

  #isAlive(row: number): boolean {
    return row !== -1 && this.tables.accounts.word(row, ACCOUNT_FIELD.exists) === 1;
  }

  /** @param found the account's row, -1 if it has none yet */
  #bringToLife(found: number, address: Address): number {
    const { accounts } = this.tables;
    invariant(found !== -1 || !this.#isForked, () => `${address} is written before it was loaded`);
    const row = found === -1 ? accounts.append(address, this.#nextStorageId++) : found;
    this.#recordAccount(CHANGE.life, row, found === -1);
    accounts.setWord(row, ACCOUNT_FIELD.exists, 1);
    return row;
  }

  setBalance(row: number, value: bigint): void {
    const { accounts } = this.tables;
    if (accounts.balance(row) !== value) {
      this.#recordAccount(CHANGE.balance, row);
      writeValue(accounts.views.bigs, (row * ACCOUNT_STRIDE + ACCOUNT_FIELD.balance) / 2, value);
    }
  }

  setNonce(row: number, value: bigint): void {
    const { accounts } = this.tables;
    if (value < 0n || value > MAX_NONCE) {
      throw new InvariantError(`nonce ${value} does not fit 64 bits`);
    }
    if (accounts.nonce(row) !== value) {
      this.#recordAccount(CHANGE.nonce, row);
      accounts.views.bigs[(row * ACCOUNT_STRIDE + ACCOUNT_FIELD.nonce) / 2] = value;
    }
  }

  /** The code must be stored already (`reserve`). */
  setCodeHash(row: number, codeHash: Hash): void {
    const { accounts, codes } = this.tables;
    const id = codes.id(codeHash);
    invariant(id !== -1, () => `the code with hash ${codeHash} was not given`);
    if (accounts.word(row, ACCOUNT_FIELD.codeId) !== id) {
      this.#recordAccount(CHANGE.code, row);
      accounts.setWord(row, ACCOUNT_FIELD.codeId, id);
    }
  }

  setStorage(row: number, slot: bigint, value: bigint): void {
    writeValue(this.#scratch.bigs, 0, value);
    const storageId = this.tables.accounts.word(row, ACCOUNT_FIELD.storageId);
    this.#setSlot(row, storageId, this.tables.slots.find(storageId, slot));
  }

  /** The same of a slot and a value that are in `source` as words. */
  setStorageWords(row: number, source: Uint32Array, slotAt: number, valueAt: number): void {
    copyWords(source, valueAt, this.#scratch.words, 0, WORDS_PER_VALUE);
    const storageId = this.tables.accounts.word(row, ACCOUNT_FIELD.storageId);
    this.#setSlot(row, storageId, this.tables.slots.findWords(storageId, source, slotAt));
  }

  /** @param found row of the slot that was looked for last; its new value is in the scratch words */
  #setSlot(row: number, storageId: number, found: number): void {
    const { accounts, slots } = this.tables;
    const scratch = this.#scratch.words;
    const becomesZero = isZero(scratch, 0, WORDS_PER_VALUE);
    const isNew = found === -1;
    let slotRow = found;
    if (isNew) {
      invariant(
        !isRemoteStorage(storageId),
        () => `a slot of ${accounts.address(row)} is written before it was loaded`,
      );
      if (becomesZero) {
        return;
      }
      const head = accounts.word(row, ACCOUNT_FIELD.storageHead);
      slotRow = slots.appendMissed(storageId, row, head);
      accounts.setWord(row, ACCOUNT_FIELD.storageHead, slotRow + 1);
    }
    const offset = slotRow * SLOT_STRIDE + SLOT_FIELD.value;
    const { words } = slots.views;
    if (!equalWords(words, offset, scratch, WORDS_PER_VALUE)) {
      const created = isNew && !this.#isForked;
      this.#journal.record(CHANGE.slot, slotRow, created, words, offset, WORDS_PER_VALUE);
      this.#countNonZero(row, isZero(words, offset, WORDS_PER_VALUE), becomesZero);
      copyWords(scratch, 0, words, offset, WORDS_PER_VALUE);
    }
  }

  /** Drops all slots in constant time: a new, empty storage takes the place of the old. */
  clearStorage(row: number): void {
    if (this.#mayHaveSlots(row)) {
      this.#recordAccount(CHANGE.life, row);
      this.#replaceStorage(row);
    }
  }

  /** Ends the account: nonce, code and storage gone. Its balance is the caller's. */
  remove(row: number): void {
    const { accounts } = this.tables;
    this.setNonce(row, 0n);
    this.setCodeHash(row, EMPTY_CODE_HASH);
    if (accounts.word(row, ACCOUNT_FIELD.exists) === 1) {
      this.#recordAccount(CHANGE.life, row);
      accounts.setWord(row, ACCOUNT_FIELD.exists, 0);
      if (this.#mayHaveSlots(row)) {
        this.#replaceStorage(row);
      }
    }
  }

  #mayHaveSlots(row: number): boolean {
    const { accounts } = this.tables;
    return (
      accounts.word(row, ACCOUNT_FIELD.nonZeroSlots) !== 0 ||
      isRemoteStorage(accounts.word(row, ACCOUNT_FIELD.storageId))
    );
  }

  /** Undoes every change after the mark, newest first. */
  undoTo(mark: StateMark): void {
    for (let entry = this.#journal.length - 1; entry >= mark; entry--) {
      if (this.#journal.kind(entry) === CHANGE.slot) {
        this.#undoSlot(entry);
      } else {
        this.#undoAccount(entry);
      }
      this.#journal.pop();
    }
    this.#journal.reverted(mark);
  }

  #undoAccount(entry: number): void {
    const journal = this.#journal;
    const { accounts } = this.tables;
    const kind = journal.kind(entry);
    const row = journal.row(entry);
    invariant(kind !== CHANGE.slot, "a slot change was undone as an account change");
    const { field, count } = SAVED_WORDS[kind];
    const from = journal.valueOffset(entry);
    accounts.views.words.set(
      journal.before.words.subarray(from, from + count),
      row * ACCOUNT_STRIDE + field,
    );
    if (journal.created(entry)) {
      accounts.removeLast(row);
    }
  }

  #undoSlot(entry: number): void {
    const journal = this.#journal;
    const { accounts, slots } = this.tables;
    const slotRow = journal.row(entry);
    const accountRow = slots.word(slotRow, SLOT_FIELD.accountRow);
    const offset = slotRow * SLOT_STRIDE + SLOT_FIELD.value;
    const { words } = slots.views;
    const from = journal.valueOffset(entry);
    // whatever replaced this storage is undone by now, so the account's counts are this storage's
    this.#countNonZero(
      accountRow,
      isZero(words, offset, WORDS_PER_VALUE),
      isZero(journal.before.words, from, WORDS_PER_VALUE),
    );
    words.set(journal.before.words.subarray(from, from + WORDS_PER_VALUE), offset);
    if (journal.created(entry)) {
      accounts.setWord(accountRow, ACCOUNT_FIELD.storageHead, slots.word(slotRow, SLOT_FIELD.next));
      slots.removeLast(slotRow);
    }
  }

  #replaceStorage(row: number): void {
    const { accounts } = this.tables;
    const left = accounts.word(row, ACCOUNT_FIELD.storageId);
    if (isRemoteStorage(left)) {
      this.#leftStorages.set(row, left);
    }
    accounts.setWord(row, ACCOUNT_FIELD.storageId, this.#nextStorageId++);
    accounts.setWord(row, ACCOUNT_FIELD.storageHead, 0);
    accounts.setWord(row, ACCOUNT_FIELD.nonZeroSlots, 0);
  }

  #countNonZero(row: number, wasZero: boolean, becomesZero: boolean): void {
    const { accounts } = this.tables;
    if (wasZero !== becomesZero && !isRemoteStorage(accounts.word(row, ACCOUNT_FIELD.storageId))) {
      const count = accounts.word(row, ACCOUNT_FIELD.nonZeroSlots) + (becomesZero ? -1 : 1);
      accounts.setWord(row, ACCOUNT_FIELD.nonZeroSlots, count);
    }
  }

  #recordAccount(kind: keyof typeof SAVED_WORDS, row: number, created = false): void {
    const { field, count } = SAVED_WORDS[kind];
    const { words } = this.tables.accounts.views;
    this.#journal.record(kind, row, created, words, row * ACCOUNT_STRIDE + field, count);
  }
}

function doubledTo(capacity: number, needed: number): number {
  let result = capacity;
  while (result < needed) {
    result *= 2;
  }
  return result;
}
