/**
 * Where an execution's reads go after its own writes.
 *
 * Invariant (read chain of an incarnation): own writes -> the latest lower transaction's version ->
 * the block's pre-state. This interface is the last two links; the state view is the first.
 *
 * After each call `origin` names the version that answered, until the next call: an object that stays as
 * it is; and `location` where it was looked up. An implementation over multi-version memory throws `ReadBlocked` when it meets an estimate.
 */
import type { Address } from "../state/hex";
import type { ReadOrigin } from "../state/read-set";
import type { StateReader } from "../state/state-reader";

/** Index of a location in the block's memory (location-table.ts). */
export type LocationId = number;

export interface LocationReader extends StateReader {
  readonly origin: ReadOrigin;
  /** 0 where locations have no ids */
  readonly location: LocationId;
  /** After an approximate balance: the transaction whose probable change is in it, -1 = none. */
  readonly unfinished: number;
  /**
   * wei. With `approximate` the caller will observe only a bound (IntervalRead): the answer may then
   * rest on what an unfinished lower transaction will probably do, instead of throwing ReadBlocked.
   */
  balance(address: Address, approximate?: boolean): bigint;
  /**
   * The balance in the block's pre-state (wei), whatever lower transactions did since. Not an
   * observation: it is the same for every incarnation, so it is never recorded, never blocks and
   * leaves `origin` alone. Tells whether a credit can come near 2^256 at all.
   */
  balanceBeforeBlock(address: Address): bigint;
}

/** The location read is an estimate: a lower transaction will write it but has not yet. */
export class ReadBlocked extends Error {
  readonly blockingTransaction: number;

  constructor(blockingTransaction: number) {
    super(`waiting for transaction ${blockingTransaction}`);
    this.name = "ReadBlocked";
    this.blockingTransaction = blockingTransaction;
  }
}
