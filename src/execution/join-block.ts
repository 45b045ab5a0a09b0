/**
 * A worker thread's part in a block: opens what is shared, executes transactions on its engine, and
 * at the end encodes the final results that it holds.
 *
 * Owns: nothing after it returns. Does not own: the pre-state (read only), the engine, committing.
 */
import { deserialize, serialize } from "node:v8";
import { ByteReader, ByteWriter } from "../access-log/bytes";
import { invariant } from "../errors/base-error";
import type { ReadSet } from "../state/read-set";
import type { StateReader } from "../state/state-reader";
import type { BlockReport, BlockTask } from "./block-joiner";
import { type HeldResult, type IncarnationResult, participate } from "./block-participant";
import { CapacityExceeded } from "./capacity-exceeded";
import type { Engine } from "./engine/engine";
import { IncarnationView } from "./incarnation-view";
import type { InvalidTransaction } from "./invalid-transaction";
import { ReadBlocked } from "./location-reader";
import { decodeOutcome, encodeOutcome } from "./outcome-codec";
import { openSharedBlock, type SharedBlock } from "./shared-block";
import { readSharedTransaction } from "./transaction-codec";
import { executeTransaction, type TransactionExecution } from "./transaction-processing";
import { VersionedReader } from "./versioned-reader";

/** The result of one incarnation, if it becomes final. */
type Result = TransactionExecution | { readonly ok: null; readonly failure: unknown };

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
    const held = await participate<Result>({
      block,
      readerFor: (index) => new VersionedReader(block.memory, preState, index),
      execute: (index, reader) => executeIncarnation(task, engine, view, index, reader),
      idle: idle ?? ((signalCount) => scheduler.waitForWork(signalCount)),
    });
    return scheduler.isAborted
      ? { ok: false, message: "the block was aborted", cause: false }
      : { ok: true, results: encodeFinalResults(block, held) };
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
): Promise<IncarnationResult<Result>> {
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

function encodeFinalResults(
  block: SharedBlock,
  held: ReadonlyMap<number, HeldResult<Result>>,
): Uint8Array {
  const writer = new ByteWriter(64 * 1024);
  for (const [index, { incarnation, reads, result }] of held) {
    if (block.scheduler.incarnation(index) !== incarnation) {
      continue; // repeated by another thread
    }
    invariant(
      block.scheduler.status(index) === "validated",
      `transaction ${index} is not validated at the end of the block`,
    );
    const origins = block.validator.finalOrigins(index);
    if (result.ok === null) {
      throw result.failure;
    }
    writer.varint(index);
    writer.bool(result.ok);
    if (result.ok) {
      encodeOutcome(writer, { ...result.outcome, reads: withOrigins(reads, origins) });
    } else {
      writer.lengthPrefixed(serialize(result.error));
    }
  }
  return writer.bytes();
}

/**
 * The origins of the final order, which do not depend on when this incarnation ran: the transaction
 * that wrote last below, in its only surviving incarnation.
 */
function withOrigins(reads: ReadSet, origins: readonly number[]): ReadSet {
  return reads.map((read, i) => ({
    ...read,
    origin: { transactionIndex: origins[i] ?? -1, incarnation: 0 },
  }));
}

/** Reads what `joinBlock` reported, into `results` by transaction index. */
export function readResults(
  bytes: Uint8Array,
  results: (TransactionExecution | undefined)[],
): void {
  const reader = new ByteReader(bytes);
  while (reader.remaining > 0) {
    const index = reader.varint();
    invariant(results[index] === undefined, `transaction ${index} has two final results`);
    results[index] = reader.bool()
      ? { ok: true, outcome: decodeOutcome(reader) }
      : // what encodeFinalResults serialized
        { ok: false, error: deserialize(reader.lengthPrefixed()) as InvalidTransaction };
  }
}
