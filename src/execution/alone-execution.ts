/**
 * A block that the calling thread executes alone although there may be threads.
 *
 * Owns: what is made with its results: all that threads would have made, so that the times can be compared.
 * Does not own: whether a block runs alone (parallel-executor.ts).
 */
import type { BlockExecution, BlockInput, ReadingExecutor } from "./block-executor";
import type { BlockJoiner } from "./block-joiner";
import { encodedLogs } from "./outcome";
import type { PreparedTransactions } from "./prepared-transactions";
import { receiptBodies } from "./receipt-bodies";
import { receiptsRootOf } from "./receipts-root";
import type { Settlement } from "./settlement";
import { RootMeanwhile } from "./transactions-root";

/** A block, and what was made ahead of it. */
interface AloneWork {
  readonly input: BlockInput;
  readonly settlement: Settlement;
  readonly prepared: PreparedTransactions;
}

/** Throws what the executor throws. @param idlePool threads that have nothing else to do; null = there are none */
export async function executeAlone(
  executor: ReadingExecutor,
  idlePool: BlockJoiner | null,
  { input, settlement, prepared }: AloneWork,
): Promise<BlockExecution> {
  const { encodedTransactions, transactions } = input;
  const ofTransactions =
    encodedTransactions === undefined
      ? null
      : new RootMeanwhile(prepared.shareForRoot(encodedTransactions), idlePool);
  const execution = await executor.execute(input, settlement.before);
  const { outcomes } = execution;
  settlement.allExecuted(outcomes);
  const bodies = receiptBodies(outcomes.map(encodedLogs));
  const heads = outcomes.map(({ status, gasUsed }, index) => {
    return { type: transactions[index]?.type ?? 0, status, gasUsed };
  });
  const receiptsRoot = receiptsRootOf(bodies, heads);
  const transactionsRoot = (await ofTransactions?.root()) ?? null;
  return {
    ...execution,
    receiptBodies: bodies,
    receiptsRoot,
    ...(transactionsRoot === null ? {} : { transactionsRoot }),
  };
}
