/**
 * A whole block as the protocol runs it: system calls, transactions, withdrawals, rewards, requests,
 * and the header fields that follow. The executor is a parameter.
 */
import { makeReceipts, receiptsRoot } from "../../src/chain/receipts";
import { type Ommer, payBlockReward, payWithdrawals } from "../../src/execution/block-credits";
import type { BlockExecution, BlockExecutor } from "../../src/execution/block-executor";
import { collectRequests, requestsHash } from "../../src/execution/block-requests";
import { recordBeaconRoot, recordParentHash } from "../../src/execution/block-start";
import { encodeLogs } from "../../src/execution/encoded-logs";
import { createEngine } from "../../src/execution/engine/engine-choice";
import type { TransactionOutcome } from "../../src/execution/outcome";
import { receiptBodies } from "../../src/execution/receipt-bodies";
import type {
  BlockEnvironment,
  TransactionInput,
  Withdrawal,
} from "../../src/execution/transaction";
import { bytesToHex } from "../../src/state/bytes";
import { type Address, EMPTY_TRIE_ROOT, type Hash, type Hex } from "../../src/state/hex";
import type { StateStore } from "../../src/state/state-store";

export interface FullBlock {
  readonly environment: BlockEnvironment;
  readonly transactions: readonly TransactionInput[];
  readonly withdrawals: readonly Withdrawal[];
  readonly ommers: readonly Ommer[];
  readonly depositContract?: Address;
}

export interface FullBlockResult {
  readonly execution: BlockExecution;
  readonly gasUsed: bigint;
  readonly receiptsRoot: Hash;
  readonly logsBloom: Hex;
  readonly stateRoot: Hash;
  readonly requestsHash?: Hash;
}

/** The block is not valid: `message` says why. */
export class InvalidBlockError extends Error {}

/** System calls run on both engines, which have to agree. */
const engine = createEngine("verified");

/** Executes and applies the block. Throws InvalidBlockError; the store is then half-way. */
export async function executeFullBlock(
  executor: BlockExecutor,
  store: StateStore,
  block: FullBlock,
): Promise<FullBlockResult> {
  const { environment, transactions } = block;
  store.apply(await recordBeaconRoot(engine, store, environment));
  store.apply(await recordParentHash(engine, store, environment));
  const execution = await executor.execute(
    { environment, transactions, gasAvailable: environment.gasLimit, trace: false },
    store,
  );
  if (execution.stopped !== undefined) {
    const { index, error } = execution.stopped;
    throw new InvalidBlockError(`transaction ${index}: ${error.kind}`);
  }
  const { outcomes } = execution;
  for (const { writes } of outcomes) {
    store.apply(writes);
  }
  store.apply(payWithdrawals(store, environment, block.withdrawals));
  store.apply(payBlockReward(store, environment, block.ommers));
  const requests = await collectRequests(
    engine,
    store,
    environment,
    outcomes.flatMap(({ logs }) => logs),
    block.depositContract,
  );
  if (!requests.ok) {
    throw new InvalidBlockError(requests.reason);
  }
  for (const writes of requests.writes) {
    store.apply(writes);
  }
  return {
    execution,
    gasUsed: outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    receiptsRoot: receiptsRootOf(transactions, outcomes),
    logsBloom: logsBloomOf(outcomes),
    stateRoot: store.stateRoot(),
    ...(requests.requests.length === 0 ? {} : { requestsHash: requestsHash(requests.requests) }),
  };
}

export function logsBloomOf(outcomes: readonly TransactionOutcome[]): Hex {
  return bytesToHex(receiptBodies(outcomes.map(({ logs }) => encodeLogs(logs))).bloom);
}

/** Since Byzantium. */
export function receiptsRootOf(
  transactions: readonly TransactionInput[],
  outcomes: readonly TransactionOutcome[],
): Hash {
  if (outcomes.length === 0) {
    return EMPTY_TRIE_ROOT;
  }
  // of a transaction in a block, receipts take nothing but the outcome
  const executed = outcomes.map((outcome) => ({ outcome })) as unknown as Parameters<
    typeof makeReceipts
  >[0];
  const { receipts, bodies } = makeReceipts(executed);
  return receiptsRoot(
    transactions.map(({ type }) => type),
    receipts,
    bodies,
  );
}
