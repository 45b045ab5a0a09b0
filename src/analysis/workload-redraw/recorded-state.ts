/**
 * The state of a recorded chain at any point of its log, as far as the log says: what transactions
 * wrote, and what they read where something else had changed it (hardhat_setStorageAt, a fork).
 *
 * A slot of an account whose code the log brought is known, zero if never written. Code that the log
 * does not have is not known: asking for it throws UnrecordedCode.
 *
 * Owns: following the log, across reverts of the chain. Does not own: executing (execution-replay.ts).
 */
import type { BlockRecord, TransactionRecord } from "../../access-log/block-record";
import { hexToBytes } from "../../state/bytes";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../state/hex";
import type { Read } from "../../state/read-set";
import type { StateReader } from "../../state/state-reader";
import type { Write } from "../../state/write-set";

/** wei that an account without code is taken to have: enough for every call, far from overflow */
export const FUNDS = 1n << 100n;

/** Code that ran was not deployed in the log. */
export class UnrecordedCode extends Error {
  constructor(codeHash: Hash) {
    super(`the access log does not have the code ${codeHash}`);
    this.name = "UnrecordedCode";
  }
}

interface Account {
  /** sum of the recorded changes, wei */
  balance: bigint;
  nonce: bigint;
  codeHash: Hash;
  slots: Map<bigint, bigint>;
}

interface Undo {
  readonly block: bigint;
  readonly undo: () => void;
}

export class RecordedState implements StateReader {
  readonly #accounts = new Map<Address, Account>();
  readonly #codes = new Map<Hash, Uint8Array>();
  /** Of the blocks on the chain, oldest first. */
  readonly #undo: Undo[] = [];
  #segment = 0;
  #block = 0n;

  /** Before a block's transactions: goes back to its parent where the chain was reverted. */
  enter({ segment, number }: Pick<BlockRecord, "segment" | "number">): void {
    if (segment !== this.#segment) {
      this.#segment = segment;
      while ((this.#undo.at(-1)?.block ?? -1n) >= number) {
        this.#undo.pop()?.undo();
      }
    }
    this.#block = number;
  }

  /** Before a transaction is repeated: what it read is so. */
  observe(record: TransactionRecord): void {
    for (const read of record.reads) {
      this.#observe(read);
    }
  }

  /** After a transaction. */
  apply(record: TransactionRecord): void {
    for (const { codeHash, code } of record.deployed) {
      this.#codes.set(codeHash, hexToBytes(code));
    }
    for (const { write } of record.writes) {
      this.#write(write);
    }
  }

  exists(address: Address): boolean {
    return this.#accounts.has(address) || this.balance(address) > 0n;
  }

  balance(address: Address): bigint {
    const account = this.#accounts.get(address);
    const own = account?.balance ?? 0n;
    const isFunded = account === undefined || account.codeHash === EMPTY_CODE_HASH;
    return isFunded ? FUNDS + own : own;
  }

  nonce(address: Address): bigint {
    return this.#accounts.get(address)?.nonce ?? 0n;
  }

  codeHash(address: Address): Hash {
    return this.#accounts.get(address)?.codeHash ?? EMPTY_CODE_HASH;
  }

  code(codeHash: Hash): Uint8Array {
    const code = this.#codes.get(codeHash);
    if (code === undefined) {
      throw new UnrecordedCode(codeHash);
    }
    return code;
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#accounts.get(address)?.slots.get(slot) ?? 0n;
  }

  hasStorage(address: Address): boolean {
    const slots = this.#accounts.get(address)?.slots.values() ?? [];
    return [...slots].some((value) => value !== 0n);
  }

  #observe(read: Read): void {
    switch (read.kind) {
      case "storage":
        if (this.storage(read.address, read.slot) !== read.value) {
          this.#setSlot(this.#account(read.address), read.slot, read.value);
        }
        break;
      case "code":
        if (this.codeHash(read.address) !== read.codeHash) {
          this.#set(this.#account(read.address), "codeHash", read.codeHash);
        }
        break;
      case "nonce":
        if (this.nonce(read.address) < read.min) {
          this.#set(this.#account(read.address), "nonce", read.min);
        }
        break;
      case "balance":
        if (this.balance(read.address) < read.min) {
          const account = this.#account(read.address);
          const missing = read.min - this.balance(read.address);
          this.#set(account, "balance", account.balance + missing);
        }
        break;
      case "existence":
        break;
    }
  }

  #write(write: Write): void {
    const account = this.#account(write.address);
    switch (write.kind) {
      case "storage":
        this.#setSlot(account, write.slot, write.value);
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
        }
        if (!write.exists) {
          this.#set(account, "nonce", 0n);
          this.#set(account, "codeHash", EMPTY_CODE_HASH);
        }
        break;
    }
  }

  #account(address: Address): Account {
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = { balance: 0n, nonce: 0n, codeHash: EMPTY_CODE_HASH, slots: new Map() };
      this.#accounts.set(address, account);
      this.#undoWith(() => this.#accounts.delete(address));
    }
    return account;
  }

  #set<Field extends keyof Account>(account: Account, field: Field, value: Account[Field]): void {
    const before = account[field];
    account[field] = value;
    this.#undoWith(() => {
      account[field] = before;
    });
  }

  #setSlot({ slots }: Account, slot: bigint, value: bigint): void {
    const before = slots.get(slot) ?? 0n;
    slots.set(slot, value);
    this.#undoWith(() => slots.set(slot, before));
  }

  #undoWith(undo: () => void): void {
    this.#undo.push({ block: this.#block, undo });
  }
}
