/**
 * The block executors that integration tests run. The suites take one by name, so that the same
 * blocks check each of them: HHP_EXECUTOR=<name> chooses it (default: sequential).
 */
import type { BlockExecutor } from "../../src/execution/block-executor";
import type { Engine } from "../../src/execution/engine/engine";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import type { TierChoice } from "../../src/execution/engine/fast/compiled/tier-choice";
import { createFastEngine } from "../../src/execution/engine/fast/fast-engine";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";

export type ExecutorFactory = () => BlockExecutor;

export const EXECUTORS: Readonly<Record<string, ExecutorFactory>> = {
  sequential: () => new SequentialExecutor(),
  /** The fast engine in the calling thread. */
  fast: () => new SequentialExecutor(createEngine("fast")),
  /** Its tiers (tier-choice.ts): nothing is compiled; all code is; frames change tiers all the time. */
  "fast-interpreter": () => new SequentialExecutor(fastEngine("interpreter")),
  "fast-javascript": () => new SequentialExecutor(fastEngine("javascript")),
  "fast-webassembly": () => new SequentialExecutor(fastEngine("webassembly")),
  "fast-hasty": () => new SequentialExecutor(fastEngine("hasty")),
  /** The fast engine with every message repeated on the reference. */
  verified: () => new SequentialExecutor(createEngine("verified")),
  /** The fast engine on two threads, and no fallback. */
  "fast-parallel": () =>
    withoutFallback(parallelExecutor(2, createWorkerPool({ workers: 2, engine: "fast" }))),
  /** The same on the calling thread and another. */
  "fast-joint": () =>
    withoutFallback(
      jointExecutor(2, createWorkerPool({ workers: 1, engine: "fast" }), createEngine("fast")),
    ),
  /** Every block on two threads, and no fallback. */
  parallel: () => withoutFallback(parallelExecutor(2, createWorkerPool({ workers: 2 }))),
};

function fastEngine(tier: TierChoice): Engine {
  return createFastEngine(new EthereumjsEngine(), tier);
}

/** Every block, however small, on `workers` threads of the pool. */
export function parallelExecutor(workers: number, pool: WorkerPool): BlockExecutor {
  return createParallelExecutor({
    workers,
    minTransactionsForThreads: 1,
    pool,
    sequential: new SequentialExecutor(),
    adaptive: false,
  });
}

/** Every block on the calling thread and the pool's others, once those have started. */
export function jointExecutor(workers: number, pool: WorkerPool, engine: Engine): BlockExecutor {
  return createParallelExecutor({
    workers,
    minTransactionsForThreads: 1,
    pool,
    engine,
    sequential: new SequentialExecutor(),
    adaptive: false,
  });
}

/** Resolves when the pool's threads could join a block at once. */
export async function untilReady(pool: WorkerPool): Promise<void> {
  while (pool.prepare().ready === 0) {
    const { problem } = pool.prepare();
    if (problem !== null) {
      throw new Error(problem);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Fails where the threads did not finish a block, which else would only be noted. */
export function withoutFallback(executor: BlockExecutor): BlockExecutor {
  return {
    prepare: (...waiting) => executor.prepare(...waiting),
    async execute(input, preState) {
      const execution = await executor.execute(input, preState);
      if (execution.observed.fallback !== undefined) {
        throw new Error(`the block fell back: ${execution.observed.fallback}`);
      }
      return execution;
    },
    close: () => executor.close(),
  };
}

/** Throws for a name that is not in the list. */
export function executorUnderTest(name = process.env.HHP_EXECUTOR ?? "sequential"): {
  readonly name: string;
  readonly create: ExecutorFactory;
} {
  const create = EXECUTORS[name];
  if (create === undefined) {
    throw new Error(
      `no executor "${name}": expected one of ${Object.keys(EXECUTORS).join(", ")} in HHP_EXECUTOR`,
    );
  }
  return { name, create };
}
