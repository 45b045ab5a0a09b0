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
 *
 * Over a fork a row that is not there is a value that is not here yet: reading it throws MissingState
 * (fork-rows.ts). Readers of workers are opened anew after every load.
 */
import { invariant } from "../../errors/base-error";
import type { Address, Hash } from "../hex";
import { EMPTY_CODE_HASH } from "../hex";
import { MissingState, type StateKey } from "../missing";
import type { StateReader } from "../state-reader";
import type { SharedStateHandle } from "../state-store";
import { ACCOUNT_FIELD, AccountTable } from "./account-table";
import { CodeTable } from "./code-table";
import { isRemoteStorage } from "./fork-rows";
import { SlotTable } from "./slot-table";

export interface StateTables {
  readonly accounts: AccountTable;
  readonly slots: SlotTable;
  readonly codes: CodeTable;
}

/** How a reader over a fork gets what it misses; `load` null = it only says so. */
export interface ForkAccess {
  readonly load: ((keys: readonly StateKey[]) => Promise<void>) | null;
}

export class TableReader implements StateReader {
  readonly #accounts: AccountTable;
  readonly #slots: SlotTable;
  readonly #codes: CodeTable;
  readonly #fork: ForkAccess | null;

  /** @param fork null where all state there is lies in the tables */
  constructor(tables: StateTables, fork: ForkAccess | null = null) {
    this.#accounts = tables.accounts;
    this.#slots = tables.slots;
    this.#codes = tables.codes;
    this.#fork = fork;
  }

  exists(address: Address): boolean {
    const row = this.#find(address);
    return row !== -1 && this.#accounts.word(row, ACCOUNT_FIELD.exists) === 1;
  }

  balance(address: Address): bigint {
    const row = this.#find(address);
    return row === -1 ? 0n : this.#accounts.balance(row);
  }

  nonce(address: Address): bigint {
    const row = this.#find(address);
    return row === -1 ? 0n : this.#accounts.nonce(row);
  }

  codeHash(address: Address): Hash {
    const row = this.#find(address);
    return row === -1
      ? EMPTY_CODE_HASH
      : this.#codes.hash(this.#accounts.word(row, ACCOUNT_FIELD.codeId));
  }

  code(codeHash: Hash): Uint8Array {
    return this.#codes.code(codeHash);
  }

  storage(address: Address, slot: bigint): bigint {
    const row = this.#find(address);
    if (row === -1) {
      return 0n;
    }
    const storageId = this.#accounts.word(row, ACCOUNT_FIELD.storageId);
    const slotRow = this.#slots.find(storageId, slot);
    if (slotRow === -1 && this.#fork !== null && isRemoteStorage(storageId)) {
      throw new MissingState({ kind: "slot", address, slot }, this.#fork.load);
    }
    return slotRow === -1 ? 0n : this.#slots.value(slotRow);
  }

  hasStorage(address: Address): boolean {
    const row = this.#find(address);
    return row !== -1 && this.#accounts.word(row, ACCOUNT_FIELD.nonZeroSlots) !== 0;
  }

  #find(address: Address): number {
    const row = this.#accounts.find(address);
    if (row === -1 && this.#fork !== null) {
      throw new MissingState({ kind: "account", address }, this.#fork.load);
    }
    return row;
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
  return new TableReader(openTables(handle), handle.isForked ? { load: null } : null);
}

/** The tables themselves; their counts stay with the owner. */
export function openTables({ buffers }: SharedStateHandle): StateTables {
  const [accountRows, accountIndex, slotRows, slotIndex, codeRows, codeIndex, codeArena] = buffers;
  invariant(
    accountRows !== undefined &&
      accountIndex !== undefined &&
      slotRows !== undefined &&
      slotIndex !== undefined &&
      codeRows !== undefined &&
      codeIndex !== undefined &&
      codeArena !== undefined,
    `a shared state handle has 7 buffers, this one ${buffers.length}`,
  );
  return {
    accounts: new AccountTable(accountRows, accountIndex),
    slots: new SlotTable(slotRows, slotIndex),
    codes: new CodeTable(codeRows, codeIndex, codeArena),
  };
}

function sharedBuffer(words: Uint32Array): SharedArrayBuffer {
  const { buffer } = words;
  invariant(buffer instanceof SharedArrayBuffer, "a table is not in shared memory");
  return buffer;
}
