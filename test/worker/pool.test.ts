import { expect } from "chai";
import type { BlockInput } from "../../src/execution/block-executor";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import {
  addressOf,
  environmentOf,
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
  transactionOf,
} from "../helpers/parallel-equals-sequential";

const SENDERS = Array.from({ length: 8 }, (_, i) => addressOf(0x1000 + i));

function transfers(): BlockInput {
  return {
    environment: environmentOf("prague"),
    transactions: SENDERS.map((from) => transactionOf({ from, to: addressOf(7), value: 1n })),
    gasAvailable: 60_000_000n,
    trace: true,
  };
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
});
