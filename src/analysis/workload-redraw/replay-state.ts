/**
 * The state that a drawn call is executed on: the recorded state at the call's place in the log, and
 * over it what drawn calls before it left.
 *
 * Changes are staged: an attempt that comes to nothing leaves no trace. What was left in an account
 * whose code is another one now (the tests deployed anew) is forgotten.
 *
 * Owns: the two layers. Does not own: what is put into them (execution-replay.ts).
 */
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../state/hex";
import type { StateReader } from "../../state/state-reader";
import type { WriteSet } from "../../state/write-set";
import type { RecordedState } from "./recorded-state";

/** What drawn calls changed of an account; undefined = nothing. */
interface Account {
  /** of the recorded state when the calls changed it */
  readonly recordedCode: Hash;
  slots: Map<bigint, bigint>;
  /** Its recorded slots are gone. */
  cleared: boolean;
  balance: bigint;
  nonce: bigint | undefined;
  codeHash: Hash | undefined;
}

export class ReplayState implements StateReader {
  readonly #recorded: RecordedState;
  readonly #accounts = new Map<Address, Account>();
  readonly #codes = new Map<Hash, Uint8Array>();
  #staged: (() => void)[] = [];

  constructor(recorded: RecordedState) {
    this.#recorded = recorded;
  }

  /** Keeps what was changed since the last `keep` or `drop`. */
  keep(): void {
    this.#staged = [];
  }

  /** Undoes what was changed since then. */
  drop(): void {
    for (const undo of this.#staged.reverse()) {
      undo();
    }
    this.#staged = [];
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    const { slots } = this.#own(address);
    const before = slots.get(slot);
    slots.set(slot, value);
    this.#staged.push(() => {
      if (before === undefined) {
        slots.delete(slot);
      } else {
        slots.set(slot, before);
      }
    });
  }

  /** Makes the recorded value show again. */
  forget(address: Address, slot: bigint): void {
    const slots = this.#known(address)?.slots;
    const value = slots?.get(slot);
    if (slots !== undefined && value !== undefined) {
      slots.delete(slot);
      this.#staged.push(() => slots.set(slot, value));
    }
  }

  /** Did a drawn call, or what was prepared for one, set this slot? */
  hasOwn(address: Address, slot: bigint): boolean {
    return this.#known(address)?.slots.has(slot) === true;
  }

  /** What a call changed; the next call sees it. */
  apply({ writes, codes }: WriteSet): void {
    for (const [hash, code] of codes) {
      this.#codes.set(hash, code);
    }
    for (const write of writes) {
      const account = this.#own(write.address);
      switch (write.kind) {
        case "storage":
          this.setStorage(write.address, write.slot, write.value);
          break;
        case "balance":
          this.#set(account, "balance", account.balance + write.delta);
          break;
        case "nonce":
          this.#set(account, "nonce", write.value);
          break;
        case "code":
          this.#set(account, "codeHash", write.codeHash);
          break;
        case "existence":
          if (write.clearsStorage || !write.exists) {
            this.#set(account, "slots", new Map());
            this.#set(account, "cleared", true);
          }
          if (!write.exists) {
            this.#set(account, "codeHash", EMPTY_CODE_HASH);
          }
          break;
      }
    }
  }

  exists(address: Address): boolean {
    return this.#known(address) !== undefined || this.#recorded.exists(address);
  }

  balance(address: Address): bigint {
    const balance = this.#recorded.balance(address) + (this.#known(address)?.balance ?? 0n);
    return balance < 0n ? 0n : balance;
  }

  nonce(address: Address): bigint {
    return this.#known(address)?.nonce ?? this.#recorded.nonce(address);
  }

  codeHash(address: Address): Hash {
    return this.#known(address)?.codeHash ?? this.#recorded.codeHash(address);
  }

  code(codeHash: Hash): Uint8Array {
    return this.#codes.get(codeHash) ?? this.#recorded.code(codeHash);
  }

  storage(address: Address, slot: bigint): bigint {
    const own = this.#known(address);
    const value = own?.slots.get(slot);
    return value ?? (own?.cleared === true ? 0n : this.#recorded.storage(address, slot));
  }

  hasStorage(address: Address): boolean {
    const own = this.#known(address);
    const isSet = [...(own?.slots.values() ?? [])].some((value) => value !== 0n);
    return isSet || (own?.cleared !== true && this.#recorded.hasStorage(address));
  }

  #known(address: Address): Account | undefined {
    const account = this.#accounts.get(address);
    return account?.recordedCode === this.#recorded.codeHash(address) ? account : undefined;
  }

  #own(address: Address): Account {
    let account = this.#known(address);
    if (account === undefined) {
      const recordedCode = this.#recorded.codeHash(address);
      account = {
        recordedCode,
        slots: new Map(),
        cleared: false,
        balance: 0n,
        nonce: undefined,
        codeHash: undefined,
      };
      this.#accounts.set(address, account);
    }
    return account;
  }

  #set<Field extends keyof Account>(account: Account, field: Field, value: Account[Field]): void {
    const before = account[field];
    account[field] = value;
    this.#staged.push(() => {
      account[field] = before;
    });
  }
}
