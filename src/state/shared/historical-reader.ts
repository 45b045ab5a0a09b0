/**
 * The state as it was at a mark, read from the tables and the journal.
 *
 * Invariant: value at a mark = the value before the location's first change at or after the mark,
 * or the table's value where there is none. So newer changes do not disturb a reader; a revert
 * below its mark ends it (InvariantError), because its mark then means something else.
 *
 * The store's owner uses it also by row, for tries of older marks.
 */
import type { Address, Hash } from "../hex";
import { EMPTY_CODE_HASH } from "../hex";
import { MissingState } from "../missing";
import type { StateReader } from "../state-reader";
import type { StateMark } from "../state-store";
import { ACCOUNT_FIELD } from "./account-table";
import { isRemoteStorage } from "./fork-rows";
import { CHANGE, type ChangeKind, type Journal } from "./journal";
import { SLOT_FIELD } from "./slot-table";
import type { ForkAccess, StateTables } from "./table-reader";
import { readValue } from "./words";

export class HistoricalReader implements StateReader {
  readonly #tables: StateTables;
  readonly #journal: Journal;
  readonly #mark: StateMark;
  readonly #epoch: number;
  #checkedEpoch: number;
  readonly #fork: ForkAccess | null;

  constructor(
    tables: StateTables,
    journal: Journal,
    mark: StateMark,
    fork: ForkAccess | null = null,
  ) {
    this.#fork = fork;
    this.#tables = tables;
    this.#journal = journal;
    this.#mark = mark;
    this.#epoch = journal.epoch;
    this.#checkedEpoch = journal.epoch;
    journal.assertValid(mark, journal.epoch);
  }

  exists(address: Address): boolean {
    const row = this.#find(address);
    return row !== -1 && this.existsAt(row);
  }

  balance(address: Address): bigint {
    const row = this.#find(address);
    return row === -1 ? 0n : this.balanceAt(row);
  }

  nonce(address: Address): bigint {
    const row = this.#find(address);
    return row === -1 ? 0n : this.nonceAt(row);
  }

  codeHash(address: Address): Hash {
    const row = this.#find(address);
    return row === -1 ? EMPTY_CODE_HASH : this.codeHashAt(row);
  }

  code(codeHash: Hash): Uint8Array {
    return this.#tables.codes.code(codeHash);
  }

  storage(address: Address, slot: bigint): bigint {
    const row = this.#find(address);
    if (row === -1) {
      return 0n;
    }
    const storageId = this.storageIdAt(row);
    const slotRow = this.#tables.slots.find(storageId, slot);
    if (slotRow === -1 && this.#fork !== null && isRemoteStorage(storageId)) {
      throw new MissingState({ kind: "slot", address, slot }, this.#fork.load);
    }
    return slotRow === -1 ? 0n : this.valueAt(slotRow);
  }

  /** O(slots ever written in this life of the storage). */
  hasStorage(address: Address): boolean {
    const row = this.#find(address);
    if (row === -1) {
      return false;
    }
    if (this.#fork !== null) {
      return this.#anySlot(this.storageIdAt(row));
    }
    for (let slotRow = this.#newestSlot(row); slotRow !== -1; slotRow = this.#olderSlot(slotRow)) {
      if (this.valueAt(slotRow) !== 0n) {
        return true;
      }
    }
    return false;
  }

  /** By row from here on; the account's row may be younger than the mark. */
  existsAt(row: number): boolean {
    return this.#accountWord(CHANGE.life, row, ACCOUNT_FIELD.exists, 0) === 1;
  }

  /** Which storage the account had. */
  storageIdAt(row: number): number {
    return this.#accountWord(CHANGE.life, row, ACCOUNT_FIELD.storageId, 1);
  }

  nonceAt(row: number): bigint {
    const entry = this.#journal.entryAt(CHANGE.nonce, row, this.#mark);
    return entry === -1
      ? this.#tables.accounts.nonce(row)
      : (this.#journal.before.bigs[this.#journal.valueOffset(entry) / 2] ?? 0n);
  }

  /** wei */
  balanceAt(row: number): bigint {
    const entry = this.#journal.entryAt(CHANGE.balance, row, this.#mark);
    return entry === -1 ? this.#tables.accounts.balance(row) : this.#valueBefore(entry);
  }

  codeHashAt(row: number): Hash {
    return this.#tables.codes.hash(this.#accountWord(CHANGE.code, row, ACCOUNT_FIELD.codeId, 0));
  }

  valueAt(slotRow: number): bigint {
    const entry = this.#journal.entryAt(CHANGE.slot, slotRow, this.#mark);
    return entry === -1 ? this.#tables.slots.value(slotRow) : this.#valueBefore(entry);
  }

  #find(address: Address): number {
    if (this.#journal.epoch !== this.#checkedEpoch) {
      this.#journal.assertValid(this.#mark, this.#epoch);
      this.#checkedEpoch = this.#journal.epoch;
    }
    const row = this.#tables.accounts.find(address);
    if (row === -1 && this.#fork !== null) {
      throw new MissingState({ kind: "account", address }, this.#fork.load);
    }
    return row;
  }

  /** Over a fork undone slots are not in their account's chain, so all slots are looked through. */
  #anySlot(storageId: number): boolean {
    const { slots } = this.#tables;
    for (let slotRow = 0; slotRow < slots.count && !isRemoteStorage(storageId); slotRow++) {
      if (slots.word(slotRow, SLOT_FIELD.storageId) === storageId && this.valueAt(slotRow) !== 0n) {
        return true;
      }
    }
    return false;
  }

  #accountWord(kind: ChangeKind, row: number, field: number, wordOfChange: number): number {
    const entry = this.#journal.entryAt(kind, row, this.#mark);
    return entry === -1
      ? this.#tables.accounts.word(row, field)
      : (this.#journal.before.words[this.#journal.valueOffset(entry) + wordOfChange] ?? 0);
  }

  #valueBefore(entry: number): bigint {
    return readValue(this.#journal.before, this.#journal.valueOffset(entry) / 2);
  }

  /**
   * Newest slot row of the storage that the account had at the mark. The chain's head as saved in
   * the life change that ended this storage is complete; slots younger than the mark were zero.
   */
  #newestSlot(row: number): number {
    return this.#accountWord(CHANGE.life, row, ACCOUNT_FIELD.storageHead, 2) - 1;
  }

  #olderSlot(slotRow: number): number {
    return this.#tables.slots.word(slotRow, SLOT_FIELD.next) - 1;
  }
}
