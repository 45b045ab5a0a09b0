/** A block's access-log record from the sequential executor, without a chain around it. */
import type { BlockRecord, TransactionRecord } from "../../src/access-log/block-record";
import { writeRecords } from "../../src/chain/access-record";
import type { BlockInput } from "../../src/execution/block-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { StateStore } from "../../src/state/state-store";

/** Executes on `store` and leaves the post-state in it. Throws if a transaction is invalid. */
export async function recordBlock(
  input: Omit<BlockInput, "trace">,
  store: StateStore,
): Promise<BlockRecord> {
  const { environment, transactions } = input;
  const { outcomes, stopped, observed } = await new SequentialExecutor().execute(
    { ...input, trace: true },
    store,
  );
  if (stopped !== undefined) {
    throw new Error(`transaction ${stopped.index} is invalid: ${stopped.error.kind}`);
  }
  const records = outcomes.map((outcome, transactionIndex): TransactionRecord => {
    const transaction = transactions[transactionIndex];
    if (transaction === undefined) {
      throw new Error("more outcomes than transactions");
    }
    const writes = writeRecords(outcome, store);
    store.apply(outcome.writes);
    return {
      transactionIndex,
      hash: transaction.hash,
      type: transaction.type,
      from: transaction.from,
      to: transaction.to,
      createdAddress: outcome.createdAddress,
      nonce: transaction.nonce,
      value: transaction.value,
      status: outcome.status,
      gasLimit: transaction.gasLimit,
      gasUsed: outcome.gasUsed,
      gasBeforeRefund: outcome.gasBeforeRefund,
      intrinsicGas: outcome.intrinsicGas,
      reads: outcome.reads,
      writes,
      trace: outcome.trace,
      deployed: [],
    };
  });
  return {
    number: environment.number,
    timestamp: environment.timestamp,
    coinbase: environment.coinbase,
    hardfork: environment.rules.hardfork,
    gasLimit: environment.gasLimit,
    gasUsed: outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    segment: 0,
    transactions: records,
    observed,
    rootCheck: null,
  };
}
