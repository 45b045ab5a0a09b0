/** Compiled codes, and how hot codes are, on real threads: see code-exchange.test.ts for the order of deliveries. */
import { expect } from "chai";
import type { BlockExecutor, BlockInput } from "../../src/execution/block-executor";
import { lateReference } from "../../src/execution/engine/engine-choice";
import { createFastEngine, type FastEngine } from "../../src/execution/engine/fast/fast-engine";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { bigIntToBytes32, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import type { StateStore } from "../../src/state/state-store";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { createPooledExecutor } from "../../src/worker/pooled-executor";
import { assemble } from "../helpers/assembler";
import { environment, transaction } from "../helpers/environment";
import { parallelExecutor, untilReady, withoutFallback } from "../helpers/executors";
import { oneTransaction } from "../helpers/one-transaction";
import { expectNoFallback, storeOf, type TestAccount } from "../helpers/parallel-equals-sequential";
import { observeThreadEngines, type ThreadEngines } from "../helpers/thread-engines";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const LOOP: Address = "0xc0de000000000000000000000000000000000001";
/** Counts down from its calldata: a jump and 26 gas each time. */
const CODE = assemble("0x0 CALLDATALOAD JUMPDEST 0x1 DUP2 SUB SWAP1 POP DUP1 0x3 JUMPI STOP");

/** Jumps: a thread compiles nothing after so few, which takes it 1,000; but after 200 of a code that is hot elsewhere. */
const FEW = 500;
/** It compiles for itself. */
const WARM = 5000;
/** It compiles for all: it has burnt 2,000,000 gas in what it compiled for itself. */
const HOT = 200_000;

function block(jumps: number): BlockInput {
  const data = bigIntToBytes32(BigInt(jumps));
  return {
    environment: environment("cancun"),
    transactions: [transaction(SENDER, { to: LOOP, data, gasLimit: 10_000_000n })],
    gasAvailable: 30_000_000n,
    trace: false,
  };
}

async function run(executor: BlockExecutor, store: StateStore, jumps: number): Promise<void> {
  const { outcomes } = await executor.execute(block(jumps), store);
  expect(outcomes.map(({ status }) => status)).to.deep.equal([1]);
}

describe("Threads that run the same code", () => {
  let observed: ThreadEngines;
  /** the calling thread's */
  let engine: FastEngine;
  let store: StateStore;
  beforeEach(() => {
    observed = observeThreadEngines();
    engine = createFastEngine(lateReference());
    store = storeOf(
      new Map<Address, TestAccount>([
        [SENDER, { balance: 10n ** 18n }],
        [LOOP, { nonce: 1n, code: bytesToHex(CODE) }],
      ]),
    );
  });
  afterEach(() => observed.stop());

  it("get what the calling thread has compiled", async () => {
    await run(new SequentialExecutor(engine), store, HOT);
    expect(engine.tierCounters.compiled).to.equal(2);
    const executor = createPooledExecutor({
      workers: 2,
      minTransactionsForThreads: 1,
      engine,
      threadEngine: { engine: "fast" },
    });
    try {
      // recorded, so that it waits for the thread
      const execution = await executor.execute({ ...block(FEW), trace: true }, store);
      expectNoFallback(execution);
    } finally {
      await executor.close();
    }
    expect(observed.all().map(({ accepted }) => accepted)).to.deep.equal([1]);
  });

  describe("two beside a calling thread that takes no part", () => {
    let pool: WorkerPool;
    let oneThread: BlockExecutor;
    beforeEach(async () => {
      const { codeShare } = engine;
      pool = createWorkerPool({ workers: 2, engine: "fast", ...(codeShare ? { codeShare } : {}) });
      oneThread = withoutFallback(parallelExecutor(1, pool));
      await untilReady(pool);
    });
    afterEach(() => oneThread.close());

    /** While the first one, which is asked before the other, is at something else. */
    async function onSecond(jumps: number): Promise<void> {
      const { task, block: open } = oneTransaction();
      const joined = pool.join(task, 1);
      await run(oneThread, store, jumps);
      open.gate.open();
      expect((await joined).map(({ ok }) => ok)).to.deep.equal([true]);
    }

    /** By thread. */
    function compiled(): readonly number[] {
      expect(observed.all().every(({ runs }) => runs > 0)).to.equal(true);
      return observed.all().map((each) => each.compiled);
    }

    it("get what one of them has compiled, as the calling thread does, and nobody compiles it again", async () => {
      await run(oneThread, store, HOT);
      const busy = observed.all().find(({ runs }) => runs > 0);
      // for itself first, then for all
      expect(busy).to.deep.include({ name: "fast", compiled: 2, published: 1 });
      await onSecond(FEW);
      const other = observed.all().find(({ published }) => published === 0);
      expect(other).to.deep.include({ runs: 1, compiled: 0, entered: 1, accepted: 1 });
      await run(new SequentialExecutor(engine), store, FEW);
      expect(engine.tierCounters).to.deep.include({ compiled: 0, entered: 1 });
    });

    it("compile nothing after few jumps each", async () => {
      await run(oneThread, store, FEW);
      await onSecond(FEW);
      expect(compiled()).to.deep.equal([0, 0]);
    });

    it("compile after as few where the code is hot on another", async () => {
      await run(oneThread, store, WARM);
      expect(observed.all().map(({ published }) => published)).to.deep.equal([0, 0]);
      await onSecond(FEW);
      expect(compiled()).to.deep.equal([1, 1]);
    });
  });
});
