import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import type { BlockExecutor, BlockInput } from "../../src/execution/block-executor";
import { createEngine } from "../../src/execution/engine/engine-choice";
import type { MeanwhileWork } from "../../src/execution/made-meanwhile";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { PreparedTransactions } from "../../src/execution/prepared-transactions";
import { ReceiptFeed } from "../../src/execution/receipt-feed";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { prepareThreads } from "../../src/execution/thread-readiness";
import type { Address } from "../../src/state/hex";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { createPooledExecutor } from "../../src/worker/pooled-executor";
import { environment, transaction } from "../helpers/environment";
import { jointExecutor, parallelExecutor, untilReady } from "../helpers/executors";
import { oneTransaction } from "../helpers/one-transaction";
import {
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
} from "../helpers/parallel-equals-sequential";

const SENDERS = Array.from({ length: 8 }, (_, i): Address => `0x5e4d${"0".repeat(35)}${i}`);
const RECIPIENT: Address = "0x4ec10000000000000000000000000000000000aa";

function transfers(): BlockInput {
  return {
    environment: environment("prague"),
    transactions: SENDERS.map((from) => transaction(from, { to: RECIPIENT, value: 1n })),
    gasAvailable: 30_000_000n,
    trace: true,
  };
}

/** Work for a thread that is over at once. */
function nothing(): MeanwhileWork {
  const feed = new ReceiptFeed();
  const receipts = feed.begin();
  feed.giveUp();
  return { encoded: new PreparedTransactions().shareForRoot([]), receipts };
}

/** What the promises give, awaited in microtasks alone: no event gets in. */
async function withoutEvents<T>(pool: WorkerPool, promises: readonly Promise<T>[]): Promise<T[]> {
  const values: T[] = [];
  for (const promise of promises) {
    void promise.then((value) => values.push(value));
  }
  for (let wait = 0; wait < 500 && values.length < promises.length; wait++) {
    pool.collect();
    await Promise.resolve();
  }
  return values;
}

describe("Worker pool", () => {
  let pool: WorkerPool;
  beforeEach(() => {
    pool = createWorkerPool({ workers: 2 });
  });
  afterEach(() => pool.close());

  it("starts its threads with the first block and runs many blocks on them", async () => {
    const executor = createParallelExecutor({
      workers: 2,
      minTransactionsForThreads: 2,
      pool,
      sequential: new SequentialExecutor(),
    });
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    expect(pool.isRunning).to.equal(false);
    for (let i = 0; i < 5; i++) {
      const { execution } = await expectParallelEqualsSequential(executor, transfers(), store);
      expectNoFallback(execution);
      expect(execution.outcomes).to.have.lengthOf(SENDERS.length);
    }
    expect(pool.isRunning).to.equal(true);
  });

  it("asks its threads at once: the caller does its own part before it serves its event loop", async () => {
    pool.start();
    await untilReady(pool);
    const { task, block } = oneTransaction();
    const joined = pool.join(task, 1);
    block.gate.open();
    const end = performance.now() + 10_000;
    while (!block.scheduler.isDone && performance.now() < end) {
      block.scheduler.waitForWork(block.scheduler.signalCount, 10);
    }
    expect(block.scheduler.isDone).to.equal(true);
    expect((await joined).map(({ ok }) => ok)).to.deep.equal([true]);
  });

  it("answers without the event loop, and takes the next task after it", async () => {
    await untilReady(pool);
    const turned = { events: 0 };
    setImmediate(() => turned.events++);
    const ready = { ready: 2, isBehind: false, problem: null };
    for (let time = 0; time < 20; time++) {
      expect(pool.prepare()).to.deep.equal(ready);
      // more than there are threads: one waits for another's answer
      const asked = [1, 2, 3].map(() => pool.makeMeanwhile(nothing()));
      const settled = await withoutEvents(pool, asked);
      expect(settled.map(({ receipts }) => receipts)).to.deep.equal([null, null, null]);
    }
    expect(turned.events).to.equal(0);
  });

  it("asks for a turn of the event loop where answers pile up in it", async () => {
    await untilReady(pool);
    let tasks = 0;
    for (; !pool.prepare().isBehind && tasks < 1000; tasks++) {
      await withoutEvents(pool, [pool.makeMeanwhile(nothing())]);
    }
    expect(tasks).to.be.within(10, 100);
    const readiness = await prepareThreads(pool);
    expect(readiness).to.deep.equal({ ready: 2, isBehind: false, problem: null });
  });

  it("has its threads in each of many blocks that follow one another at once", async () => {
    await untilReady(pool);
    const executor = jointExecutor(3, pool, createEngine("fast"));
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    for (let block = 0; block < 200; block++) {
      expectNoFallback(await executor.execute({ ...transfers(), trace: false }, store));
    }
  });

  it("is not waited for by a calling thread that works too, and joins it once it has started", async () => {
    const executor = jointExecutor(3, pool, createEngine("fast"));
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    const modes: string[] = [];
    const run = async () => {
      const input = { ...transfers(), trace: false };
      const { execution } = await expectParallelEqualsSequential(executor, input, store);
      expect(execution.observed.fallback).to.equal(undefined);
      modes.push(execution.observed.mode);
    };
    await run();
    await untilReady(pool);
    await run();
    await run();
    expect(modes).to.deep.equal(["inThread", "parallel", "parallel"]);
  });

  it("takes part in an ordinary network's blocks, which are not recorded, once they have taken a while", async () => {
    const executor = createPooledExecutor({
      workers: 2,
      minTransactionsForThreads: 1,
      engine: createEngine("fast"),
      threadEngine: { engine: "fast" },
    });
    try {
      const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
      const modes = new Set<string>();
      for (let block = 0; block < 20_000 && !modes.has("parallel"); block++) {
        const { observed } = await executor.execute({ ...transfers(), trace: false }, store);
        modes.add(observed.mode);
      }
      expect([...modes]).to.deep.equal(["inThread", "parallel"]);
    } finally {
      await executor.close();
    }
  });

  it("tells that engines differ, which a repetition in the calling thread would hide", async () => {
    const differing = createWorkerPool({
      workers: 1,
      engineModule: join(__dirname, "fixtures", "differing-engines"),
    });
    const executor = parallelExecutor(1, differing);
    await untilReady(differing);
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    const input = { ...transfers(), trace: false };
    const error: unknown = await executor.execute(input, store).catch((thrown) => thrown);
    expect(isParallelError(error, ERRORS.ENGINES_DIFFER), String(error)).to.equal(true);
    const [title, ...help] = String(error).split("\n");
    expect(title).to.match(/^ParallelError: HHP220: .*gasUsed: 1n/);
    expect(help.join("\n")).to.equal(ERRORS.ENGINES_DIFFER.help);
    await differing.close();
  });

  it("is left out for a while where blocks of the kind ran faster without it", async () => {
    const executor = createParallelExecutor({
      workers: 3,
      minTransactionsForThreads: 1,
      pool,
      engine: createEngine("fast"),
      sequential: new SequentialExecutor(createEngine("fast")),
    });
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    await untilReady(pool);
    const fallbacks: (string | undefined)[] = [];
    const reasons = () =>
      fallbacks.flatMap((fallback) => (fallback?.startsWith("blocks like") ? fallback : []));
    // A slow moment of the machine can hide for some blocks where they are faster.
    for (let block = 0; block < 12 || (block < 300 && reasons().length === 0); block++) {
      const input = { ...transfers(), trace: false };
      const { execution } = await expectParallelEqualsSequential(executor, input, store);
      fallbacks.push(execution.observed.fallback);
    }
    // eight transfers: less work than waking two threads
    expect(fallbacks.slice(0, 5)).to.deep.equal(Array(5).fill(undefined));
    for (const fallback of fallbacks.slice(5, 10)) {
      expect(fallback).to.match(/^to compare/);
    }
    // now and then threads are tried again; every other block says why it ran without them
    expect(reasons()).to.not.have.length(0);
    expect(reasons()[0]).to.match(/took .* times as long on threads as in the calling thread$/);
  });

  it("starts once blocks have taken as long without it as starting takes, or one is recorded", async () => {
    const executor = (startThreadsAfter: number) =>
      createParallelExecutor({
        workers: 3,
        minTransactionsForThreads: 1,
        startThreadsAfter,
        pool,
        engine: createEngine("fast"),
        sequential: new SequentialExecutor(createEngine("fast")),
      });
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    const run = async (from: BlockExecutor, trace: boolean) => {
      const { execution } = await expectParallelEqualsSequential(
        from,
        { ...transfers(), trace },
        store,
      );
      expect(execution.observed.mode).to.equal("inThread");
    };
    const patient = executor(Number.POSITIVE_INFINITY);
    for (let block = 0; block < 3; block++) {
      await run(patient, false);
    }
    expect(pool.isRunning, "has not waited long enough").to.equal(false);
    const brief = executor(0.000_001);
    await run(brief, false);
    expect(pool.isRunning, "nothing was measured yet").to.equal(false);
    await run(brief, false);
    expect(pool.isRunning, "the second block").to.equal(true);
    await pool.terminate();
    await expectParallelEqualsSequential(patient, transfers(), store);
    expect(pool.isRunning, "a recorded block").to.equal(true);
  });

  it("is waited for where the block is recorded", async () => {
    const executor = jointExecutor(3, pool, createEngine("fast"));
    const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));
    const { execution } = await expectParallelEqualsSequential(executor, transfers(), store);
    expectNoFallback(execution);
  });

  it("ends its threads when they have loaded: within a require of an ES module Node aborts the process", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hardhat-parallel-"));
    const file = join(folder, "loaded");
    process.env.HHP_TEST_LOADED = file;
    try {
      const slow = createWorkerPool({
        workers: 1,
        engineModule: join(__dirname, "fixtures", "slow-to-load"),
      });
      slow.start();
      await slow.close();
      expect(existsSync(file)).to.equal(true);
    } finally {
      delete process.env.HHP_TEST_LOADED;
      rmSync(folder, { recursive: true });
    }
  });
});
