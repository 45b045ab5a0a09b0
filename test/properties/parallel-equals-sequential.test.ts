/** House invariant 1: parallel equals sequential, for any thread count and any completion order. */
import fc from "fast-check";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { parallelExecutor } from "../helpers/executors";
import {
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
} from "../helpers/parallel-equals-sequential";
import { propertyParameters } from "../helpers/properties";
import { arbitraryBlock } from "../helpers/random-blocks";

/** `homestead` has empty accounts, `shanghai` is the last to let any contract self-destruct. */
const FORKS = ["homestead", "byzantium", "istanbul", "london", "shanghai", "cancun", "prague"];

describe("Parallel equals sequential", () => {
  let pool: WorkerPool;
  let executors: readonly BlockExecutor[];

  before(() => {
    pool = createWorkerPool({ workers: 4 });
    executors = [1, 2, 4].map((workers) => parallelExecutor(workers, pool));
  });
  after(() => pool.close());

  for (const hardfork of FORKS) {
    it(`random ${hardfork} blocks on 1, 2 and 4 threads give the sequential receipts, logs, gas, return data, access sets, traces and state root`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryBlock(hardfork), fc.boolean(), async (block, trace) => {
          const store = storeOf(block.accounts);
          for (const executor of executors) {
            const { execution } = await expectParallelEqualsSequential(
              executor,
              { ...block, trace },
              store,
            );
            if (execution.outcomes.length > 0) {
              expectNoFallback(execution);
            }
          }
        }),
        propertyParameters({ numRuns: 25 }),
      );
    });
  }
});
