/**
 * Runs an ordered list of transactions into a block: which of them fit, with what outcomes.
 *
 * The executor stops at the first transaction that is not valid at its place. One that does not fit
 * the remaining gas, or that pays less than the base fee, costs its sender the rest of this block; the
 * others go on in a further round. Any other invalidity ends the block, as in the stock network.
 *
 * Owns: rounds, dropping of senders, the journal's marks. Leaves the outcomes applied to the store.
 */
import type { ObservedExecution, WriteRecord } from "../access-log/block-record";
import { invariant } from "../errors/base-error";
import type { BlockExecutor, SettledTransaction, StateLoader } from "../execution/block-executor";
import { keysOfWrites } from "../execution/loaded-execution";
import type { TransactionOutcome } from "../execution/outcome";
import type { ReceiptBodies } from "../execution/receipt-bodies";
import type { BlockEnvironment } from "../execution/transaction";
import type { Address } from "../state/hex";
import type { StateMark, StateStore } from "../state/state-store";
import { writeRecords } from "./access-record";
import type { ChainTransaction } from "./chain";
import { ChainError } from "./chain-error";

/** gas that the cheapest transaction uses: bounds how many can fit */
const MIN_TRANSACTION_GAS = 21_000n;

export interface ExecutedTransaction {
  readonly transaction: ChainTransaction;
  readonly outcome: TransactionOutcome;
  /** state before it */
  readonly mark: StateMark;
  /** its writes with the values before them; empty unless traced */
  readonly writes: readonly WriteRecord[];
}

export interface ExecutionRound {
  /** block index of the round's first transaction */
  readonly first: number;
  readonly observed: ObservedExecution;
}

export interface ExecutedBlock {
  readonly transactions: readonly ExecutedTransaction[];
  readonly rounds: readonly ExecutionRound[];
  /** of all its receipts, if they were made with the results */
  readonly receiptBodies: ReceiptBodies | null;
  /** of those receipts, likewise; 32 bytes */
  readonly receiptsRoot: Uint8Array | null;
  /** of all its transactions, likewise; 32 bytes */
  readonly transactionsRoot: Uint8Array | null;
}

export interface BlockOrder {
  readonly environment: BlockEnvironment;
  /** best first */
  readonly transactions: readonly ChainTransaction[];
  /** wei per gas; those below cost their sender the block */
  readonly minGasPrice: bigint;
  readonly trace: boolean;
  /** on a fork */
  readonly load?: StateLoader;
  /**
   * Called as soon as all is applied, if that is before the outcomes are complete: the state is then that
   * after the last transaction. If it throws, all is undone and executed anew.
   */
  readonly applied?: () => void;
}

/** Most transactions that a block of this gas limit can hold. */
export function maxTransactions(gasLimit: bigint): number {
  return Number(gasLimit / MIN_TRANSACTION_GAS) + 1;
}

/**
 * Executes and applies. Throws ChainError InvalidTransaction where the stock network refuses to mine;
 * after any error a part may be applied: the caller reverts.
 */
export async function executeOrder(
  executor: BlockExecutor,
  store: StateStore,
  { environment, transactions, minGasPrice, trace, load, applied }: BlockOrder,
): Promise<ExecutedBlock> {
  const executed: ExecutedTransaction[] = [];
  const rounds: ExecutionRound[] = [];
  let receiptBodies: ReceiptBodies | null = null;
  let receiptsRoot: Uint8Array | null = null;
  let transactionsRoot: Uint8Array | null = null;
  let gasAvailable = environment.gasLimit;
  const lowestFee = max(environment.baseFeePerGas ?? 0n, minGasPrice);
  let waiting = withoutSendersFrom(transactions, ({ input }) => input.maxFeePerGas < lowestFee);

  for (;;) {
    waiting = dropUnfitHeads(waiting, gasAvailable);
    const offered = waiting.slice(0, maxTransactions(gasAvailable));
    if (offered.length === 0) {
      return { transactions: executed, rounds, receiptBodies, receiptsRoot, transactionsRoot };
    }
    const isFirst = rounds.length === 0;
    const settled: { marks: readonly StateMark[] | null } = { marks: null };
    const settle = (all: readonly SettledTransaction[]): void => {
      settled.marks = applyAll(store, all, applied);
    };
    // With a trace, the values before each write are asked for; on a fork, writes may have to be loaded.
    const isWhole = isFirst && offered.length === waiting.length && !trace && load === undefined;
    const execution = await executor.execute(
      {
        environment,
        transactions: offered.map(({ input }) => input),
        gasAvailable,
        trace,
        // Nearly always all that is offered is in the block.
        ...(isFirst ? { encodedTransactions: offered.map(({ raw }) => raw) } : {}),
        ...(applied === undefined || !isWhole ? {} : { settle }),
        ...(load === undefined ? {} : { load }),
      },
      store,
    );
    const begun = new Set<Address>();
    await load?.(execution.outcomes.flatMap(({ writes }) => keysOfWrites(writes, begun)));
    // Of several rounds each would have a part.
    receiptBodies = isFirst ? (execution.receiptBodies ?? null) : null;
    receiptsRoot = isFirst ? (execution.receiptsRoot ?? null) : null;
    const isComplete = isFirst && execution.outcomes.length === offered.length;
    transactionsRoot = isComplete ? (execution.transactionsRoot ?? null) : null;
    rounds.push({ first: executed.length, observed: execution.observed });
    const { marks } = settled;
    execution.outcomes.forEach((outcome, i) => {
      const transaction = offered[i];
      invariant(transaction !== undefined, "an executor has an outcome for nothing but its input");
      const writes = trace ? writeRecords(outcome, store) : [];
      const mark = marks === null ? store.mark() : markOf(marks, i);
      executed.push({ transaction, outcome, mark, writes });
      if (marks === null) {
        store.apply(outcome.writes);
      }
      gasAvailable -= outcome.gasUsed;
    });
    waiting = waiting.slice(execution.outcomes.length);
    const { stopped } = execution;
    invariant(
      stopped !== undefined || execution.outcomes.length === offered.length,
      "an executor that does not stop executes all its input",
    );
    if (stopped !== undefined) {
      if (stopped.error.kind !== "ExceedsBlockGas") {
        throw new ChainError({ kind: "InvalidTransaction", reason: stopped.error });
      }
      const sender = waiting[0]?.input.from;
      waiting = waiting.filter(({ input }) => input.from !== sender);
    }
  }
}

/** Applies all, or nothing if something throws; returns the mark before each. */
function applyAll(
  store: StateStore,
  transactions: readonly SettledTransaction[],
  applied: (() => void) | undefined,
): StateMark[] {
  const before = store.mark();
  try {
    const marks = transactions.map(({ writes }) => {
      const mark = store.mark();
      store.apply(writes);
      return mark;
    });
    applied?.();
    return marks;
  } catch (error) {
    store.revertTo(before);
    throw error;
  }
}

function markOf(marks: readonly StateMark[], index: number): StateMark {
  const mark = marks[index];
  invariant(mark !== undefined, "a block that was settled has no other outcomes");
  return mark;
}

/** Leaves out, for each sender, the first transaction that is unfit and all after it. */
function withoutSendersFrom(
  transactions: readonly ChainTransaction[],
  isUnfit: (transaction: ChainTransaction) => boolean,
): readonly ChainTransaction[] {
  const first = transactions.findIndex(isUnfit); // of a block that is not full there is none
  const found = transactions[first];
  if (found === undefined) {
    return transactions;
  }
  const dropped = new Set([found.input.from]);
  const rest = transactions.slice(first + 1).filter((transaction) => {
    const { from } = transaction.input;
    if (!dropped.has(from) && isUnfit(transaction)) {
      dropped.add(from);
    }
    return !dropped.has(from);
  });
  return [...transactions.slice(0, first), ...rest];
}

/** Drops senders from the front until the first transaction's gas limit fits. */
function dropUnfitHeads(
  transactions: readonly ChainTransaction[],
  gasAvailable: bigint,
): readonly ChainTransaction[] {
  let foundHead = false;
  return withoutSendersFrom(transactions, ({ input }) => {
    foundHead ||= input.gasLimit <= gasAvailable;
    return !foundHead;
  });
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
