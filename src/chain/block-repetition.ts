/**
 * Executes a mined block again, one transaction after the other, with tracing on: the access log's
 * record of a block that was not recorded when it was mined.
 *
 * Owns: what such a repetition begins on. Changes nothing. Callers hold the lock.
 */
import type { BlockRecord } from "../access-log/block-record";
import { invariant } from "../errors/base-error";
import { BlockOverlay } from "../execution/block-overlay";
import type { Engine } from "../execution/engine/engine";
import { SequentialExecutor } from "../execution/sequential-executor";
import { makeBlockRecord, writeRecords } from "./access-record";
import type { ExecutedBlock, ExecutedTransaction } from "./block-execution";
import type { ChainBlock } from "./chain";
import type { ChainState } from "./chain-state";
import type { StateQueries } from "./state-queries";

const NOTHING: ExecutedBlock = {
  transactions: [],
  rounds: [],
  receiptBodies: null,
  receiptsRoot: null,
  transactionsRoot: null,
};

/**
 * The record of a block as it was mined. Its `observed` part is of this repetition, `rootCheck` is
 * null. A reserved block (hardhat_mine) has no transactions.
 */
export async function repeatBlock(
  engine: Engine,
  state: ChainState,
  queries: StateQueries,
  block: ChainBlock,
): Promise<BlockRecord> {
  return makeBlockRecord({
    header: block.header,
    hardfork: state.config.hardfork,
    segment: state.segment,
    executed:
      block.transactions.length === 0 ? NOTHING : await execute(engine, queries, block, state),
    rootCheck: null,
  });
}

async function execute(
  engine: Engine,
  queries: StateQueries,
  block: ChainBlock,
  { history, store }: ChainState,
): Promise<ExecutedBlock> {
  const { environment, preState, load } = queries.contextBefore(block);
  const mark = history.built(block.header.number)?.preMark ?? store.mark();
  const { outcomes, stopped, observed } = await new SequentialExecutor(engine).execute(
    {
      environment,
      transactions: block.transactions.map(({ input }) => input),
      gasAvailable: block.header.gasLimit,
      trace: true,
      ...(load === undefined ? {} : { load }),
    },
    preState,
  );
  invariant(
    stopped === undefined,
    `block ${block.header.number} was mined, and is refused when repeated: ${stopped?.error.kind}`,
  );
  const before = new BlockOverlay(preState);
  const transactions = outcomes.map((outcome, i): ExecutedTransaction => {
    const transaction = block.transactions[i];
    invariant(transaction !== undefined, "an outcome belongs to a transaction");
    const writes = writeRecords(outcome, before);
    before.apply(outcome.writes, i);
    return { transaction, outcome, mark, writes };
  });
  return {
    transactions,
    rounds: [{ first: 0, observed }],
    receiptBodies: null,
    receiptsRoot: null,
    transactionsRoot: null,
  };
}
