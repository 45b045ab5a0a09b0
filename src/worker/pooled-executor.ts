/**
 * The block executor of a network: small blocks in the calling thread, the others on a worker pool.
 *
 * Owns: which parts make one. Does not own: where a block runs (parallel-executor.ts), what runs in the
 * threads (entry.ts).
 */
import type { BlockExecutor } from "../execution/block-executor";
import type { Engine } from "../execution/engine/engine";
import { createParallelExecutor } from "../execution/parallel-executor";
import { SequentialExecutor } from "../execution/sequential-executor";
import { createWorkerPool, type WorkerPoolOptions } from "./pool";

export interface PooledExecutorOptions {
  /** threads that take part in a block, the calling one with them; at least 1 */
  readonly workers: number;
  /** blocks with fewer transactions run in the calling thread */
  readonly minTransactionsForThreads: number;
  /** Runs transactions in the calling thread. */
  readonly engine: Engine;
  /** What runs them in the threads: the same engine, by name or by module. */
  readonly threadEngine: Pick<WorkerPoolOptions, "engine" | "engineModule">;
}

/**
 * What it costs to start threads, on the machines that this was measured on: so much time blocks take
 * without them before they start. A short script with a few light blocks never pays for threads.
 */
const START_COST_MILLISECONDS = 200;

/** Threads start when large blocks have taken some time without them; closing the executor ends them. */
export function createPooledExecutor({
  workers,
  minTransactionsForThreads,
  engine,
  threadEngine,
}: PooledExecutorOptions): BlockExecutor {
  return createParallelExecutor({
    workers,
    minTransactionsForThreads,
    startThreadsAfter: START_COST_MILLISECONDS,
    pool: createWorkerPool({
      workers: Math.max(1, workers - 1), // the calling thread is one of them
      ...threadEngine,
      ...(engine.codeShare === undefined ? {} : { codeShare: engine.codeShare }),
    }),
    sequential: new SequentialExecutor(engine),
    engine,
  });
}
