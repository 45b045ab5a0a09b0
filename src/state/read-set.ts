/**
 * What one execution of a transaction learned about the state below it.
 *
 * A read of a number is an interval, so that only what was really observed can conflict: `exact`
 * reads have min = max; "the balance covers 5 wei" is [5, inf); "the balance is zero" is [0, 0].
 * Intervals speak of the value before the transaction's own writes. The transaction's outcome is
 * the same for every pre-value inside all its intervals: that is what validation checks.
 *
 * Reads survive a revert of the frame that made them.
 */
import type { Address, Hash } from "./hex";

/** Upper end of an interval that has none (no balance or nonce reaches it). */
export const UNBOUNDED = 1n << 256n;

/**
 * Where a value came from: the version (transactionIndex, incarnation) that wrote it, or the
 * block's pre-state. A balance folded from several deltas names the highest of their writers.
 */
export interface ReadOrigin {
  /** -1 = the block's pre-state. */
  readonly transactionIndex: number;
  readonly incarnation: number;
}

export const PRE_STATE_ORIGIN: ReadOrigin = { transactionIndex: -1, incarnation: 0 };

/** Balance or nonce: every observation of it holds for pre-values in [min, max]. */
export interface IntervalRead {
  readonly kind: "balance" | "nonce";
  readonly address: Address;
  readonly min: bigint;
  readonly max: bigint;
  readonly origin: ReadOrigin;
}

export interface CodeRead {
  readonly kind: "code";
  readonly address: Address;
  readonly codeHash: Hash;
  readonly origin: ReadOrigin;
}

export interface ExistenceRead {
  readonly kind: "existence";
  readonly address: Address;
  readonly exists: boolean;
  readonly origin: ReadOrigin;
}

export interface StorageRead {
  readonly kind: "storage";
  readonly address: Address;
  readonly slot: bigint;
  readonly value: bigint;
  readonly origin: ReadOrigin;
}

export type Read = IntervalRead | CodeRead | ExistenceRead | StorageRead;

/** One entry per location, in the order of first access. */
export type ReadSet = readonly Read[];

/** True if the read fixed one value: only such a balance or nonce read conflicts with a delta. */
export function isExactRead(read: Read): boolean {
  return read.kind === "balance" || read.kind === "nonce" ? read.min === read.max : true;
}
