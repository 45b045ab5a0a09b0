/**
 * The state as one incarnation of a transaction sees and changes it.
 *
 * Owns: the read chain and, when tracing, the frames; own writes and observations in own-writes.ts and
 * observed-state.ts. Does not own: anything below the incarnation (LocationReader), rules of forks.
 *
 * Invariants:
 * - Read chain: own writes -> what the LocationReader answers (asked once per location, so that an
 *   incarnation never sees two versions of one location).
 * - Reads survive a revert, writes do not.
 * - Once a read failed (ReadBlocked or worse) every further access fails the same way: an engine
 *   that swallows the exception cannot go on with a wrong value.
 *
 * An instance can be used again after `reset`.
 */
import type { Frame, TransactionTrace } from "../access-log/block-record";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../state/hex";
import type { StateKey } from "../state/missing";
import type { ReadSet } from "../state/read-set";
import type { WriteSet } from "../state/write-set";
import { AccountView } from "./account-view";
import { EMPTY_TRACE, FrameTrace } from "./frame-trace";
import { listReads } from "./incarnation-sets";
import type { LocationId, LocationReader } from "./location-reader";
import { ObservedState } from "./observed-state";
import { OwnWrites } from "./own-writes";
import type { StateView } from "./state-view";

/** No balance reaches it: a balance is a 256-bit number (yellow paper, section 4.1). */
const BALANCE_LIMIT = 1n << 256n;
/** Below it, no block has enough transactions to carry a balance from the half to the limit. */
const SMALL_CREDIT = 1n << 192n;
const HALF_LIMIT = 1n << 255n;

const NO_CODE = new Uint8Array(0);

export class IncarnationView implements StateView {
  #below: ObservedState;
  #accounts = new Map<Address, AccountView>();
  #own = new OwnWrites();
  #trace: FrameTrace | null;
  #writeLocations: readonly LocationId[] = [];

  constructor(reader: LocationReader, tracing: boolean) {
    this.#below = new ObservedState(reader);
    this.#trace = tracing ? new FrameTrace() : null;
  }

  /** Forgets everything and begins a new incarnation. */
  reset(reader: LocationReader, tracing: boolean): void {
    this.#below = new ObservedState(reader);
    this.#accounts = new Map();
    this.#own = new OwnWrites();
    this.#trace = tracing ? new FrameTrace() : null;
    this.#writeLocations = [];
  }

  get blockedOn(): number | null {
    return this.#below.blockedOn;
  }

  get missing(): StateKey | null {
    return this.#below.missing;
  }

  missBlockHash(number: bigint): never {
    return this.#below.missBlockHash(number);
  }

  rethrowFailedRead(): void {
    this.#below.rethrowFailure();
  }

  /** Set once a read failed; an engine may have swallowed the exception. */
  get failedRead(): { readonly error: unknown } | null {
    return this.#below.failure;
  }

  // --- balance

  balance(address: Address): bigint {
    const account = this.#account(address);
    this.#trace?.access({ kind: "balance", address }, "read");
    return this.#below.balance(account).exact() + account.delta;
  }

  balanceAtLeast(address: Address, amount: bigint): boolean {
    if (amount <= 0n) {
      return true; // whatever was debited was there
    }
    const account = this.#account(address);
    const bound = amount - account.delta;
    if (bound <= 0n) {
      return true;
    }
    if (bound >= BALANCE_LIMIT) {
      return false;
    }
    this.#trace?.access({ kind: "balance", address }, "read");
    return this.#below.balance(account, true).isAtLeast(bound);
  }

  credit(address: Address, amount: bigint): void {
    const account = this.#account(address);
    this.#trace?.access({ kind: "balance", address }, "write");
    this.#own.addToBalance(account, amount);
  }

  debit(address: Address, amount: bigint): void {
    this.credit(address, -amount);
  }

  creditOverflows(address: Address, amount: bigint): boolean {
    if (amount < SMALL_CREDIT && this.#below.balanceBeforeBlock(address) < HALF_LIMIT) {
      return false;
    }
    return this.balanceAtLeast(address, BALANCE_LIMIT - amount);
  }

  // --- nonce

  nonce(address: Address): bigint {
    const account = this.#account(address);
    this.#trace?.access({ kind: "nonce", address }, "read");
    if (account.nonce !== undefined) {
      return account.nonce;
    }
    return this.#below.nonce(account).exact();
  }

  setNonce(address: Address, value: bigint): void {
    const account = this.#account(address);
    this.#trace?.access({ kind: "nonce", address }, "write");
    this.#own.setNonce(account, value);
  }

  // --- code

  codeHash(address: Address): Hash {
    const account = this.#account(address);
    this.#trace?.access({ kind: "code", address }, "read");
    return account.codeHash ?? this.#below.codeHash(account);
  }

  code(address: Address): Uint8Array {
    const codeHash = this.codeHash(address);
    if (codeHash === EMPTY_CODE_HASH) {
      return NO_CODE;
    }
    return this.#own.code(codeHash) ?? this.#below.code(codeHash);
  }

  setCode(address: Address, code: Uint8Array): void {
    const account = this.#account(address);
    this.#trace?.access({ kind: "code", address }, "write");
    this.#own.setCode(account, code);
  }

  // --- storage

  storage(address: Address, slot: bigint): bigint {
    const account = this.#account(address);
    this.#trace?.access({ kind: "storage", address, slot }, "read");
    const view = account.slot(slot);
    if (view.own !== undefined) {
      return view.own;
    }
    return account.storageCleared ? 0n : this.#below.storage(account, view);
  }

  originalStorage(address: Address, slot: bigint): bigint {
    const account = this.#account(address);
    this.#trace?.access({ kind: "storage", address, slot }, "read");
    return account.storageCleared ? 0n : this.#below.storage(account, account.slot(slot));
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    const account = this.#account(address);
    this.#trace?.access({ kind: "storage", address, slot }, "write");
    this.#own.setStorage(account, account.slot(slot), value);
  }

  hasStorage(address: Address): boolean {
    const account = this.#account(address);
    this.#trace?.access({ kind: "existence", address }, "read");
    for (const { own } of account.slots()) {
      if (own !== undefined && own !== 0n) {
        return true;
      }
    }
    if (account.storageCleared) {
      return false;
    }
    return this.#below.hasStorage(account);
  }

  clearStorage(address: Address): void {
    const account = this.#account(address);
    this.#trace?.access({ kind: "existence", address }, "write");
    this.#own.setLife(account, true, true);
  }

  // --- existence

  isEmpty(address: Address): boolean {
    const account = this.#account(address);
    if (account.exists === false) {
      return true;
    }
    if (account.delta > 0n || (account.nonce ?? 0n) > 0n) {
      return false;
    }
    if (this.codeHash(address) !== EMPTY_CODE_HASH) {
      return false;
    }
    if (account.nonce === undefined) {
      this.#trace?.access({ kind: "nonce", address }, "read");
      if (this.#below.nonce(account).isAtLeast(1n)) {
        return false;
      }
    }
    return !this.balanceAtLeast(address, 1n);
  }

  exists(address: Address): boolean {
    const account = this.#account(address);
    this.#trace?.access({ kind: "existence", address }, "read");
    return account.exists ?? this.#below.exists(account);
  }

  create(address: Address): void {
    if (this.exists(address)) {
      return;
    }
    const account = this.#account(address);
    this.#trace?.access({ kind: "existence", address }, "write");
    this.#own.setLife(account, true, false);
  }

  destroy(address: Address): void {
    const burnt = this.balance(address);
    if (burnt !== 0n) {
      this.debit(address, burnt);
    }
    const account = this.#account(address);
    this.#trace?.access({ kind: "existence", address }, "write");
    this.#own.setLife(account, false, true);
  }

  // --- frames of the journal

  checkpoint(): void {
    this.#own.undo.checkpoint();
  }

  commit(): void {
    this.#own.undo.commit();
  }

  revert(): void {
    this.#own.undo.revert();
  }

  // --- tracing

  get tracing(): boolean {
    return this.#trace !== null;
  }

  enterFrame(frame: Omit<Frame, "gasUsed" | "success" | "parent">): void {
    this.#trace?.enter(frame);
  }

  exitFrame(gasUsed: bigint, success: boolean): void {
    this.#trace?.exit(gasUsed, success);
  }

  at(pc: number): void {
    this.#trace?.at(pc);
  }

  restartFrames(): void {
    this.#trace?.restart();
  }

  recordPreimage(hash: Hash, preimage: Uint8Array): void {
    this.#trace?.preimage(hash, preimage);
  }

  recordTransient(address: Address, slot: bigint): void {
    this.#trace?.transient(address, slot);
  }

  trace(): TransactionTrace {
    return this.#trace?.finish() ?? EMPTY_TRACE;
  }

  // --- results

  readSet(): ReadSet {
    return listReads(this.#below.reads);
  }

  rewindReads(earlier: ReadSet): void {
    this.#below.rewind(earlier);
  }

  writeSet(): WriteSet {
    const locations: LocationId[] = [];
    const writes = this.#own.writeSet(locations);
    this.#writeLocations = locations;
    return writes;
  }

  /** Where each write of the latest write set goes in the block's memory, as far as it was read; else 0. */
  get writeLocations(): readonly LocationId[] {
    return this.#writeLocations;
  }

  // --- private

  #account(address: Address): AccountView {
    this.#below.rethrowFailure();
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = new AccountView(address);
      this.#accounts.set(address, account);
    }
    return account;
  }
}
