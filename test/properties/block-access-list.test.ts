/**
 * The block-level access list (EIP-7928, experimental) that our executors record is the one that runBlock of
 * @ethereumjs/vm keeps, whatever the block does and wherever it runs.
 */
import { expect } from "chai";
import fc from "fast-check";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { jointExecutor, parallelExecutor, untilReady, withoutFallback } from "../helpers/executors";
import { type PrecompileSample, precompileSamples } from "../helpers/fuzz/precompile-samples";
import { Random } from "../helpers/fuzz/random";
import { recordedScene } from "../helpers/fuzz/recorded-scenes";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import { propertyParameters } from "../helpers/properties";
import { comparable, recordedList, referenceList } from "../helpers/recorded-block";

describe("block-level access lists (EIP-7928)", () => {
  const joiner = new InterleavedJoiner();
  let samples: readonly PrecompileSample[];
  let pool: WorkerPool;
  let executors: Readonly<Record<string, BlockExecutor>>;

  before(async () => {
    samples = await precompileSamples();
    pool = createWorkerPool({ workers: 2 });
    executors = {
      sequential: new SequentialExecutor(),
      "fast engine": new SequentialExecutor(createEngine("fast")),
      "verified engine": new SequentialExecutor(createEngine("verified")),
      "in random order": withoutFallback(
        createParallelExecutor({
          workers: 4,
          minTransactionsForThreads: 1,
          pool: joiner,
          sequential: new SequentialExecutor(),
        }),
      ),
      "1 thread": withoutFallback(parallelExecutor(1, pool)),
      "2 threads": withoutFallback(parallelExecutor(2, pool)),
      "the calling thread and another": withoutFallback(
        jointExecutor(2, pool, new EthereumjsEngine()),
      ),
    };
    await untilReady(pool);
  });
  after(() => pool.close());

  it("are runBlock's, sequentially and on threads", async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (seed, trace) => {
        const scene = await recordedScene(new Random(seed), samples);
        const expected = await referenceList(scene);
        joiner.seed = seed;
        for (const [name, executor] of Object.entries(executors)) {
          const list = await recordedList(executor, scene, trace);
          expect(comparable(list), name).to.deep.equal(expected);
        }
      }),
      propertyParameters({ numRuns: Number(process.env.FC_RUNS ?? 12) }),
    );
  });
});
