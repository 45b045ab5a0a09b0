import { expect } from "chai";
import fc from "fast-check";
import { Scheduler, type Task } from "../../src/execution/scheduler";
import { schedulerBytes } from "../../src/execution/scheduler-words";
import { propertyParameters } from "../helpers/properties";

function schedulerOf(size: number): Scheduler {
  const scheduler = new Scheduler(new SharedArrayBuffer(schedulerBytes(size)), size);
  scheduler.reset();
  return scheduler;
}

/** One thread's each, of one block. */
function schedulersOf(size: number, threads: number): [Scheduler, Scheduler, ...Scheduler[]] {
  const buffer = new SharedArrayBuffer(schedulerBytes(size));
  const open = (): Scheduler => new Scheduler(buffer, size);
  const [first, ...others] = [open(), ...Array.from({ length: Math.max(1, threads - 1) }, open)];
  first?.reset();
  return [first, ...others] as [Scheduler, Scheduler, ...Scheduler[]]; // two at least
}

/** The next task; a look at a transaction that is not ready gives none and goes on. */
function take(scheduler: Scheduler): Task {
  let task = scheduler.nextTask();
  while (task === null && scheduler.hasWork) {
    task = scheduler.nextTask();
  }
  if (task === null) {
    throw new Error("no task");
  }
  return task;
}

const execution = (transactionIndex: number, incarnation = 0): Task => ({
  kind: "execution",
  transactionIndex,
  incarnation,
});
const validation = (transactionIndex: number, incarnation = 0): Task => ({
  kind: "validation",
  transactionIndex,
  incarnation,
});

/** Takes tasks until there are none, finishing each without conflicts. */
function runToEnd(scheduler: Scheduler): void {
  let task: Task | null = null;
  while (!scheduler.isDone) {
    task ??= scheduler.nextTask();
    if (task?.kind === "execution") {
      task = scheduler.finishExecution(task, false);
    } else if (task !== null) {
      scheduler.markValidated(task);
      task = scheduler.finishValidation(task, false);
    }
  }
}

/** Takes the executions first, then finishes them: all validations are still to be made. */
function executeAll(scheduler: Scheduler, size: number): void {
  const tasks = Array.from({ length: size }, () => take(scheduler));
  for (const task of tasks.reverse()) {
    scheduler.finishExecution(task, true);
  }
}

describe("Scheduler", () => {
  it("parks what misses state, lets the others go on, and stalls when only parked ones are left", () => {
    const scheduler = schedulerOf(3);
    const first = take(scheduler);
    const second = take(scheduler);
    expect([first, second]).to.deep.equal([execution(0), execution(1)]);
    scheduler.park(0);
    scheduler.block(1, 0); // it met an estimate of the parked one
    const third = take(scheduler);
    expect(third).to.deep.equal(execution(2));
    scheduler.finishExecution(third, true);
    expect(take(scheduler)).to.deep.equal(validation(2));
    scheduler.markValidated(validation(2));
    scheduler.finishValidation(validation(2), false);
    expect(scheduler.isStalled).to.equal(false);
    expect(scheduler.nextTask()).to.equal(null);
    expect(scheduler.isStalled).to.equal(true);
    expect(scheduler.isDone).to.equal(false);

    scheduler.resumeParked();
    expect(scheduler.isStalled).to.equal(false);
    const again = take(scheduler);
    expect(again).to.deep.equal(execution(0, 1));
    scheduler.finishExecution(again, true);
    runToEnd(scheduler);
    expect([0, 1, 2].map((index) => scheduler.status(index))).to.deep.equal([
      "validated",
      "validated",
      "validated",
    ]);
    expect(scheduler.isStalled).to.equal(false);
  });

  it("hands out executions in block order, and validates what lies below first", () => {
    const scheduler = schedulerOf(3);
    expect(take(scheduler)).to.deep.equal(execution(0));
    scheduler.finishExecution(execution(0), true);
    expect(take(scheduler)).to.deep.equal(validation(0));
    expect(take(scheduler)).to.deep.equal(execution(1));
    expect(take(scheduler)).to.deep.equal(execution(2));
  });

  it("hands a transaction to one thread only", () => {
    const scheduler = schedulerOf(1);
    expect(take(scheduler)).to.deep.equal(execution(0));
    expect(scheduler.nextTask()).to.equal(null);
    expect(scheduler.status(0)).to.equal("executing");
  });

  it("an empty block is done at once", () => {
    const scheduler = schedulerOf(0);
    expect(scheduler.nextTask()).to.equal(null);
    expect(scheduler.isDone).to.equal(true);
  });

  it("is not done while a task is active", () => {
    const scheduler = schedulerOf(1);
    const task = take(scheduler);
    expect(scheduler.nextTask()).to.equal(null);
    expect(scheduler.isDone).to.equal(false);
    scheduler.finishExecution(task, true);
    runToEnd(scheduler);
    expect(scheduler.status(0)).to.equal("validated");
  });

  it("a blocked transaction is executed again, as the same incarnation, once its writer has executed", () => {
    const scheduler = schedulerOf(2);
    take(scheduler);
    take(scheduler);
    scheduler.block(1, 0);
    expect(scheduler.status(1)).to.equal("blocked");
    expect(() => take(scheduler), "nothing to do until the writer is done").to.throw("no task");
    scheduler.finishExecution(execution(0), true);
    expect(take(scheduler)).to.deep.equal(validation(0));
    expect(take(scheduler)).to.deep.equal(execution(1));
  });

  it("a transaction that blocks on a writer which has just executed is not forgotten", () => {
    const scheduler = schedulerOf(2);
    take(scheduler);
    take(scheduler);
    scheduler.finishExecution(execution(0), true);
    scheduler.block(1, 0);
    expect(scheduler.status(1)).not.to.equal("blocked");
    runToEnd(scheduler);
    expect(scheduler.status(1)).to.equal("validated");
  });

  it("several transactions wait for one writer: its thread keeps the lowest, the others are ready for all", () => {
    const scheduler = schedulerOf(4);
    for (let i = 0; i < 4; i++) {
      take(scheduler);
    }
    for (const index of [2, 1, 3]) {
      scheduler.block(index, 0);
    }
    scheduler.finishExecution(execution(0), true);
    expect([1, 2, 3].map((index) => scheduler.status(index))).to.deep.equal([
      "executing",
      "readyToExecute",
      "readyToExecute",
    ]);
    runToEnd(scheduler);
  });

  it("of two validators that find a conflict one aborts", () => {
    const scheduler = schedulerOf(1);
    take(scheduler);
    scheduler.finishExecution(execution(0), true);
    const task = take(scheduler);
    expect(scheduler.tryAbort(task)).to.equal(true);
    expect(scheduler.tryAbort(task)).to.equal(false);
    expect(scheduler.status(0)).to.equal("aborting");
    expect(scheduler.finishValidation(task, true), "the winner repeats it").to.deep.equal(
      execution(0, 1),
    );
    expect(scheduler.tryAbort(task), "an older incarnation cannot abort any more").to.equal(false);
  });

  it("shows progress by what becomes of its transactions, and none while nothing happens", () => {
    const scheduler = schedulerOf(3);
    const seen = new Set([scheduler.progress]);
    const afterChange = () => {
      expect(seen.has(scheduler.progress)).to.equal(false);
      seen.add(scheduler.progress);
      expect(seen.has(scheduler.progress)).to.equal(true);
    };
    const task = take(scheduler);
    afterChange();
    take(scheduler);
    afterChange();
    scheduler.finishExecution(task, false);
    afterChange();
    scheduler.markValidated(task);
    afterChange();
  });

  it("a passed validation can still be overruled by a later one", () => {
    const scheduler = schedulerOf(1);
    take(scheduler);
    scheduler.finishExecution(execution(0), true);
    const task = take(scheduler);
    scheduler.markValidated(task);
    expect(scheduler.status(0)).to.equal("validated");
    expect(scheduler.tryAbort(task)).to.equal(true);
  });

  it("an abort has everything above validated again", () => {
    const scheduler = schedulerOf(3);
    executeAll(scheduler, 3);
    const [first, second, third] = [take(scheduler), take(scheduler), take(scheduler)];
    expect([first, second, third]).to.deep.equal([0, 1, 2].map((i) => validation(i)));
    scheduler.finishValidation(first, false);
    scheduler.finishValidation(third, false);
    expect(scheduler.tryAbort(second)).to.equal(true);
    expect(scheduler.finishValidation(second, true)).to.deep.equal(execution(1, 1));
    expect(take(scheduler)).to.deep.equal(validation(2));
  });

  it("a repeated execution without a change for others is validated alone, with one everything above is", () => {
    for (const changesReads of [false, true]) {
      const scheduler = schedulerOf(3);
      executeAll(scheduler, 3);
      const [, second] = [take(scheduler), take(scheduler)];
      scheduler.tryAbort(second);
      scheduler.finishValidation(second, true);
      expect(take(scheduler)).to.deep.equal(validation(2));
      const next = scheduler.finishExecution(execution(1, 1), changesReads);
      if (changesReads) {
        expect(next).to.equal(null);
        expect(take(scheduler)).to.deep.equal(validation(1, 1));
        expect(take(scheduler)).to.deep.equal(validation(2));
      } else {
        expect(next).to.deep.equal(validation(1, 1));
      }
    }
  });

  it("abort makes everybody leave", () => {
    const scheduler = schedulerOf(2);
    scheduler.abort();
    expect(scheduler.isAborted).to.equal(true);
    expect(scheduler.isDone).to.equal(false);
  });

  it("in a large block a thread takes neighbours together, and validates some way behind", () => {
    const size = 300;
    const [first, second] = schedulersOf(size, 2);
    const taken = (scheduler: Scheduler, count: number): Task[] =>
      Array.from({ length: count }, () => {
        const task = take(scheduler);
        if (task.kind === "execution") {
          scheduler.finishExecution(task, true);
        } else {
          scheduler.finishValidation(task, false);
        }
        return task;
      });
    const executions = (...indices: number[]): Task[] => indices.map((index) => execution(index));
    expect(taken(first, 1)).to.deep.equal(executions(0));
    expect(taken(second, 5)).to.deep.equal(executions(4, 5, 6, 7, 8));
    expect(taken(first, 4)).to.deep.equal(executions(1, 2, 3, 12));
    expect(taken(second, 3)).to.deep.equal(executions(9, 10, 11));
    // 16 lies 16 behind the first that is not validated
    expect(taken(first, 3)).to.deep.equal(executions(13, 14, 15));
    const validated = Array.from({ length: 8 }, (_, index) => validation(index));
    expect(taken(first, 9)).to.deep.equal([...validated, execution(16)]);
    // after an abort nothing waits any more
    const aborted = take(first);
    first.finishExecution(aborted, true);
    expect(first.tryAbort(aborted)).to.equal(true);
    first.finishValidation(aborted, true);
    expect(take(second)).to.deep.equal(validation(8));
    expect(take(second)).to.deep.equal(validation(9));
  });

  it("whatever tasks come to, in whatever order: the block ends, with every transaction validated and no task twice at a time", () => {
    const property = (sizes: fc.Arbitrary<number>) =>
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat({ max: 999 })),
        (size, threads, choices) => {
          const schedulers = schedulersOf(size, threads);
          const held: (Task | null)[] = Array.from({ length: threads }, () => null);
          const choose = (below: number): number => (choices.next().value ?? 0) % below;
          let aborts = 3 * size;
          let blocks = 3 * size;
          for (let turn = 0; schedulers.some(({ isDone }) => !isDone); turn++) {
            expect(turn, "turns").to.be.below(20_000 + size * 1_000);
            const thread = choose(threads);
            const scheduler = schedulers[thread] as Scheduler; // one a thread
            const task = held[thread] ?? null;
            if (task === null) {
              held[thread] = scheduler.nextTask();
            } else if (task.kind === "execution") {
              const index = task.transactionIndex;
              const same = held.filter(
                (other) => other?.kind === "execution" && other.transactionIndex === index,
              );
              expect(same).to.have.lengthOf(1);
              if (index > 0 && blocks > 0 && choose(4) === 0) {
                blocks--;
                scheduler.block(index, choose(index));
                held[thread] = null;
              } else {
                held[thread] = scheduler.finishExecution(task, choose(2) === 0);
              }
            } else if (aborts > 0 && choose(3) === 0 && scheduler.tryAbort(task)) {
              aborts--;
              held[thread] = scheduler.finishValidation(task, true);
            } else {
              scheduler.markValidated(task);
              held[thread] = scheduler.finishValidation(task, false);
            }
          }
          expect(held.every((task) => task === null)).to.equal(true);
          for (let index = 0; index < size; index++) {
            expect(schedulers[0]?.status(index)).to.equal("validated");
          }
        },
      );
    fc.assert(property(fc.integer({ min: 1, max: 12 })), propertyParameters({ numRuns: 500 }));
    const large = property(fc.integer({ min: 250, max: 330 }));
    fc.assert(large, propertyParameters({ numRuns: 30 }));
  });
});
