/**
 * The current state as the tables hold it: what a worker thread reads, and the reading half of the
 * store.
 *
 * Owns: the order of buffers in a handle. Does not own: writing, history.
 *
 * A read costs one or two hash probes, takes no lock and sends no message: only the store's owner
 * writes, and only while no reader runs (state-store.ts). A reader stays on the buffers of the
 * handle it was opened with: after the store outgrew them it still reads, consistently, the state
 * of the last commit before that, until it is opened anew with the new handle.
 */
import { invariant } from "../../errors/base-error";
import type { Address, Hash } from "../hex";
import { EMPTY_CODE_HASH } from "../hex";
import type { StateReader } from "../state-reader";
import type { SharedStateHandle } from "../state-store";
import { ACCOUNT_FIELD, AccountTable } from "./account-table";
import { CodeTable } from "./code-table";
import { SlotTable } from "./slot-table";

export interface StateTables {
  readonly accounts: AccountTable;
  readonly slots: SlotTable;
  readonly codes: CodeTable;
}

export class TableReader implements StateReader {
  readonly #accounts: AccountTable;
  readonly #slots: SlotTable;
  readonly #codes: CodeTable;

  constructor(tables: StateTables) {
    this.#accounts = tables.accounts;
    this.#slots = tables.slots;
    this.#codes = tables.codes;
  }

  exists(address: Address): boolean {
    const row = this.#accounts.find(address);
    return row !== -1 && this.#accounts.word(row, ACCOUNT_FIELD.exists) === 1;
  }

  balance(address: Address): bigint {
    const row = this.#accounts.find(address);
    return row === -1 ? 0n : this.#accounts.balance(row);
  }

  nonce(address: Address): bigint {
    const row = this.#accounts.find(address);
    return row === -1 ? 0n : this.#accounts.nonce(row);
  }

  codeHash(address: Address): Hash {
    const row = this.#accounts.find(address);
    return row === -1
      ? EMPTY_CODE_HASH
      : this.#codes.hash(this.#accounts.word(row, ACCOUNT_FIELD.codeId));
  }

  code(codeHash: Hash): Uint8Array {
    return this.#codes.code(codeHash);
  }

  storage(address: Address, slot: bigint): bigint {
    const row = this.#accounts.find(address);
    if (row === -1) {
      return 0n;
    }
    const slotRow = this.#slots.find(this.#accounts.word(row, ACCOUNT_FIELD.storageId), slot);
    return slotRow === -1 ? 0n : this.#slots.value(slotRow);
  }

  hasStorage(address: Address): boolean {
    const row = this.#accounts.find(address);
    return row !== -1 && this.#accounts.word(row, ACCOUNT_FIELD.nonZeroSlots) !== 0;
  }
}

/** The buffers of the tables, in the order that `openSharedState` takes. */
export function buffersOf({ accounts, slots, codes }: StateTables): SharedArrayBuffer[] {
  return [
    sharedBuffer(accounts.views.words),
    accounts.index.buffer,
    sharedBuffer(slots.views.words),
    slots.index.buffer,
    ...codes.buffers,
  ];
}

/** A reader over a store's memory, for any thread. */
export function openSharedState(handle: SharedStateHandle): StateReader {
  const [accountRows, accountIndex, slotRows, slotIndex, codeRows, codeIndex, codeArena] =
    handle.buffers;
  invariant(
    accountRows !== undefined &&
      accountIndex !== undefined &&
      slotRows !== undefined &&
      slotIndex !== undefined &&
      codeRows !== undefined &&
      codeIndex !== undefined &&
      codeArena !== undefined,
    `a shared state handle has 7 buffers, this one ${handle.buffers.length}`,
  );
  return new TableReader({
    accounts: new AccountTable(accountRows, accountIndex),
    slots: new SlotTable(slotRows, slotIndex),
    codes: new CodeTable(codeRows, codeIndex, codeArena),
  });
}

function sharedBuffer(words: Uint32Array): SharedArrayBuffer {
  const { buffer } = words;
  invariant(buffer instanceof SharedArrayBuffer, "a table is not in shared memory");
  return buffer;
}
