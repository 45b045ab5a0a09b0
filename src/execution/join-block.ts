/**
 * A worker thread's part in a block: opens what is shared, executes transactions on its engine, and
 * at the end encodes the results that it holds.
 *
 * Owns: nothing after it returns. Does not own: the pre-state (read only), the engine, committing.
 */
import type { StateReader } from "../state/state-reader";
import type { BlockReport, BlockTask } from "./block-joiner";
import { type IncarnationResult, participate } from "./block-participant";
import { CapacityExceeded } from "./capacity-exceeded";
import type { Engine } from "./engine/engine";
import { encodeHeldResults, type IncarnationOutcome } from "./held-results";
import { IncarnationView } from "./incarnation-view";
import { ReadBlocked } from "./location-reader";
import { openSharedBlock } from "./shared-block";
import { readSharedTransaction } from "./transaction-codec";
import { executeTransaction } from "./transaction-processing";
import { VersionedReader } from "./versioned-reader";

/**
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
  try {
    const view = new IncarnationView(new VersionedReader(block.memory, preState, 0), false);
    const { held, missed } = await participate<IncarnationOutcome>({
      block,
      readerFor: (index) => new VersionedReader(block.memory, preState, index),
      execute: (index, reader) => executeIncarnation(task, engine, view, index, reader),
      idle: idle ?? ((signalCount) => scheduler.waitForWork(signalCount)),
    });
    return scheduler.isAborted
      ? { ok: false, message: "the block was aborted", cause: false }
      : { ok: true, results: encodeHeldResults(block, held), missed };
  } catch (error) {
    scheduler.abort();
    return {
      ok: false,
      message: error instanceof Error ? error.message : String(error),
      cause: true,
      ...(error instanceof CapacityExceeded ? { full: error.buffer } : {}),
    };
  }
}

async function executeIncarnation(
  task: BlockTask,
  engine: Engine,
  view: IncarnationView,
  transactionIndex: number,
  reader: VersionedReader,
): Promise<IncarnationResult<IncarnationOutcome>> {
  const transaction = readSharedTransaction(task.transactions, transactionIndex);
  view.reset(reader, task.trace);
  try {
    const execution = await executeTransaction(engine, view, transaction, task.environment);
    view.rethrowFailedRead(); // in case the engine swallowed it
    if (!execution.ok) {
      return { kind: "invalid", reads: view.readSet(), result: execution };
    }
    const { outcome } = execution;
    return {
      kind: "executed",
      reads: outcome.reads,
      writes: outcome.writes,
      result: execution,
    };
  } catch (error) {
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
}
