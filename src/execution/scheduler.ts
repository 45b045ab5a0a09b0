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
 * end, no task is active and no jump happened while that was looked at.
 *
 * A thread that finishes a transaction goes on with the lowest one that waited for it, so that a chain
 * of dependent transactions stays on one thread and wakes nobody.
 *
 * Invariants:
 * - a transaction with status readyToExecute is at or above executionIndex, or claimed by a thread;
 * - whatever could change what transaction i reads puts validationIndex at or below i afterwards;
 * - a blocked transaction is on the list of exactly one executing, blocked or ready lower one;
 * - every task handed out is given back by exactly one finish, block or park call.
 *
 * Over a fork an execution can miss state: its transaction is parked and the others go on. When all
 * that is left waits for parked transactions, the block is stalled: the threads leave, the calling
 * thread loads what was missed, resumes the parked ones and lets the threads join again.
 */
import { invariant } from "../errors/base-error";
import { HEADER_WORDS, lowerWord, schedulerBytes, WORD, waitForSignal } from "./scheduler-words";
import {
  ABORTING,
  BLOCKED,
  EXECUTED,
  EXECUTING,
  incarnationOf,
  isExecuted,
  PARKED,
  packStatus,
  READY_TO_EXECUTE,
  STATUSES,
  statusOf,
  type TransactionStatus,
  VALIDATED,
} from "./transaction-status";

export interface Task {
  readonly kind: "execution" | "validation";
  readonly transactionIndex: number;
  readonly incarnation: number;
}

const NOBODY = -1;

export class Scheduler {
  readonly #words: Int32Array;
  readonly #size: number;
  readonly #dependents: number;
  readonly #next: number;
  /** Claimed by this thread for its next execution: a dependent of the one it finished. */
  #kept: Task | null = null;

  /** @param size number of transactions of the block */
  constructor(buffer: SharedArrayBuffer, size: number) {
    invariant(
      buffer.byteLength >= schedulerBytes(size),
      "the scheduler's buffer is too small for the block",
    );
    this.#words = new Int32Array(buffer);
    this.#size = size;
    this.#dependents = HEADER_WORDS + size;
    this.#next = HEADER_WORDS + size * 2;
  }

  /** Prepares for a block. Only while no other thread uses the scheduler. */
  reset(): void {
    this.#words.fill(0, 0, HEADER_WORDS + this.#size);
    this.#words.fill(NOBODY, this.#dependents, this.#dependents + this.#size * 2);
    this.#kept = null;
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

  /** Grows with every finished task: a watchdog sees that the block is alive. */
  get progress(): number {
    return Atomics.load(this.#words, WORD.progress);
  }

  status(index: number): TransactionStatus {
    const status = STATUSES[statusOf(this.#status(index))];
    invariant(status !== undefined, () => `transaction ${index} has no status`);
    return status;
  }

  incarnation(index: number): number {
    return incarnationOf(this.#status(index));
  }

  /** True if the transaction's latest incarnation has published its writes. */
  hasExecuted(index: number): boolean {
    return isExecuted(this.#status(index));
  }

  /** The next task, or null if there is none right now (see `waitForWork`). */
  nextTask(): Task | null {
    const kept = this.#kept;
    const nextExecution = kept?.transactionIndex ?? Atomics.load(this.#words, WORD.executionIndex);
    if (Atomics.load(this.#words, WORD.validationIndex) < nextExecution) {
      return this.#nextValidation();
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
    Atomics.add(this.#words, WORD.signal, 1);
    Atomics.notify(this.#words, WORD.signal);
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
    const word = this.#status(index);
    invariant(statusOf(word) === EXECUTING, "a transaction blocks without executing");
    Atomics.store(this.#words, HEADER_WORDS + index, packStatus(incarnationOf(word), BLOCKED));
    let head: number;
    do {
      head = Atomics.load(this.#words, this.#dependents + writer);
      Atomics.store(this.#words, this.#next + index, head);
    } while (Atomics.compareExchange(this.#words, this.#dependents + writer, head, index) !== head);
    // The writer may have finished before the push and so not have seen us: then whoever empties the
    // list, it or we, resumes. An entry is taken by exactly one exchange.
    if (this.hasExecuted(writer)) {
      this.#resumeDependents(writer);
    }
    this.#finishTask();
  }

  /**
   * The execution missed state that is not loaded: the task is given back, and the transaction waits
   * for `resumeParked`.
   */
  park(index: number): void {
    const word = this.#status(index);
    invariant(statusOf(word) === EXECUTING, "a transaction is parked without executing");
    Atomics.add(this.#words, WORD.parkedCount, 1);
    Atomics.store(this.#words, HEADER_WORDS + index, packStatus(incarnationOf(word), PARKED));
    this.#finishTask();
  }

  /** Makes parked transactions ready again. Only in a stalled block, which every thread has left. */
  resumeParked(): void {
    invariant(this.isStalled, "parked transactions are resumed in a block that goes on");
    for (let index = this.#size - 1; index >= 0; index--) {
      const word = this.#status(index);
      if (statusOf(word) === PARKED) {
        const ready = packStatus(incarnationOf(word) + 1, READY_TO_EXECUTE);
        Atomics.store(this.#words, HEADER_WORDS + index, ready);
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
    Atomics.store(this.#words, HEADER_WORDS + index, packStatus(task.incarnation, EXECUTED));
    const executed = Atomics.add(this.#words, WORD.executedCount, 1) + 1;
    this.#resumeDependents(index);
    if (Atomics.load(this.#words, WORD.validationIndex) > index) {
      if (!changesReads) {
        this.#countProgress();
        return { kind: "validation", transactionIndex: index, incarnation: task.incarnation };
      }
      this.#decrease(WORD.validationIndex, index);
      if (executed > index + 1) {
        this.signal(); // some of them are above this one: help with validating is welcome
      }
    }
    this.#finishTask();
    return null;
  }

  /**
   * Claims the right to abort an incarnation that failed validation; at most one caller gets it. The
   * winner marks the writes as estimates and then calls `finishValidation(task, true)`.
   */
  tryAbort(task: Task): boolean {
    const at = HEADER_WORDS + task.transactionIndex;
    const aborting = packStatus(task.incarnation, ABORTING);
    for (const status of [EXECUTED, VALIDATED]) {
      const expected = packStatus(task.incarnation, status);
      if (Atomics.compareExchange(this.#words, at, expected, aborting) === expected) {
        Atomics.sub(this.#words, WORD.executedCount, 1);
        return true;
      }
    }
    return false;
  }

  /** Notes that an incarnation passed validation; says nothing about later ones. */
  markValidated(task: Task): void {
    Atomics.compareExchange(
      this.#words,
      HEADER_WORDS + task.transactionIndex,
      packStatus(task.incarnation, EXECUTED),
      packStatus(task.incarnation, VALIDATED),
    );
  }

  /** @returns the next execution of the aborted transaction, if this thread should do it next */
  finishValidation(task: Task, aborted: boolean): Task | null {
    if (aborted) {
      const index = task.transactionIndex;
      Atomics.store(
        this.#words,
        HEADER_WORDS + index,
        packStatus(task.incarnation + 1, READY_TO_EXECUTE),
      );
      this.#decrease(WORD.validationIndex, index + 1);
      this.signal();
      if (Atomics.load(this.#words, WORD.executionIndex) > index) {
        const next = this.#claim(index);
        if (next !== null) {
          this.#countProgress();
          return next;
        }
      }
    }
    this.#finishTask();
    return null;
  }

  #status(index: number): number {
    return Atomics.load(this.#words, HEADER_WORDS + index);
  }

  #nextExecution(): Task | null {
    if (Atomics.load(this.#words, WORD.executionIndex) >= this.#size) {
      this.#checkDone();
      return null;
    }
    Atomics.add(this.#words, WORD.activeTasks, 1);
    const index = Atomics.add(this.#words, WORD.executionIndex, 1);
    const task = index < this.#size ? this.#claim(index) : null;
    if (task === null) {
      Atomics.sub(this.#words, WORD.activeTasks, 1);
    }
    return task;
  }

  #nextValidation(): Task | null {
    if (Atomics.load(this.#words, WORD.validationIndex) >= this.#size) {
      this.#checkDone();
      return null;
    }
    Atomics.add(this.#words, WORD.activeTasks, 1);
    const index = Atomics.add(this.#words, WORD.validationIndex, 1);
    if (index < this.#size) {
      const word = this.#status(index);
      if (isExecuted(word)) {
        return { kind: "validation", transactionIndex: index, incarnation: incarnationOf(word) };
      }
    }
    Atomics.sub(this.#words, WORD.activeTasks, 1);
    return null;
  }

  #claim(index: number): Task | null {
    const at = HEADER_WORDS + index;
    const word = Atomics.load(this.#words, at);
    if (statusOf(word) !== READY_TO_EXECUTE) {
      return null;
    }
    const incarnation = incarnationOf(word);
    const claimed = packStatus(incarnation, EXECUTING);
    return Atomics.compareExchange(this.#words, at, word, claimed) === word
      ? { kind: "execution", transactionIndex: index, incarnation }
      : null;
  }

  /** Makes ready who waited for the writer, and keeps the lowest of them for this thread. */
  #resumeDependents(writer: number): void {
    let index = Atomics.exchange(this.#words, this.#dependents + writer, NOBODY);
    let lowest = this.#size;
    let secondLowest = this.#size;
    while (index !== NOBODY) {
      const next = Atomics.load(this.#words, this.#next + index);
      const word = this.#status(index);
      invariant(statusOf(word) === BLOCKED, "a transaction is resumed but was not blocked");
      Atomics.store(
        this.#words,
        HEADER_WORDS + index,
        packStatus(incarnationOf(word), READY_TO_EXECUTE),
      );
      secondLowest = Math.min(secondLowest, Math.max(lowest, index));
      lowest = Math.min(lowest, index);
      index = next;
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
    Atomics.add(this.#words, WORD.activeTasks, 1);
    this.#kept = this.#claim(index);
    if (this.#kept === null) {
      Atomics.sub(this.#words, WORD.activeTasks, 1); // another thread's sweep was faster
    }
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
      Atomics.load(this.#words, WORD.activeTasks) === 0 &&
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

  #finishTask(): void {
    this.#countProgress();
    Atomics.sub(this.#words, WORD.activeTasks, 1);
  }

  #countProgress(): void {
    Atomics.add(this.#words, WORD.progress, 1);
  }
}
