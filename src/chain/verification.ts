/**
 * The check "parallel = sequential" on one block: the oracle executes the same transactions on the
 * same pre-state, and both state roots are really computed.
 *
 * Owns: the comparison. The block goes on with the oracle's state, so a difference is reported
 * (BlockRecord.rootCheck) and does no harm to what follows.
 */
import type { BlockRecord } from "../access-log/block-record";
import { invariant } from "../errors/base-error";
import type { BlockExecutor, StateLoader } from "../execution/block-executor";
import { keysOfWrites } from "../execution/loaded-execution";
import type { TransactionOutcome } from "../execution/outcome";
import type { BlockEnvironment } from "../execution/transaction";
import type { Address } from "../state/hex";
import { locationKey } from "../state/location";
import type { StateMark, StateStore } from "../state/state-store";
import type { Write } from "../state/write-set";
import { writeRecords } from "./access-record";
import type { ExecutedBlock, ExecutedTransaction } from "./block-execution";

export interface Verification {
  readonly rootCheck: NonNullable<BlockRecord["rootCheck"]>;
  /** The block as the oracle has it, equal to the given one unless the check failed. */
  readonly executed: ExecutedBlock;
}

/**
 * The store must hold the block applied on top of `preMark`; afterwards it holds the oracle's.
 * Throws InvariantError if the oracle refuses a transaction, or if receipts or write sets differ
 * although the roots are equal: nothing of that could be told from the record.
 */
export async function verifyBlock(
  verifier: BlockExecutor,
  store: StateStore,
  preMark: StateMark,
  environment: BlockEnvironment,
  executed: ExecutedBlock,
  trace: boolean,
  load?: StateLoader,
): Promise<Verification> {
  const parallel = store.stateRoot();
  store.revertTo(preMark);
  const { outcomes, stopped } = await verifier.execute(
    {
      environment,
      transactions: executed.transactions.map(({ transaction }) => transaction.input),
      gasAvailable: environment.gasLimit,
      trace,
      ...(load === undefined ? {} : { load }),
    },
    store,
  );
  const begun = new Set<Address>();
  await load?.(outcomes.flatMap(({ writes }) => keysOfWrites(writes, begun)));
  invariant(
    stopped === undefined && outcomes.length === executed.transactions.length,
    `the sequential executor refuses transaction ${outcomes.length} of block ${environment.number}` +
      ` which the parallel executor included (${stopped?.error.kind ?? "no reason given"})`,
  );
  const transactions = executed.transactions.map(({ transaction }, i): ExecutedTransaction => {
    const outcome = outcomes[i];
    invariant(outcome !== undefined, "there are as many outcomes as transactions");
    const writes = trace ? writeRecords(outcome, store) : [];
    const mark = store.mark();
    store.apply(outcome.writes);
    return { transaction, outcome, mark, writes };
  });
  const sequential = store.stateRoot();
  const differing = executed.transactions.findIndex(
    ({ outcome }, i) => fingerprint(outcome) !== fingerprint(transactions[i]?.outcome),
  );
  if (differing < 0 && parallel === sequential) {
    return { rootCheck: { parallel, sequential }, executed };
  }
  invariant(
    parallel !== sequential,
    `transaction ${differing} of block ${environment.number} has other results in parallel than in` +
      " sequence, although the state roots are equal",
  );
  return {
    rootCheck: { parallel, sequential },
    executed: { ...executed, transactions, receiptBodies: null, receiptsRoot: null },
  };
}

/** Equal for outcomes with equal receipts and write sets; the order of writes does not count. */
function fingerprint(outcome: TransactionOutcome | undefined): string {
  if (outcome === undefined) {
    return "";
  }
  const { status, gasUsed, effectiveGasPrice, createdAddress, logs, returnData } = outcome;
  return JSON.stringify([
    status,
    gasUsed.toString(),
    effectiveGasPrice.toString(),
    createdAddress,
    logs,
    Buffer.from(returnData).toString("hex"),
    outcome.writes.writes.map((write) => `${locationKey(write)}=${writtenValue(write)}`).sort(),
  ]);
}

function writtenValue(write: Write): string {
  switch (write.kind) {
    case "balance":
      return write.delta.toString();
    case "code":
      return write.codeHash;
    case "existence":
      return `${write.exists},${write.clearsStorage}`;
    case "nonce":
    case "storage":
      return write.value.toString();
  }
}
