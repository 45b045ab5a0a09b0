/**
 * What executes drawn calls: handed in from outside, because this room runs nothing.
 *
 * Owns: the contract. Does not own: any implementation.
 */
import type { BlockRecord, TransactionTrace } from "../../access-log/block-record";
import type { Address, Hash, Hex } from "../../state/hex";
import type { ReadSet } from "../../state/read-set";
import type { StateReader } from "../../state/state-reader";
import type { WriteSet } from "../../state/write-set";

export interface ReplayedMessage {
  readonly block: Pick<BlockRecord, "number" | "timestamp" | "coinbase" | "hardfork" | "gasLimit">;
  readonly from: Address;
  readonly to: Address;
  /** wei */
  readonly value: bigint;
  readonly data: Hex;
}

/** What the transaction did; gas as in the access log. */
export interface ReplayOutcome {
  readonly status: 0 | 1;
  readonly gasUsed: bigint;
  readonly gasBeforeRefund: bigint;
  readonly intrinsicGas: bigint;
  readonly reads: ReadSet;
  readonly writes: WriteSet;
  readonly trace: TransactionTrace;
  readonly logs: readonly EmittedEvent[];
}

export interface EmittedEvent {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Hex;
}

/**
 * Executes one transaction that pays no fees and may use the block's gas, on a state that stays as it
 * is. Null if no block could have it (its sender has code). Throws what the state throws.
 */
export type CallReplayer = (
  message: ReplayedMessage,
  state: StateReader,
) => Promise<ReplayOutcome | null>;
