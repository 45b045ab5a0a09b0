/**
 * A state plus the write sets of transactions applied on top of it, without changing it.
 *
 * Used by the sequential executor, for pending blocks, calls and system operations. Also the
 * LocationReader of sequential execution: it knows which transaction wrote each location last.
 *
 * Owns: the applied writes. Does not own: the base. Existence follows the rules of WriteSet: an
 * account exists if its last existence write or any later write says so.
 */
import { invariant } from "../errors/base-error";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../state/hex";
import { PRE_STATE_ORIGIN, type ReadOrigin } from "../state/read-set";
import type { StateReader } from "../state/state-reader";
import type { Write, WriteSet } from "../state/write-set";
import type { LocationReader } from "./location-reader";

interface Written<Value> {
  readonly value: Value;
  readonly origin: ReadOrigin;
}

/** What the overlay knows of one account; undefined = as in the base. */
interface OverlayAccount {
  balance?: Written<bigint>;
  nonce?: Written<bigint>;
  codeHash?: Written<Hash>;
  exists?: Written<boolean>;
  /** The storage of the base does not belong to the account any more. */
  storageCleared?: ReadOrigin;
  /** null until a slot is written */
  slots: Map<bigint, Written<bigint>> | null;
}

const BALANCE_LIMIT = 1n << 256n;
const NO_CODE = new Uint8Array(0);

export class BlockOverlay implements LocationReader {
  readonly #base: StateReader;
  readonly #accounts = new Map<Address, OverlayAccount>();
  readonly #codes = new Map<Hash, Uint8Array>();
  origin: ReadOrigin = PRE_STATE_ORIGIN;
  readonly location = 0;
  readonly unfinished = -1;

  constructor(base: StateReader) {
    this.#base = base;
  }

  /** Applies one transaction's writes; `transactionIndex` is -1 for what comes before the first. */
  apply({ writes, codes }: WriteSet, transactionIndex = -1): void {
    const origin =
      transactionIndex === -1 ? PRE_STATE_ORIGIN : { transactionIndex, incarnation: 0 };
    for (const [codeHash, code] of codes) {
      this.#codes.set(codeHash, code);
    }
    let ended: Set<Address> | null = null;
    for (const write of writes) {
      if (write.kind === "existence") {
        this.#applyLife(write, origin);
        if (!write.exists) {
          ended ??= new Set();
          ended.add(write.address);
        }
      }
    }
    for (const write of writes) {
      if (write.kind !== "existence") {
        this.#applyValue(write, origin);
        if (ended?.has(write.address) !== true) {
          this.#applyImpliedExistence(write.address, origin);
        }
      }
    }
  }

  balanceBeforeBlock(address: Address): bigint {
    return this.#base.balance(address);
  }

  balance(address: Address): bigint {
    return this.#answer(this.#accounts.get(address)?.balance) ?? this.#base.balance(address);
  }

  nonce(address: Address): bigint {
    return this.#answer(this.#accounts.get(address)?.nonce) ?? this.#base.nonce(address);
  }

  codeHash(address: Address): Hash {
    return this.#answer(this.#accounts.get(address)?.codeHash) ?? this.#base.codeHash(address);
  }

  code(codeHash: Hash): Uint8Array {
    return codeHash === EMPTY_CODE_HASH
      ? NO_CODE
      : (this.#codes.get(codeHash) ?? this.#base.code(codeHash));
  }

  exists(address: Address): boolean {
    return this.#answer(this.#accounts.get(address)?.exists) ?? this.#base.exists(address);
  }

  storage(address: Address, slot: bigint): bigint {
    const account = this.#accounts.get(address);
    const written = this.#answer(account?.slots?.get(slot));
    if (written !== undefined) {
      return written;
    }
    if (account?.storageCleared !== undefined) {
      this.origin = account.storageCleared;
      return 0n;
    }
    return this.#base.storage(address, slot);
  }

  hasStorage(address: Address): boolean {
    const account = this.#accounts.get(address);
    this.origin = account?.exists?.origin ?? PRE_STATE_ORIGIN;
    for (const { value } of account?.slots?.values() ?? []) {
      if (value !== 0n) {
        return true;
      }
    }
    return account?.storageCleared === undefined && this.#base.hasStorage(address);
  }

  /** Names the version that answers; undefined = the base answers. */
  #answer<Value>(written: Written<Value> | undefined): Value | undefined {
    this.origin = written?.origin ?? PRE_STATE_ORIGIN;
    return written?.value;
  }

  #account(address: Address): OverlayAccount {
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = { slots: null };
      this.#accounts.set(address, account);
    }
    return account;
  }

  #applyLife(write: Extract<Write, { kind: "existence" }>, origin: ReadOrigin): void {
    const account = this.#account(write.address);
    account.exists = { value: write.exists, origin };
    if (write.clearsStorage) {
      account.storageCleared = origin;
      account.slots = null;
    }
    if (!write.exists) {
      account.nonce = { value: 0n, origin };
      account.codeHash = { value: EMPTY_CODE_HASH, origin };
    }
  }

  #applyValue(write: Exclude<Write, { kind: "existence" }>, origin: ReadOrigin): void {
    const account = this.#account(write.address);
    switch (write.kind) {
      case "balance": {
        const value = (account.balance?.value ?? this.#base.balance(write.address)) + write.delta;
        invariant(
          value >= 0n && value < BALANCE_LIMIT,
          () => `the balance of ${write.address} would become ${value}`,
        );
        account.balance = { value, origin };
        return;
      }
      case "nonce":
        account.nonce = { value: write.value, origin };
        return;
      case "code":
        account.codeHash = { value: write.codeHash, origin };
        return;
      case "storage":
        account.slots ??= new Map();
        account.slots.set(write.slot, { value: write.value, origin });
    }
  }

  /** A write makes the account exist; not a version of its existence if it existed before. */
  #applyImpliedExistence(address: Address, origin: ReadOrigin): void {
    const account = this.#account(address);
    if (!(account.exists?.value ?? this.#base.exists(address))) {
      account.exists = { value: true, origin };
    }
  }
}
