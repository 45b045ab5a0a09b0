/**
 * The state as one incarnation of a transaction sees and changes it (types only; the implementation
 * is incarnation-view.ts).
 *
 * Owns: own writes, the read set, the frame journal (checkpoint / revert), and, when tracing, the
 * frames. Does not own: anything outside this transaction.
 *
 * Invariants: reads survive a revert, writes do not. Every answer is recorded as the weakest
 * observation that the caller really made (an interval for balances and nonces).
 */
import type { Frame, TransactionTrace } from "../access-log/block-record";
import type { Address, Hash, Hex } from "../state/hex";
import type { StateKey } from "../state/missing";
import type { ReadSet } from "../state/read-set";
import type { WriteSet } from "../state/write-set";

export interface StateView {
  /** Exact read. */
  balance(address: Address): bigint;
  /** Bound read: is the balance at least `amount`? */
  balanceAtLeast(address: Address, amount: bigint): boolean;
  /** Exact read. */
  nonce(address: Address): bigint;
  codeHash(address: Address): Hash;
  code(address: Address): Uint8Array;
  storage(address: Address, slot: bigint): bigint;
  /** The slot's value when the transaction began (EIP-2200 "original value"). */
  originalStorage(address: Address, slot: bigint): bigint;
  /** EIP-161 "empty": no code, zero nonce, zero balance; reads only as much as decides it. */
  isEmpty(address: Address): boolean;
  /** Is the account in the trie (rules before EIP-161)? */
  exists(address: Address): boolean;
  hasStorage(address: Address): boolean;

  credit(address: Address, amount: bigint): void;
  /** Would crediting `amount` take the balance past 2^256 - 1? Reads only if that is possible at all. */
  creditOverflows(address: Address, amount: bigint): boolean;
  /** The caller has checked `balanceAtLeast`. */
  debit(address: Address, amount: bigint): void;
  setNonce(address: Address, value: bigint): void;
  setCode(address: Address, code: Uint8Array): void;
  setStorage(address: Address, slot: bigint, value: bigint): void;
  /** Makes the account exist (touch before EIP-161). */
  create(address: Address): void;
  /** Drops all slots (a contract is made at this address). */
  clearStorage(address: Address): void;
  /** Removes the account at the end of the transaction: balance burnt, nonce, code, storage gone. */
  destroy(address: Address): void;

  checkpoint(): void;
  commit(): void;
  revert(): void;

  /** Set once a read threw ReadBlocked, even if something on the way swallowed the exception. */
  readonly blockedOn: number | null;
  /** Set once a read threw MissingState: what has to be loaded before this can run. */
  readonly missing: StateKey | null;
  /** BLOCKHASH of a fork's ancestor that is not fetched yet: throws MissingState, like a read. */
  missBlockHash(number: bigint): never;
  /** Throws again what a read threw (ReadBlocked or a failure), if one did. */
  rethrowFailedRead(): void;

  /** True if frames are recorded. */
  readonly tracing: boolean;
  /** Frame tracing (no-ops unless tracing). `pc` applies to following accesses. */
  enterFrame(frame: Omit<Frame, "gasUsed" | "success" | "parent">): void;
  exitFrame(gasUsed: bigint, success: boolean): void;
  at(pc: number): void;
  /** Forgets the recorded frames: an engine begins its message again after `revert`. */
  restartFrames(): void;
  recordPreimage(hash: Hash, preimage: Uint8Array): void;
  recordTransient(address: Address, slot: bigint): void;

  readSet(): ReadSet;
  /**
   * Forgets what was observed since `earlier` was the read set: the message runs a second time, for a record of its
   * own. Every location keeps the version that it was read with. Writes have to be reverted before.
   */
  rewindReads(earlier: ReadSet): void;
  writeSet(): WriteSet;
  trace(): TransactionTrace;
}

export type { Hex };
