/** House invariant 1: parallel equals sequential, for any thread count and any completion order. */
import { expect } from "chai";
import fc from "fast-check";
import { invariant } from "../../src/errors/base-error";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { bytesToHex } from "../../src/state/bytes";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { jointExecutor, parallelExecutor, untilReady, withoutFallback } from "../helpers/executors";
import { compareDrafts } from "../helpers/fuzz/block-comparison";
import { Campaign } from "../helpers/fuzz/campaign";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import type { MapState } from "../helpers/map-state";
import {
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
  type TestAccounts,
} from "../helpers/parallel-equals-sequential";
import { propertyParameters } from "../helpers/properties";
import { arbitraryBlock } from "../helpers/random-blocks";

/** `homestead` has empty accounts, `shanghai` is the last to let any contract self-destruct, `amsterdam` is experimental. */
const FORKS = [
  "homestead",
  "byzantium",
  "istanbul",
  "london",
  "shanghai",
  "cancun",
  "prague",
  "amsterdam",
];

/** transactions */
const LARGE = [270, 320] as const;

/** index of a program of Campaign */
const FIRST_AMSTERDAM_PROGRAM = 3_000_000;

describe("Parallel equals sequential in any completion order", () => {
  const joiner = new InterleavedJoiner();
  const executor = withoutFallback(
    createParallelExecutor({
      workers: 4,
      minTransactionsForThreads: 1,
      pool: joiner,
      sequential: new SequentialExecutor(),
    }),
  );

  for (const hardfork of FORKS) {
    it(`random ${hardfork} blocks, executions completing in random order, give the sequential result`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryBlock(hardfork), fc.integer(), async (block, seed) => {
          joiner.seed = seed;
          const store = storeOf(block.accounts);
          await expectParallelEqualsSequential(executor, { ...block, trace: true }, store);
        }),
        propertyParameters({ numRuns: 40 }),
      );
    });
  }

  it("blocks so large that threads take neighbouring transactions together give the sequential result", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryBlock("prague", LARGE), fc.integer(), async (block, seed) => {
        joiner.seed = seed;
        const input = { ...block, trace: false };
        await expectParallelEqualsSequential(executor, input, storeOf(block.accounts));
      }),
      propertyParameters({ numRuns: 5 }),
    );
  });

  it("amsterdam blocks that let the state grow and shrink give the sequential result", async () => {
    const campaign = new Campaign([]);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer(), async (programSeed, seed) => {
        const program = await campaign.program(programSeed, FIRST_AMSTERDAM_PROGRAM);
        invariant("transactions" in program, "the index of a block");
        const { transactions } = await compareDrafts(new EthereumjsEngine(), [], program);
        joiner.seed = seed;
        const input = { ...program, transactions, gasAvailable: 60_000_000n, trace: true };
        await expectParallelEqualsSequential(executor, input, storeOf(accountsOf(program.state)));
      }),
      propertyParameters({ numRuns: 60 }),
    );
  });
});

function accountsOf(state: MapState): TestAccounts {
  return new Map(
    [...state.accounts].map(([address, { balance, nonce, codeHash, storage }]) => [
      address,
      { balance, nonce, storage, code: bytesToHex(state.code(codeHash)) },
    ]),
  );
}

describe("Parallel equals sequential on threads", () => {
  let pool: WorkerPool;
  let executors: readonly BlockExecutor[];

  before(async () => {
    pool = createWorkerPool({ workers: 4 });
    executors = [
      ...[1, 2, 4].map((workers) => parallelExecutor(workers, pool)),
      jointExecutor(3, pool, new EthereumjsEngine()),
    ];
    await untilReady(pool);
  });
  after(() => pool.close());

  for (const hardfork of FORKS) {
    it(`random ${hardfork} blocks on 1, 2 and 4 threads, and on the calling thread with 2 others, give the sequential receipts, logs, gas, return data, access sets, traces and state root`, async () => {
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

  it("blocks so large that threads take neighbouring transactions together give the sequential result", async () => {
    let inParallel = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryBlock("prague", LARGE), async (block) => {
        const store = storeOf(block.accounts);
        for (const executor of executors) {
          const { execution } = await expectParallelEqualsSequential(
            executor,
            { ...block, trace: false },
            store,
          );
          inParallel += execution.observed.mode === "parallel" ? 1 : 0;
        }
      }),
      propertyParameters({ numRuns: 6 }),
    );
    expect(inParallel).to.be.at.least(6);
  });
});
