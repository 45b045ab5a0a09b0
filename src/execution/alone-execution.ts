/**
 * A block that the calling thread executes alone although there may be threads.
 *
 * Owns: what is made with its results: all that threads would have made, so that the times can be compared.
 * Does not own: whether a block runs alone (parallel-executor.ts).
 */
import { orderedTrieRoot } from "../state/trie/trie-root";
import type { BlockExecution, BlockInput, ReadingExecutor } from "./block-executor";
import type { BlockJoiner } from "./block-joiner";
import { MadeMeanwhile } from "./made-meanwhile";
import { encodedLogs, type TransactionOutcome } from "./outcome";
import type { PreparedTransactions } from "./prepared-transactions";
import type { BlockReceipts } from "./published-receipts";
import { receiptBodies } from "./receipt-bodies";
import type { ReceiptFeed } from "./receipt-feed";
import { type ReceiptHead, receiptsRootOf } from "./receipts-root";
import type { Settlement } from "./settlement";
import type { TransactionInput } from "./transaction";

/** Below so many transactions this thread has made all of it before another has answered. */
const MIN_TRANSACTIONS = 100;

/** A block, and what was made ahead of it. */
interface AloneWork {
  readonly input: BlockInput;
  readonly settlement: Settlement;
  readonly prepared: PreparedTransactions;
  readonly feed: ReceiptFeed;
}

/** Throws what the executor throws. @param idlePool threads that have nothing else to do; null = there are none */
export async function executeAlone(
  executor: ReadingExecutor,
  idlePool: BlockJoiner | null,
  { input, settlement, prepared, feed }: AloneWork,
): Promise<BlockExecution> {
  const { encodedTransactions: encoded, transactions } = input;
  const meanwhile =
    encoded === undefined || encoded.length < MIN_TRANSACTIONS || idlePool === null
      ? null
      : new MadeMeanwhile(prepared.shareForRoot(encoded), feed, idlePool);
  const execution = await executeWatched(executor, input, settlement, meanwhile?.feed ?? null);
  const { outcomes } = execution;
  settlement.allExecuted(outcomes);
  const receipts = (await meanwhile?.receipts()) ?? receiptsOf(transactions, outcomes);
  const ofTransactions = await (meanwhile?.transactionsRoot() ?? rootOf(encoded));
  return {
    ...execution,
    receiptBodies: receipts.bodies,
    ...(receipts.root === null ? {} : { receiptsRoot: receipts.root }),
    ...(ofTransactions === null ? {} : { transactionsRoot: ofTransactions }),
  };
}

/** @param feed hears of each transaction, and how the block ended; null = nobody has to */
async function executeWatched(
  executor: ReadingExecutor,
  input: BlockInput,
  { before }: Settlement,
  feed: ReceiptFeed | null,
): Promise<BlockExecution> {
  if (feed === null) {
    return executor.execute(input, before);
  }
  const { transactions } = input;
  try {
    const ended = (outcome: TransactionOutcome, index: number): void =>
      feed.add(headOf(transactions, outcome, index), encodedLogs(outcome));
    const execution = await executor.execute({ ...input, ended }, before);
    feed.complete();
    return execution;
  } catch (error) {
    feed.giveUp();
    throw error;
  }
}

function rootOf(encoded: BlockInput["encodedTransactions"]): Uint8Array | null {
  return encoded === undefined ? null : orderedTrieRoot(encoded);
}

function receiptsOf(
  transactions: readonly TransactionInput[],
  outcomes: readonly TransactionOutcome[],
): BlockReceipts {
  const bodies = receiptBodies(outcomes.map(encodedLogs));
  const heads = outcomes.map((outcome, index) => headOf(transactions, outcome, index));
  return { bodies, root: receiptsRootOf(bodies, heads) };
}

function headOf(
  transactions: readonly TransactionInput[],
  { status, gasUsed }: TransactionOutcome,
  index: number,
): ReceiptHead {
  return { type: transactions[index]?.type ?? 0, status, gasUsed };
}
