/**
 * Executes a block on worker threads by Block-STM.
 *
 * Owns: the block's shared memory, the decision where a block runs, the order of results, the
 * fallback. Does not own: threads (BlockJoiner), the rules of a transaction, committing: it returns
 * outcomes and changes nothing, so a block that goes wrong leaves nothing behind.
 *
 * Invariant: whatever happens to the threads, the result is the sequential executor's; if they did
 * not give it, the sequential executor runs and `observed.fallback` says why.
 */
import type { ObservedExecution } from "../access-log/block-record";
import { invariant, isParallelError } from "../errors/base-error";
import type { StateKey } from "../state/missing";
import { openSharedState } from "../state/shared-state-store";
import type { StateStore } from "../state/state-store";
import { BlockCapacity } from "./block-capacity";
import type { BlockExecution, BlockExecutor, BlockInput } from "./block-executor";
import type { BlockJoiner, BlockReport, BlockTask } from "./block-joiner";
import { CapacityExceeded, type SharedBufferName } from "./capacity-exceeded";
import { ContentionHistory, codeBefore } from "./contention";
import type { Engine } from "./engine/engine";
import { HeldResults } from "./held-results";
import { joinBlock } from "./join-block";
import type { TransactionOutcome } from "./outcome";
import { predict } from "./predictions";
import { BlockMemory, type BlockMemoryLimits, type SharedBlock } from "./shared-block";
import type { TransactionInput } from "./transaction";
import { shareTransactions } from "./transaction-codec";
import type { TransactionExecution } from "./transaction-processing";
import { defaultQuietLimit, type QuietLimit, watch } from "./watchdog";

export interface ParallelExecutorOptions {
  /** threads that take part in a block, at least 1 */
  readonly workers: number;
  /** blocks with fewer transactions run in the calling thread */
  readonly minTransactionsForThreads: number;
  readonly pool: BlockJoiner;
  /** runs small blocks, and those that the threads could not finish */
  readonly sequential: BlockExecutor;
  /**
   * Runs small blocks of a fork, in the calling thread but by the same protocol as on threads, so that
   * what their transactions miss is loaded together. Absent = one transaction after the other.
   */
  readonly engine?: Engine;
  /**
   * Run a block whose transactions nearly all wait for one another in the calling thread, where
   * earlier blocks showed that they do (default true).
   */
  readonly adaptive?: boolean;
  readonly watchdog?: QuietLimit;
  /** starting sizes of the shared memory */
  readonly limits?: BlockMemoryLimits;
}

export function createParallelExecutor(options: ParallelExecutorOptions): BlockExecutor {
  return new ParallelExecutor(options);
}

/**
 * gas: the least that any transaction takes from a block: 21000, of which a refund gives back half
 * at most (before EIP-3529).
 */
const LEAST_GAS_USED = 10_500n;

class ParallelExecutor implements BlockExecutor {
  readonly #options: ParallelExecutorOptions;
  readonly #memory: BlockMemory;
  readonly #history = new ContentionHistory();
  /** One block at a time: blocks share the memory. */
  #previous: Promise<unknown> = Promise.resolve();

  constructor(options: ParallelExecutorOptions) {
    invariant(options.workers >= 1, `${options.workers} workers`);
    this.#options = options;
    this.#memory = new BlockMemory(options.limits);
  }

  /** Throws what the sequential executor throws. The pre-state must not change meanwhile. */
  execute(input: BlockInput, preState: StateStore): Promise<BlockExecution> {
    const execution = this.#previous.then(() => this.#execute(input, preState));
    this.#previous = execution.catch(() => undefined); // the caller gets the error
    return execution;
  }

  async close(): Promise<void> {
    await this.#options.pool.close();
    await this.#options.sequential.close();
  }

  async #execute(input: BlockInput, preState: StateStore): Promise<BlockExecution> {
    const started = performance.now();
    const reachable = reachablePrefix(input);
    const { engine, pool } = this.#options;
    // What one transaction misses is not waited for alone where others may miss something too.
    const local = input.load !== undefined && engine !== undefined && reachable.length > 1;
    if (!local && reachable.length < Math.max(1, this.#options.minTransactionsForThreads)) {
      return this.#runInThread(input, preState, { mode: "inThread" });
    }
    const { workers, adaptive = true } = this.#options;
    const serial = adaptive ? this.#history.serialTransactions(reachable, codeBefore(preState)) : 0;
    if (serial > 0 && !local) {
      const fallback = `${serial} of ${reachable.length} transactions wait for one another, as in earlier blocks`;
      return this.#runInThread(input, preState, { mode: "sequential", workers, fallback });
    }
    let fallback: string;
    const onThreads = reachable.length >= this.#options.minTransactionsForThreads && serial === 0;
    const joiner = onThreads || !local ? pool : inThisThread(engine);
    try {
      const { block, results } = await this.#runOnThreads(joiner, input, reachable, preState);
      const ended = inOrder(input, results);
      return {
        ...ended,
        observed: {
          ...(joiner === pool ? { mode: "parallel", workers } : { mode: "inThread", workers: 0 }),
          ...observe(block, ended.outcomes.length),
          milliseconds: performance.now() - started,
        },
      };
    } catch (error) {
      if (isParallelError(error)) {
        throw error; // the fork's remote failed: sequentially it would again
      }
      if (error instanceof CapacityExceeded) {
        this.#memory.grow(error.buffer);
      }
      fallback = error instanceof Error ? error.message : String(error);
    }
    return this.#runInThread(input, preState, { mode: "sequential", workers, fallback });
  }

  async #runInThread(
    input: BlockInput,
    preState: StateStore,
    observed: Partial<ObservedExecution>,
  ): Promise<BlockExecution> {
    const execution = await this.#options.sequential.execute(input, preState);
    return { ...execution, observed: { ...execution.observed, ...observed } };
  }

  /** Throws, with the reason as message, if the threads did not finish the block. */
  async #runOnThreads(
    joiner: BlockJoiner,
    input: BlockInput,
    transactions: readonly TransactionInput[],
    preState: StateStore,
  ): Promise<{
    readonly block: SharedBlock;
    readonly results: readonly (TransactionExecution | undefined)[];
  }> {
    const { buffers, block } = this.#memory.begin(transactions.length, preState);
    predict(block.writes, transactions, input.environment);
    const groups = this.#history.begin(block.contention, transactions, codeBefore(preState));
    const shared = shareTransactions(transactions);
    const held = new HeldResults(block);
    for (;;) {
      const task: BlockTask = {
        buffers,
        transactions: shared,
        state: preState.share(),
        environment: input.environment,
        trace: input.trace,
      };
      const missed: StateKey[] = [];
      for (const report of await this.#join(joiner, task, block, transactions)) {
        held.add(report.results);
        missed.push(...report.missed);
      }
      if (!block.scheduler.isStalled) {
        break;
      }
      invariant(input.load !== undefined, "state is missing, and nobody can load it");
      await input.load(missed);
      block.scheduler.resumeParked();
    }
    this.#history.learn(block.contention, groups);
    return { block, results: held.final() };
  }

  /** Lets the threads work until they leave. Throws if one of them failed. */
  async #join(
    joiner: BlockJoiner,
    task: BlockTask,
    { scheduler }: SharedBlock,
    transactions: readonly TransactionInput[],
  ): Promise<readonly Extract<BlockReport, { readonly ok: true }>[]> {
    const { workers, watchdog = defaultQuietLimit } = this.#options;
    const joined = joiner.join(task, workers);
    let reports: readonly BlockReport[];
    try {
      reports = await watch(joined, () => scheduler.progress, watchdog(transactions));
    } catch (error) {
      // A thread died or hangs; others may still be at work on this block's memory.
      scheduler.abort();
      this.#memory.discard();
      await joiner.terminate();
      await joined.catch(() => undefined); // reported by the error that brought us here
      throw new Error(`a worker thread failed: ${error instanceof Error ? error.message : error}`);
    }
    const failed = firstFailure(reports);
    if (failed !== null) {
      throw failed.full === undefined
        ? new Error(failed.message)
        : new CapacityExceeded(failed.full);
    }
    return reports.filter((report) => report.ok);
  }
}

/** The calling thread as the only one that joins. */
function inThisThread(engine: Engine): BlockJoiner {
  return {
    join: async (task) => [
      await joinBlock(task, engine, openSharedState(task.state), () => undefined),
    ],
    terminate: async () => undefined,
    close: async () => undefined,
  };
}

/**
 * The transactions up to the first that cannot have room however little the ones before it use:
 * what comes after it will not be in this block.
 */
function reachablePrefix({ transactions, gasAvailable }: BlockInput): readonly TransactionInput[] {
  const end = transactions.findIndex(
    ({ gasLimit }, index) => gasLimit > gasAvailable - BigInt(index) * LEAST_GAS_USED,
  );
  return end === -1 ? transactions : transactions.slice(0, end);
}

/** The reports' cause: the failure that made the others leave, not theirs. */
function firstFailure(
  reports: readonly BlockReport[],
): { readonly message: string; readonly full?: SharedBufferName } | null {
  const failures = reports.flatMap((report) => (report.ok ? [] : [report]));
  return failures.find((report) => report.cause) ?? failures[0] ?? null;
}

/** Lets the transactions take their places one after the other, like the sequential executor. */
function inOrder(
  input: BlockInput,
  results: readonly (TransactionExecution | undefined)[],
): Pick<BlockExecution, "outcomes" | "stopped"> {
  const capacity = new BlockCapacity(input.environment, input.gasAvailable);
  const outcomes: TransactionOutcome[] = [];
  for (const [index, transaction] of input.transactions.entries()) {
    const full = capacity.check(transaction);
    if (full !== null) {
      return { outcomes, stopped: { index, error: full } };
    }
    const result = results[index];
    invariant(result !== undefined, `transaction ${index} has no result`);
    if (!result.ok) {
      return { outcomes, stopped: { index, error: result.error } };
    }
    capacity.take(result.outcome);
    outcomes.push(result.outcome);
  }
  return { outcomes };
}

function observe(
  { scheduler, aborts, memory }: SharedBlock,
  executed: number,
): Pick<ObservedExecution, "incarnations" | "aborts"> {
  return {
    incarnations: Array.from({ length: executed }, (_, index) => scheduler.incarnation(index) + 1),
    aborts: aborts
      .list(memory.locations)
      .filter(({ transactionIndex }) => transactionIndex < executed),
  };
}
