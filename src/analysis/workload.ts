/**
 * What a run did, boiled down to what the analysis needs: per transaction its gas, its sender and
 * which numbered locations it read and wrote in which function.
 *
 * Reads here are only those that can conflict: a balance or nonce known merely to lie in an
 * interval is left out (EIP-7928's and Block-STM's reads know no intervals; ours do, see
 * state/read-set.ts). Transient storage never conflicts and is left out.
 *
 * Owns: the shape. Does not own: how it is collected (workload-builder.ts).
 */
import type { Frame } from "../access-log/block-record";
import type { Address, Hash } from "../state/hex";
import type { CallEntry } from "./call-entries";
import type { LocationIndex } from "./location-index";
import type { ValueUse } from "./value-use";

/** Which of the two gas weights a transaction counts with (product term: total or execution). */
export type GasMode = "total" | "execution";

/** One location that one entry touched. */
export interface EntryAccess {
  readonly entry: number;
  readonly location: number;
  readonly read: boolean;
  readonly write: boolean;
  /** The code that ran (a library's own) and where in it; -1 if no opcode made the access. */
  readonly codeHash: Hash;
  readonly readPc: number;
  readonly writePc: number;
}

/** What a transaction did to a slot that it wrote. */
export interface SlotChange {
  readonly before: bigint;
  readonly after: bigint;
  readonly use: ValueUse;
  /** Another slot that the new value is a hash over (an accumulator's last element); null if none. */
  readonly hashedFrom: number | null;
}

export interface WorkloadTransaction {
  /** place in the workload */
  readonly position: number;
  /** index in `Workload.blocks` */
  readonly block: number;
  readonly transactionIndex: number;
  readonly sender: Address;
  /** Deploys a contract: part of setting the scene, not of what is measured. */
  readonly setup: boolean;
  /** gas before refund */
  readonly gas: number;
  /** gas before refund without intrinsic gas */
  readonly executionGas: number;
  readonly failed: boolean;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Those of `writes` that put back the value that was there (reentrancy guards). */
  readonly silentWrites: ReadonlySet<number>;
  /** Slots written, with their values before and after the transaction. */
  readonly changes: ReadonlyMap<number, SlotChange>;
  /** Balances that grew, but not by the fee alone. */
  readonly credits: ReadonlySet<number>;
  /** wei sent with the transaction */
  readonly value: bigint;
  /** Balances that changed by nothing but the fee: the sender's, the coinbase's. */
  readonly feeWrites: ReadonlySet<number>;
  /** Accounts (LocationIndex owners) whose slots were dropped, by existence location. */
  readonly cleared: readonly { readonly owner: number; readonly location: number }[];
  /** Accounts whose nonce and code were removed as well. */
  readonly removed: readonly { readonly owner: number; readonly location: number }[];
  readonly entries: readonly CallEntry[];
  readonly accesses: readonly EntryAccess[];
}

export interface WorkloadBlock {
  readonly number: bigint;
  /** seconds */
  readonly timestamp: bigint;
  readonly segment: number;
  readonly section: string | null;
  readonly coinbase: Address;
  readonly gasLimit: bigint;
}

/** How blocks were executed: observed, may differ from run to run. */
export interface ObservedTotals {
  readonly blocksParallel: number;
  readonly blocksInThread: number;
  readonly blocksSequential: number;
  /** executions beyond the first of each transaction */
  readonly reexecutions: number;
  readonly aborts: number;
  /** reasons of blocks that fell back to sequential execution, with their number */
  readonly fallbacks: ReadonlyMap<string, number>;
}

/** The check "parallel = sequential" over the run. */
export interface RootChecks {
  readonly checkedBlocks: number;
  readonly equalBlocks: number;
  /** first block whose roots differ */
  readonly firstUnequal: bigint | null;
}

export interface Workload {
  readonly transactions: readonly WorkloadTransaction[];
  readonly blocks: readonly WorkloadBlock[];
  readonly locations: LocationIndex;
  /** By function key: a frame that entered it, to be named. */
  readonly functions: ReadonlyMap<string, Frame>;
  readonly observed: ObservedTotals;
  readonly rootChecks: RootChecks;
}

/** Gas that a whole transaction weighs. */
export function transactionWeight(transaction: WorkloadTransaction, mode: GasMode): number {
  return mode === "total" ? transaction.gas : transaction.executionGas;
}
