/**
 * A worker that dies, hangs or throws in the middle of a block: the block is still right, says that
 * it fell back, and the pool serves the next one. Real threads, real faults.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { setEnvironmentData } from "node:worker_threads";
import { expect } from "chai";
import type { BlockExecutor, BlockInput } from "../../src/execution/block-executor";
import type { Engine } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { Address } from "../../src/state/hex";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { environment, transaction } from "../helpers/environment";
import { untilReady } from "../helpers/executors";
import {
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
} from "../helpers/parallel-equals-sequential";
import { TYPESCRIPT_HOOK } from "../helpers/typescript-hook";
import { BEGUN, FAULT_IS_DUE, FAULTS, TURNS } from "./fixtures/faulty-engine";

const SENDERS = Array.from({ length: 6 }, (_, i): Address => `0x5e4d${"0".repeat(35)}${i}`);
const RECIPIENT: Address = "0x4ec10000000000000000000000000000000000aa";

function block(to: Address): BlockInput {
  return {
    environment: environment("prague"),
    transactions: SENDERS.map((from, i) =>
      transaction(from, { to: i === 3 ? to : RECIPIENT, value: 1n }),
    ),
    gasAvailable: 30_000_000n,
    trace: false,
  };
}

/** The calling thread's: it stays at its first transaction until the other thread has come to the fault. */
function waitingEngine(turns: Int32Array): Engine {
  const reference = new EthereumjsEngine();
  return {
    async run(message, environment, view, hooks) {
      Atomics.store(turns, BEGUN, 1);
      Atomics.notify(turns, BEGUN);
      while (Atomics.load(turns, FAULT_IS_DUE) === 0) {
        await setTimeout(1);
      }
      return reference.run(message, environment, view, hooks);
    },
  };
}

/** ms: longer than threads take to start on a busy machine */
const PATIENT = 60_000;

const store = storeOf(new Map(SENDERS.map((address) => [address, { balance: 10n ** 18n }])));

describe("A worker thread that", () => {
  let pool: WorkerPool;
  let quiet = PATIENT;
  /** ms that the calling thread hears of nothing once the threads were asked to begin */
  let busy = 0;
  let executor: BlockExecutor;

  before(() => {
    pool = createWorkerPool({
      workers: 2,
      engineModule: join(__dirname, "fixtures", "faulty-engine"),
      heapMegabytes: 128,
    });
    executor = createParallelExecutor({
      workers: 2,
      minTransactionsForThreads: 1,
      pool,
      sequential: new SequentialExecutor(),
      watchdog: () => {
        const end = performance.now() + busy;
        while (performance.now() < end);
        return quiet;
      },
    });
  });

  after(() => pool.close());

  // The block before each fault shows that the pool has recovered from the one before. One thread can run
  // it before the other has started, and Node may abort the process where a thread ends while it loads.
  beforeEach(async () => {
    quiet = PATIENT;
    busy = 0;
    const { execution } = await expectParallelEqualsSequential(executor, block(RECIPIENT), store);
    expectNoFallback(execution);
    await untilReady(pool);
  });

  async function expectFallback(
    fault: Address,
    reason: RegExp,
    quietMilliseconds = PATIENT,
  ): Promise<void> {
    const root = store.stateRoot();
    quiet = quietMilliseconds;
    const { execution } = await expectParallelEqualsSequential(executor, block(fault), store);
    expect(execution.outcomes).to.have.lengthOf(SENDERS.length);
    expect(execution.observed.mode).to.equal("sequential");
    expect(execution.observed.fallback).to.match(reason);
    expect(store.stateRoot(), "nothing is half-committed").to.equal(root);
  }

  it("exits", () => expectFallback(FAULTS.exit, /worker exited with code: 3/));

  it("throws inside a transaction", () => expectFallback(FAULTS.throw, /the engine broke/));

  it("has an uncaught exception", () => expectFallback(FAULTS.uncaught, /nobody catches this/));

  it("has an uncaught exception while the calling thread is busy", () => {
    busy = 500;
    return expectFallback(FAULTS.uncaught, /nobody catches this/);
  });

  for (const [when, milliseconds] of [
    ["is complete", 0],
    ["is complete and the calling thread is busy", 500],
  ] as const) {
    it(`has an uncaught exception when its part ${when} is replaced, and the block counts`, async () => {
      busy = milliseconds;
      const late = block(FAULTS.uncaughtLate);
      const { execution } = await expectParallelEqualsSequential(executor, late, store);
      expectNoFallback(execution);
      busy = 0;
      const next = await expectParallelEqualsSequential(executor, block(RECIPIENT), store);
      expectNoFallback(next.execution);
    });
  }

  it("runs out of memory", () => expectFallback(FAULTS.outOfMemory, /memory/i));

  it("hangs in a loop", () => expectFallback(FAULTS.hang, /no progress for 500 ms/, 500));

  it("waits for something that never comes", () =>
    expectFallback(FAULTS.neverEnd, /no progress for 500 ms/, 500));

  it("is healthy hashes with WebAssembly from its first block on", async () => {
    const slowHash = block(FAULTS.slowHash);
    const { execution } = await expectParallelEqualsSequential(executor, slowHash, store);
    expectNoFallback(execution);
  });

  it("is healthy again runs blocks in parallel", async () => {
    const { execution } = await expectParallelEqualsSequential(executor, block(RECIPIENT), store);
    expectNoFallback(execution);
  });
});

describe("A worker thread beside a calling thread that works too", () => {
  after(() => setEnvironmentData(TURNS));

  for (const [what, fault, reason, quiet] of [
    ["exits", FAULTS.exit, /worker exited with code: 3/, PATIENT],
    ["has an uncaught exception", FAULTS.uncaught, /nobody catches this/, PATIENT],
    ["throws inside a transaction", FAULTS.throw, /the engine broke/, PATIENT],
    ["hangs in a loop", FAULTS.hang, /no progress for 500 ms/, 500],
  ] as const) {
    it(`${what}: the block is executed once more, in sequence`, async () => {
      const turns = new Int32Array(new SharedArrayBuffer(8));
      setEnvironmentData(TURNS, turns);
      const pool = createWorkerPool({
        workers: 1,
        engineModule: join(__dirname, "fixtures", "faulty-engine"),
      });
      const executor = createParallelExecutor({
        workers: 2,
        minTransactionsForThreads: 1,
        pool,
        engine: waitingEngine(turns),
        sequential: new SequentialExecutor(),
        watchdog: () => quiet,
      });
      await untilReady(pool);
      const { execution } = await expectParallelEqualsSequential(executor, block(fault), store);
      expect(execution.observed.fallback).to.match(reason);
      await pool.close();
    });
  }
});

describe("A worker pool whose threads", () => {
  it("cannot load their engine leaves the block to the calling thread", async () => {
    const pool = createWorkerPool({ workers: 2, engineModule: join(__dirname, "no-such-engine") });
    const executor = createParallelExecutor({
      workers: 2,
      minTransactionsForThreads: 1,
      pool,
      sequential: new SequentialExecutor(),
    });
    const { execution } = await expectParallelEqualsSequential(executor, block(RECIPIENT), store);
    expect(execution.observed.fallback).to.match(/no-such-engine/);
    await pool.close();
  });

  it("never start is tried three times, and not before each block", async () => {
    const pool = createWorkerPool({ workers: 1, engineModule: join(__dirname, "no-such-engine") });
    const problems: string[] = [];
    let starts = 0;
    for (let wasRunning = false; problems.length < 6; wasRunning = pool.isRunning) {
      const { ready, problem } = pool.prepare();
      expect(ready).to.equal(0);
      starts += pool.isRunning && !wasRunning ? 1 : 0;
      if (problem !== null) {
        problems.push(problem);
      }
      await setTimeout(5);
    }
    expect(problems.every((problem) => problem.includes("no-such-engine"))).to.equal(true);
    expect(starts).to.equal(3);
    await pool.close();
  });

  it("are idle does not hold up the end of the process", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["-r", TYPESCRIPT_HOOK, join(__dirname, "fixtures", "exits-by-itself.ts")],
      { timeout: 60_000 },
    );
    expect(stdout.trim()).to.equal("parallel");
  });
});
