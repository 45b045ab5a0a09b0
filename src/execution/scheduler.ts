/**
 * The collaborative scheduler of Block-STM (arXiv 2203.06871, algorithms 4 and 5) in one
 * SharedArrayBuffer.
 *
 * Owns: which transaction is executed or validated next, who waits for whom, when the block is done.
 * Does not own: values, locations, read sets: it is tested without them.
 *
 * Two counters sweep over the block: `executionIndex` hands out incarnations, `validationIndex`
 * validations; the lower one goes first, because validations of low transactions decide soonest.
 * Both only jump back (decrease), and count the jumps. The block is done when both have passed the
 * end, no thread is active and no jump happened while that was looked at.
 *
 * In a large block a thread takes several neighbours from a counter at once, as threads that take turns
 * fight over the memory in which neighbours lie; and as long as nothing was aborted, validation stays some
 * way behind. What it took and has not begun it holds like tasks.
 *
 * A thread that finishes a transaction goes on with the lowest one that waited for it, so that a chain
 * of dependent transactions stays on one thread and wakes nobody.
 *
 * Invariants:
 * - a transaction with status readyToExecute is at or above executionIndex, or held by a thread;
 * - whatever could change what transaction i reads puts validationIndex at or below i afterwards;
 * - a blocked transaction is on the list of exactly one executing, blocked or ready lower one;
 * - every task handed out is given back by exactly one finish, block or park call;
 * - a thread that holds anything is active; it ceases to be when it looks for a task and finds none.
 *
 * Over a fork an execution can miss state: its transaction is parked and the others go on. When all
 * that is left waits for parked transactions, the block is stalled: the threads leave, the calling
 * thread loads what was missed, resumes the parked ones and lets the threads join again.
 */
import { invariant } from "../errors/base-error";
import { Dependents } from "./dependents";
import { executionsAtOnce, Neighbours, validationsAtOnce } from "./neighbours";
import {
  giveSignal,
  HEADER_WORDS,
  lowerWord,
  schedulerBytes,
  WORD,
  waitForSignal,
} from "./scheduler-words";
import {
  ABORTING,
  BLOCKED,
  EXECUTED,
  EXECUTING,
  incarnationOf,
  isExecuted,
  PARKED,
  READY_TO_EXECUTE,
  STATUSES,
  StatusWords,
  statusOf,
  type TransactionStatus,
  VALIDATED,
} from "./transaction-status";

export interface Task {
  readonly kind: "execution" | "validation";
  readonly transactionIndex: number;
  readonly incarnation: number;
}

export class Scheduler {
  readonly #words: Int32Array;
  readonly #size: number;
  readonly #statuses: StatusWords;
  readonly #dependents: Dependents;
  /** Claimed by this thread for its next execution: a dependent of the one it finished. */
  #kept: Task | null = null;
  readonly #executions: Neighbours;
  readonly #validations: Neighbours;
  /** tasks handed out to this thread */
  #tasks = 0;
  #isActive = false;

  /** @param size number of transactions of the block */
  constructor(buffer: SharedArrayBuffer, size: number) {
    invariant(
      buffer.byteLength >= schedulerBytes(size),
      "the scheduler's buffer is too small for the block",
    );
    this.#words = new Int32Array(buffer);
    this.#size = size;
    this.#statuses = new StatusWords(this.#words, HEADER_WORDS);
    this.#dependents = new Dependents(this.#words, HEADER_WORDS + size, size);
    this.#executions = new Neighbours(this.#words, WORD.executionIndex, size);
    this.#validations = new Neighbours(this.#words, WORD.validationIndex, size);
  }

  /** Prepares for a block. Only while no other thread uses the scheduler. */
  reset(): void {
    this.#words.fill(0, 0, HEADER_WORDS + this.#size);
    this.#dependents.reset();
    this.#kept = null;
    this.#executions.clear();
    this.#validations.clear();
    this.#tasks = 0;
    this.#isActive = false;
  }

  get isDone(): boolean {
    return Atomics.load(this.#words, WORD.done) !== 0;
  }

  get isAborted(): boolean {
    return Atomics.load(this.#words, WORD.abort) !== 0;
  }

  /** True if nothing can be done before missing state is loaded. */
  get isStalled(): boolean {
    return Atomics.load(this.#words, WORD.stall) !== 0;
  }

  /** Makes every thread leave the block after its current task. The block's results are void. */
  abort(): void {
    Atomics.store(this.#words, WORD.abort, 1);
    this.signal();
  }

  /**
   * Changes with what becomes of any transaction: a watchdog sees that the block is alive. Threads do not count,
   * as they would fight over the counter.
   */
  get progress(): number {
    return this.#statuses.summary(this.#size);
  }

  status(index: number): TransactionStatus {
    const status = STATUSES[statusOf(this.#statuses.of(index))];
    invariant(status !== undefined, () => `transaction ${index} has no status`);
    return status;
  }

  incarnation(index: number): number {
    return incarnationOf(this.#statuses.of(index));
  }

  /** True if the transaction's latest incarnation has published its writes. */
  hasExecuted(index: number): boolean {
    return isExecuted(this.#statuses.of(index));
  }

  /** The next task, or null if there is none right now (see `waitForWork`). */
  nextTask(): Task | null {
    this.#becomeActive();
    while (this.hasWork) {
      const task = this.#takeTask();
      if (task !== null) {
        this.#tasks++;
        return task;
      }
    }
    if (this.#tasks === 0) {
      this.#isActive = false;
      Atomics.sub(this.#words, WORD.activeThreads, 1);
      this.#checkDone();
    }
    return null;
  }

  #takeTask(): Task | null {
    const kept = this.#kept;
    const execution = kept?.transactionIndex ?? this.#executions.first;
    const validation = this.#validations.first;
    if (validation < this.#size) {
      const isCalm = Atomics.load(this.#words, WORD.abortCount) === 0;
      const { count, lag } = validationsAtOnce(this.#size, execution, isCalm);
      if (this.#validations.isEmpty ? validation + lag <= execution : validation < execution) {
        return this.#nextValidation(count);
      }
    }
    this.#kept = null;
    return kept ?? this.#nextExecution();
  }

  /** To be taken before `nextTask` and handed to `waitForWork` if that gave null. */
  get signalCount(): number {
    return Atomics.load(this.#words, WORD.signal);
  }

  /** True if another look at `nextTask` is worthwhile at once: the counters have not passed the end. */
  get hasWork(): boolean {
    return (
      this.#kept !== null ||
      !this.#executions.isEmpty ||
      !this.#validations.isEmpty ||
      Atomics.load(this.#words, WORD.executionIndex) < this.#size ||
      Atomics.load(this.#words, WORD.validationIndex) < this.#size
    );
  }

  /**
   * Blocks this thread until something happened since `signalCount` was taken, or for a moment.
   * @param milliseconds the longest that it sleeps
   * @returns false if nothing happened
   */
  waitForWork(signalCount: number, milliseconds?: number): boolean {
    return waitForSignal(this.#words, signalCount, milliseconds);
  }

  /** Wakes whoever waits for work, or for the block to open. */
  signal(): void {
    giveSignal(this.#words);
  }

  /**
   * The execution met an estimate of `writer`: the task is given back, and the transaction will be
   * executed again when the writer has executed.
   */
  block(index: number, writer: number): void {
    invariant(
      writer >= 0 && writer < index,
      () => `transaction ${index} cannot wait for ${writer}`,
    );
    const word = this.#statuses.of(index);
    invariant(statusOf(word) === EXECUTING, "a transaction blocks without executing");
    this.#statuses.set(index, incarnationOf(word), BLOCKED);
    this.#dependents.add(writer, index);
    // The writer may have finished before the push and so not have seen us: then whoever empties the
    // list, it or we, resumes. An entry is taken by exactly one exchange.
    if (this.hasExecuted(writer)) {
      this.#resumeDependents(writer);
    }
    this.#tasks--;
  }

  /**
   * The execution missed state that is not loaded: the task is given back, and the transaction waits
   * for `resumeParked`.
   */
  park(index: number): void {
    const word = this.#statuses.of(index);
    invariant(statusOf(word) === EXECUTING, "a transaction is parked without executing");
    Atomics.add(this.#words, WORD.parkedCount, 1);
    this.#statuses.set(index, incarnationOf(word), PARKED);
    this.#tasks--;
  }

  /** Makes parked transactions ready again. Only in a stalled block, which every thread has left. */
  resumeParked(): void {
    invariant(this.isStalled, "parked transactions are resumed in a block that goes on");
    for (let index = this.#size - 1; index >= 0; index--) {
      const word = this.#statuses.of(index);
      if (statusOf(word) === PARKED) {
        this.#statuses.set(index, incarnationOf(word) + 1, READY_TO_EXECUTE);
        this.#decrease(WORD.executionIndex, index);
      }
    }
    Atomics.store(this.#words, WORD.parkedCount, 0);
    Atomics.store(this.#words, WORD.stall, 0);
  }

  /**
   * The execution has published its writes.
   * @param changesReads some transaction above may have read something else than what was published,
   *   without having met an estimate: a location new to this transaction, or a corrected guess
   * @returns the validation of this incarnation, if this thread should do it next
   */
  finishExecution(task: Task, changesReads: boolean): Task | null {
    const index = task.transactionIndex;
    this.#statuses.set(index, task.incarnation, EXECUTED);
    this.#resumeDependents(index);
    if (Atomics.load(this.#words, WORD.validationIndex) > index) {
      if (!changesReads) {
        return { kind: "validation", transactionIndex: index, incarnation: task.incarnation };
      }
      this.#decrease(WORD.validationIndex, index);
      this.signal(); // some above may have executed: help with validating is welcome
    }
    this.#tasks--;
    return null;
  }

  /**
   * Claims the right to abort an incarnation that failed validation; at most one caller gets it. The
   * winner marks the writes as estimates and then calls `finishValidation(task, true)`.
   */
  tryAbort({ transactionIndex: index, incarnation }: Task): boolean {
    for (const status of [EXECUTED, VALIDATED]) {
      if (this.#statuses.change(index, incarnation, status, ABORTING)) {
        Atomics.add(this.#words, WORD.abortCount, 1);
        return true;
      }
    }
    return false;
  }

  /** Notes that an incarnation passed validation; says nothing about later ones. */
  markValidated({ transactionIndex: index, incarnation }: Task): void {
    this.#statuses.change(index, incarnation, EXECUTED, VALIDATED);
  }

  /** @returns the next execution of the aborted transaction, if this thread should do it next */
  finishValidation(task: Task, aborted: boolean): Task | null {
    if (aborted) {
      const index = task.transactionIndex;
      this.#statuses.set(index, task.incarnation + 1, READY_TO_EXECUTE);
      this.#decrease(WORD.validationIndex, index + 1);
      this.signal();
      if (Atomics.load(this.#words, WORD.executionIndex) > index) {
        const next = this.#claim(index);
        if (next !== null) {
          return next;
        }
      }
    }
    this.#tasks--;
    return null;
  }

  #nextExecution(): Task | null {
    const taken = this.#executions;
    if (taken.isEmpty) {
      taken.take(executionsAtOnce(this.#size, taken.first));
    }
    return taken.isEmpty ? null : this.#claim(taken.handOut());
  }

  /** @param count so many are taken if there are none */
  #nextValidation(count: number): Task | null {
    const taken = this.#validations;
    if (taken.isEmpty) {
      taken.take(count);
    }
    if (taken.isEmpty) {
      return null;
    }
    // Looked at after the counter has passed it: if it executes later, it will see that.
    const index = taken.handOut();
    const word = this.#statuses.of(index);
    return isExecuted(word)
      ? { kind: "validation", transactionIndex: index, incarnation: incarnationOf(word) }
      : null;
  }

  #claim(index: number): Task | null {
    const incarnation = incarnationOf(this.#statuses.of(index));
    return this.#statuses.change(index, incarnation, READY_TO_EXECUTE, EXECUTING)
      ? { kind: "execution", transactionIndex: index, incarnation }
      : null;
  }

  /** Makes ready who waited for the writer, and keeps the lowest of them for this thread. */
  #resumeDependents(writer: number): void {
    let lowest = this.#size;
    let secondLowest = this.#size;
    for (const index of this.#dependents.take(writer)) {
      const word = this.#statuses.of(index);
      invariant(statusOf(word) === BLOCKED, "a transaction is resumed but was not blocked");
      this.#statuses.set(index, incarnationOf(word), READY_TO_EXECUTE);
      secondLowest = Math.min(secondLowest, Math.max(lowest, index));
      lowest = Math.min(lowest, index);
    }
    if (lowest < this.#size && !this.#keep(lowest)) {
      secondLowest = lowest;
    }
    if (secondLowest < this.#size) {
      this.#decrease(WORD.executionIndex, secondLowest);
      this.signal();
    }
  }

  /** Claims a ready transaction for this thread's next task; false if that is not possible. */
  #keep(index: number): boolean {
    if (this.#kept !== null) {
      return false;
    }
    this.#kept = this.#claim(index); // null if another thread's sweep was faster
    return true;
  }

  /** Lowers a counter to `target` if it is above, and says so to `#checkDone`. */
  #decrease(counter: number, target: number): void {
    lowerWord(this.#words, counter, target);
    Atomics.add(this.#words, WORD.decreases, 1);
  }

  #checkDone(): void {
    const decreases = Atomics.load(this.#words, WORD.decreases);
    if (
      !this.hasWork &&
      Atomics.load(this.#words, WORD.activeThreads) === 0 &&
      Atomics.load(this.#words, WORD.decreases) === decreases &&
      Atomics.compareExchange(this.#words, this.#end(), 0, 1) === 0
    ) {
      this.signal();
    }
  }

  /** With no task left: the block is done, or it waits for parked transactions. */
  #end(): number {
    return Atomics.load(this.#words, WORD.parkedCount) === 0 ? WORD.done : WORD.stall;
  }

  /** Before anything is taken from a counter: nobody may find the block done in between. */
  #becomeActive(): void {
    if (!this.#isActive) {
      this.#isActive = true;
      Atomics.add(this.#words, WORD.activeThreads, 1);
    }
  }
}
