/**
 * One thread's part in a block: take a task from the scheduler, do it, until the block is done.
 *
 * Owns: the order of publish, validate, abort and finish. Does not own: what an execution is (the
 * caller hands it in, so this runs without an EVM), threads, how results travel.
 *
 * Order that the proof of Block-STM needs: writes and reads are published before the scheduler hears
 * of the execution; an aborted incarnation's writes are estimates before anything is validated again.
 */
import type { StateKey } from "../state/missing";
import type { ReadSet } from "../state/read-set";
import type { WriteSet } from "../state/write-set";
import type { LocationId } from "./location-reader";
import type { ReceiptFacts } from "./published-receipts";
import type { Task } from "./scheduler";
import type { GasUse } from "./settlement";
import type { SharedBlock } from "./shared-block";
import type { VersionedReader } from "./versioned-reader";

/** What executing one incarnation gave. */
export type IncarnationResult<Result> =
  /** it met an estimate of this transaction */
  | { readonly kind: "blocked"; readonly writer: number }
  /** over a fork: it read what is not loaded */
  | { readonly kind: "missing"; readonly key: StateKey }
  | {
      readonly kind: "executed";
      readonly reads: ReadSet;
      readonly writes: WriteSet;
      /** see VersionWrites.publish */
      readonly writeLocations: readonly LocationId[];
      readonly result: Result;
      /** null = no block with it is settled early */
      readonly gasUse: GasUse | null;
      /** null = it has no receipt */
      readonly receipt: ReceiptFacts | null;
    }
  /**
   * The transaction is not valid on what it read. While lower transactions are unfinished that
   * means nothing yet; it is validated and repeated like any other result.
   */
  | { readonly kind: "invalid"; readonly reads: ReadSet; readonly result: Result };

/** Executes one transaction on what lies below it. */
export type ExecuteIncarnation<Result> = (
  transactionIndex: number,
  reader: VersionedReader,
) => Promise<IncarnationResult<Result>> | IncarnationResult<Result>;

/** A result that this thread holds; final if its incarnation is the transaction's last. */
export interface HeldResult<Result> {
  readonly incarnation: number;
  readonly result: Result;
}

export interface Participation<Result> {
  readonly block: SharedBlock;
  readonly readerFor: (transactionIndex: number) => VersionedReader;
  readonly execute: ExecuteIncarnation<Result>;
  /** Called when there is no task right now. A worker thread sleeps; a test takes turns. */
  readonly idle: (signalCount: number) => Promise<void> | void;
}

const NO_WRITES: WriteSet = { writes: [], codes: new Map() };

/** What a thread has when it leaves a block. */
export interface Parting<Result> {
  /** its latest result of each transaction that it executed */
  readonly held: ReadonlyMap<number, HeldResult<Result>>;
  /** what its executions missed; empty unless the block is stalled or aborted */
  readonly missed: readonly StateKey[];
}

/**
 * Takes part until the block is done, stalled or aborted.
 * @throws what an execution threw, and CapacityExceeded; the caller then aborts the block
 */
export async function participate<Result>(
  participation: Participation<Result>,
): Promise<Parting<Result>> {
  const { block, idle } = participation;
  const { scheduler } = block;
  const held = new Map<number, HeldResult<Result>>();
  const missed: StateKey[] = [];
  let task: Task | null = null;
  while (!scheduler.isDone && !scheduler.isStalled && !scheduler.isAborted) {
    const signalCount = scheduler.signalCount;
    task ??= scheduler.nextTask();
    if (task === null) {
      if (!scheduler.hasWork && !scheduler.isDone && !scheduler.isStalled) {
        await idle(signalCount);
      }
    } else if (task.kind === "execution") {
      const next: Task | null | Promise<Task | null> = execute(participation, task, held, missed);
      task = next instanceof Promise ? await next : next; // an await costs as much as a small task
    } else {
      task = validate(block, task);
    }
  }
  return { held, missed };
}

function execute<Result>(
  participation: Participation<Result>,
  task: Task,
  held: Map<number, HeldResult<Result>>,
  missed: StateKey[],
): Task | null | Promise<Task | null> {
  const { block, readerFor, execute: run } = participation;
  const { transactionIndex: index } = task;
  const { scheduler, contention } = block;
  const predecessor = contention.predecessor(index);
  if (predecessor >= 0 && !scheduler.hasExecuted(predecessor)) {
    if (contention.isContended(index)) {
      scheduler.block(index, predecessor);
      return null;
    }
    contention.noteSpeculation(index);
  }
  const reader = readerFor(index);
  const running = run(index, reader);
  return running instanceof Promise
    ? running.then((result) => finish(block, task, reader, result, held, missed))
    : finish(block, task, reader, running, held, missed);
}

function finish<Result>(
  { scheduler, contention, writes: versions, reads, gasUses, receipts }: SharedBlock,
  task: Task,
  reader: VersionedReader,
  result: IncarnationResult<Result>,
  held: Map<number, HeldResult<Result>>,
  missed: StateKey[],
): Task | null {
  const { transactionIndex: index, incarnation } = task;
  if (result.kind === "blocked") {
    contention.noteWaste(index);
    scheduler.block(index, result.writer);
    return null;
  }
  if (result.kind === "missing") {
    missed.push(result.key);
    scheduler.park(index);
    return null;
  }
  // A nonce too high or too little money is what a transaction sees that ran before the one it
  // builds on: worth another try when that one has executed.
  if (result.kind === "invalid" && index > 0 && !scheduler.hasExecuted(index - 1)) {
    scheduler.block(index, index - 1);
    return null;
  }
  held.set(index, { incarnation, result: result.result });
  const changesReads =
    result.kind === "invalid"
      ? versions.publish(index, incarnation, NO_WRITES)
      : versions.publish(index, incarnation, result.writes, result.writeLocations);
  reads.publish(index, result.reads, reader);
  gasUses.publish(index, result.kind === "invalid" ? null : result.gasUse);
  receipts.publish(index, result.kind === "invalid" ? null : result.receipt);
  return scheduler.finishExecution(task, changesReads);
}

function validate(block: SharedBlock, task: Task): Task | null {
  const { scheduler, contention, writes, validator, aborts } = block;
  const index = task.transactionIndex;
  const conflict = validator.firstConflict(index);
  if (conflict === null) {
    scheduler.markValidated(task);
    return scheduler.finishValidation(task, false);
  }
  if (!scheduler.tryAbort(task)) {
    return scheduler.finishValidation(task, false);
  }
  contention.noteWaste(index);
  aborts.add(index, conflict);
  writes.markEstimates(index);
  return scheduler.finishValidation(task, true);
}
