/**
 * Executes a block one transaction after the other: the oracle of the parallel executor, and what
 * runs where threads do not pay.
 *
 * Owns: the order. Does not own: the rules of one transaction (transaction-processing.ts), commit.
 */
import type { Address } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import { BlockCapacity } from "./block-capacity";
import type { BlockExecution, OrderedInput, ReadingExecutor } from "./block-executor";
import { BlockOverlay } from "./block-overlay";
import type { Engine } from "./engine/engine";
import { lateReference } from "./engine/engine-choice";
import { IncarnationView } from "./incarnation-view";
import { executeLoaded, keysOfWrites } from "./loaded-execution";
import type { TransactionOutcome } from "./outcome";
import { executeTransaction } from "./transaction-processing";

export class SequentialExecutor implements ReadingExecutor {
  readonly #engine: Engine;

  constructor(engine: Engine = lateReference()) {
    this.#engine = engine;
  }

  /** Throws what the pre-state throws, and what loading throws. */
  async execute(input: OrderedInput, preState: StateReader): Promise<BlockExecution> {
    const started = performance.now();
    const { environment, transactions, trace, load, ended, blockAccessList = false } = input;
    const options = { blockAccessList };
    const overlay = new BlockOverlay(preState);
    const view = new IncarnationView(overlay, trace);
    const capacity = new BlockCapacity(environment, input.gasAvailable);
    const outcomes: TransactionOutcome[] = [];
    const begun = new Set<Address>();
    let stopped: BlockExecution["stopped"];
    for (const [index, transaction] of transactions.entries()) {
      const full = capacity.check(transaction);
      if (full !== null) {
        stopped = { index, error: full };
        break;
      }
      const begin = () => {
        view.reset(overlay, trace);
        return executeTransaction(this.#engine, view, transaction, environment, options);
      };
      const running = executeLoaded(view, begin, load);
      const execution = running instanceof Promise ? await running : running;
      if (!execution.ok) {
        stopped = { index, error: execution.error };
        break;
      }
      capacity.take(execution.outcome);
      if (load !== undefined) {
        await load(keysOfWrites(execution.outcome.writes, begun));
      }
      overlay.apply(execution.outcome.writes, index);
      outcomes.push(execution.outcome);
      ended?.(execution.outcome, index);
    }
    return {
      outcomes,
      ...(stopped === undefined ? {} : { stopped }),
      observed: {
        mode: "sequential",
        workers: 0,
        incarnations: outcomes.map(() => 1),
        aborts: [],
        milliseconds: performance.now() - started,
      },
    };
  }

  /** There is nothing to do. */
  prepare(): void {}

  /** Holds nothing that has to be freed. */
  async close(): Promise<void> {}
}
