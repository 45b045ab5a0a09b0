/**
 * A thread's part in a block: executes transactions on its engine until the block is done, stalled or
 * aborted.
 *
 * Owns: nothing after it returns. Does not own: the pre-state (read only), the engine, committing.
 */
import { isParallelError, plainParallelError } from "../errors/base-error";
import type { StateKey } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import type { BlockReport, BlockTask } from "./block-joiner";
import { type HeldResult, type IncarnationResult, participate } from "./block-participant";
import { CapacityExceeded } from "./capacity-exceeded";
import type { Engine } from "./engine/engine";
import { EncodedResults, encodeHeldResults, type IncarnationOutcome } from "./held-results";
import { IncarnationView } from "./incarnation-view";
import { ReadBlocked } from "./location-reader";
import { encodedLogs, type TransactionOutcome } from "./outcome";
import { openSharedBlock, type SharedBlock } from "./shared-block";
import type { BlockEnvironment, TransactionInput } from "./transaction";
import { SharedTransactions } from "./transaction-codec";
import {
  executeTransaction,
  type TransactionExecution,
  type TransactionOptions,
} from "./transaction-processing";
import { rootUnlessTaken } from "./transactions-root";
import { VersionedReader } from "./versioned-reader";

/** What one thread needs to take part. */
export interface BlockPart {
  readonly block: SharedBlock;
  readonly transactionAt: (index: number) => TransactionInput;
  readonly environment: BlockEnvironment;
  readonly trace: boolean;
  /**
   * What the thread keeps of an outcome until it leaves; absent = all of it: what a transaction read and wrote
   * goes along with its result, though the block's memory has it too.
   */
  readonly hold?: (index: number, outcome: TransactionOutcome) => IncarnationOutcome;
  readonly options: TransactionOptions;
  readonly engine: Engine;
  readonly preState: StateReader;
  /** what to do while there is no task */
  readonly idle: (signalCount: number) => Promise<void> | void;
}

type Failure = Extract<BlockReport, { readonly ok: false }>;

/** What a thread has when it leaves a block. */
export type Participated =
  | {
      readonly ok: true;
      readonly held: ReadonlyMap<number, HeldResult<IncarnationOutcome>>;
      readonly missed: readonly StateKey[];
    }
  | Failure;

/**
 * A worker thread's part: opens what is shared, makes the transactions' root if nobody does, executes, makes
 * the receipts if nobody does, and encodes the results that it holds.
 * Never throws: what goes wrong is in the report, and the other threads are told to leave.
 * @param idle what to do while there is no task; default: sleep, which only a worker thread may
 */
export async function joinBlock(
  task: BlockTask,
  engine: Engine,
  preState: StateReader,
  idle?: (signalCount: number) => Promise<void> | void,
): Promise<BlockReport> {
  const block = openSharedBlock(task.buffers, preState);
  const { scheduler } = block;
  const wait: BlockPart["idle"] =
    idle ?? ((signalCount) => void scheduler.waitForWork(signalCount));
  const encoded = new EncodedResults();
  let transactions: SharedTransactions;
  let transactionsRoot: Uint8Array | null = null;
  try {
    transactions = new SharedTransactions(task.transactions);
    transactionsRoot = task.encoded === null ? null : rootUnlessTaken(task.encoded);
    await block.gate.pass(wait);
  } catch (error) {
    return failure(block, error);
  }
  const part = await takePart({
    block,
    transactionAt: (index) => transactions.at(index),
    environment: task.environment,
    trace: task.trace,
    ...(keepsSets(task, task.state.isForked)
      ? {}
      : { hold: (_index, outcome) => encoded.hold(outcome) }),
    options: { blockAccessList: task.blockAccessList },
    engine,
    preState,
    idle: wait,
  });
  if (!part.ok) {
    return part;
  }
  try {
    const receipts = scheduler.isDone ? block.receipts.madeUnlessTaken(block.gasUses) : null;
    const results = encodeHeldResults(block, part.held, task, encoded);
    return { ok: true, results, missed: part.missed, transactionsRoot, receipts };
  } catch (error) {
    return failure(block, error);
  }
}

/**
 * What is read and written lies in the block's memory in any case, so results need it only where more is
 * asked for than is there, or where they may have to outlive the memory: see held-results.ts.
 * @param mayMiss over a fork: the block may be stalled
 */
export function keepsSets(
  { trace, blockAccessList }: Pick<BlockTask, "trace" | "blockAccessList">,
  mayMiss: boolean,
): boolean {
  return trace || blockAccessList || mayMiss;
}

/** Never throws: see `joinBlock`. */
export async function takePart(part: BlockPart): Promise<Participated> {
  const { block, preState } = part;
  try {
    const view = new IncarnationView(new VersionedReader(block.memory, preState, 0), false);
    const { held, missed } = await participate<IncarnationOutcome>({
      block,
      readerFor: (index) => new VersionedReader(block.memory, preState, index),
      execute: (index, reader) => executeIncarnation(part, view, index, reader),
      idle: part.idle,
    });
    return block.scheduler.isAborted
      ? { ok: false, message: "the block was aborted", cause: false }
      : { ok: true, held, missed };
  } catch (error) {
    return failure(block, error);
  }
}

/** What goes wrong in a thread's part, as its report; the others are told to leave. */
export function failure({ scheduler }: SharedBlock, error: unknown): Failure {
  scheduler.abort();
  return {
    ok: false,
    message: error instanceof Error ? error.message : String(error),
    cause: true,
    ...(isParallelError(error) ? { error: plainParallelError(error) } : {}),
    ...(error instanceof CapacityExceeded ? { full: error.buffer } : {}),
  };
}

function executeIncarnation(
  part: BlockPart,
  view: IncarnationView,
  transactionIndex: number,
  reader: VersionedReader,
): IncarnationResult<IncarnationOutcome> | Promise<IncarnationResult<IncarnationOutcome>> {
  const { transactionAt, environment, trace, options, engine } = part;
  view.reset(reader, trace);
  try {
    const transaction = transactionAt(transactionIndex);
    const { type } = transaction;
    const running = executeTransaction(engine, view, transaction, environment, options);
    return running instanceof Promise
      ? running.then(
          (execution) => resultOf(part, view, transactionIndex, type, execution),
          (error) => resultOfThrown(view, error),
        )
      : resultOf(part, view, transactionIndex, type, running);
  } catch (error) {
    return resultOfThrown(view, error);
  }
}

function resultOf(
  { hold }: BlockPart,
  view: IncarnationView,
  transactionIndex: number,
  type: TransactionInput["type"],
  execution: TransactionExecution,
): IncarnationResult<IncarnationOutcome> {
  if (view.failedRead !== null) {
    return resultOfThrown(view, view.failedRead.error); // the engine swallowed it
  }
  if (!execution.ok) {
    return { kind: "invalid", reads: view.readSet(), result: execution };
  }
  const { outcome } = execution;
  return {
    kind: "executed",
    reads: outcome.reads,
    writes: outcome.writes,
    writeLocations: view.writeLocations,
    result: hold === undefined ? execution : hold(transactionIndex, outcome),
    gasUse: outcome.blockGas === undefined ? outcome : null,
    receipt: { type, status: outcome.status, logs: encodedLogs(outcome) },
  };
}

function resultOfThrown(
  view: IncarnationView,
  error: unknown,
): IncarnationResult<IncarnationOutcome> {
  if (view.blockedOn !== null) {
    return { kind: "blocked", writer: view.blockedOn };
  }
  if (view.missing !== null) {
    return { kind: "missing", key: view.missing };
  }
  if (error instanceof ReadBlocked) {
    return { kind: "blocked", writer: error.blockingTransaction };
  }
  if (error instanceof CapacityExceeded) {
    throw error;
  }
  // On a state that never was (some reads old, some new) anything may go wrong: it counts only if
  // the reads turn out to be true, like every other result.
  return { kind: "invalid", reads: view.readSet(), result: { ok: null, failure: error } };
}
