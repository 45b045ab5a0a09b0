/**
 * The contract of both executors (sequential-executor.ts, the oracle; parallel-executor.ts).
 *
 * An executor reads the pre-state and returns outcomes; it never commits. The caller applies
 * `outcomes[i].writes` in order. It executes the longest valid prefix: at the first transaction that
 * is invalid or does not fit the remaining gas it stops and says why; outcomes before it stand.
 */
import type { ObservedExecution } from "../access-log/block-record";
import type { StateKey } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import type { StateStore } from "../state/state-store";
import type { InvalidTransaction } from "./invalid-transaction";
import type { TransactionOutcome } from "./outcome";
import type { ReceiptBodies } from "./receipt-bodies";
import type { BlockEnvironment, TransactionInput } from "./transaction";

/**
 * Fetches what is missing into the pre-state and into the environment's `blockHashes`, in one batch.
 * Keys that are there cost nothing. Throws what the remote's failure is.
 */
export type StateLoader = (keys: readonly StateKey[]) => Promise<void>;

export interface BlockInput {
  readonly environment: BlockEnvironment;
  readonly transactions: readonly TransactionInput[];
  /** gas left in the block for these transactions (the block's gas limit in the first round) */
  readonly gasAvailable: bigint;
  /** Record frames, accesses and preimages (the access log); off = `trace` is empty, faster. */
  readonly trace: boolean;
  /**
   * Record what the block-level access list is made of (EIP-7928, experimental; engine/block-access-list.ts).
   * Default: false; before that EIP there is nothing to record.
   */
  readonly blockAccessList?: boolean;
  /** The transactions as encoded (EIP-2718): with them, a thread that has time may make their root. */
  readonly encodedTransactions?: readonly Uint8Array[];
  /**
   * Called at most once, perhaps before the execution's result is there, when all transactions have their
   * place in the block and nothing of what they wrote will change any more: the caller may apply the writes
   * now. If it throws, it leaves the state as it was, and the block may be executed anew.
   */
  readonly settle?: (transactions: readonly SettledTransaction[]) => void;
  /** On a fork: fetches what executions missed. Absent = the pre-state has everything. */
  readonly load?: StateLoader;
}

/** Of a transaction that is final, what it takes to commit it. */
export type SettledTransaction = Pick<TransactionOutcome, "gasUsed" | "writes">;

export interface BlockExecution {
  /** One per transaction of the executed prefix. */
  readonly outcomes: readonly TransactionOutcome[];
  readonly stopped?: { readonly index: number; readonly error: InvalidTransaction };
  readonly observed: ObservedExecution;
  /** of the outcomes' receipts, where threads have made them with the results */
  readonly receiptBodies?: ReceiptBodies;
  /** of those receipts (32 bytes), likewise */
  readonly receiptsRoot?: Uint8Array;
  /** of all transactions of the input, executed or not (32 bytes), where it was made with the results */
  readonly transactionsRoot?: Uint8Array;
}

export interface BlockExecutor {
  /**
   * The transaction waits for one of the next blocks: does ahead of time what can be done by then.
   * @param encoded as in EIP-2718; what is done is of use to a block whose input has these very objects
   */
  prepare(transaction: TransactionInput, encoded: Uint8Array): void;
  execute(input: BlockInput, preState: StateStore): Promise<BlockExecution>;
  /** Frees workers; idempotent. */
  close(): Promise<void>;
}

/** A block whose transactions execute one after the other. */
export interface OrderedInput extends BlockInput {
  /** Called with each outcome as soon as it is there, in block order. It does not throw. */
  readonly ended?: (outcome: TransactionOutcome, index: number) => void;
}

/** One that never changes what it reads, and so needs no more than a reader. */
export interface ReadingExecutor extends BlockExecutor {
  execute(input: OrderedInput, preState: StateReader): Promise<BlockExecution>;
}
