import { expect } from "chai";
import type { BlockExecutor, BlockInput, StateLoader } from "../../src/execution/block-executor";
import type { BlockJoiner } from "../../src/execution/block-joiner";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { BlockMemoryLimits } from "../../src/execution/shared-block";
import { bigIntToBytes32, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import { assemble } from "../helpers/assembler";
import { environment, transaction } from "../helpers/environment";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import {
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
  type TestAccount,
  type TestAccounts,
} from "../helpers/parallel-equals-sequential";
import { FixtureSource } from "../helpers/remote/fixture-source";

const SENDERS = Array.from({ length: 4 }, (_, i): Address => `0x5e4d${"0".repeat(35)}${i}`);
const COUNTER: Address = "0xc0de000000000000000000000000000000000002";
const WRITER: Address = "0xc0de000000000000000000000000000000000001";

const accounts: TestAccounts = new Map<Address, TestAccount>([
  ...SENDERS.map((address): [Address, TestAccount] => [address, { balance: 10n ** 18n }]),
  // adds 1 to slot 0
  [COUNTER, { code: "0x600054600101600055" }],
  // writes the slots calldata[0], +1 … +99
  [
    WRITER,
    {
      code: bytesToHex(
        assemble(
          Array.from(
            { length: 100 },
            (_, i) => `0x1 0x${(i + 1).toString(16)} 0x0 CALLDATALOAD ADD SSTORE`,
          ).join(" "),
        ),
      ),
    },
  ],
]);
const store = storeOf(accounts);

function block(count = SENDERS.length): BlockInput {
  return {
    environment: environment("prague"),
    transactions: SENDERS.slice(0, count).map((from, i) =>
      transaction(from, {
        to: WRITER,
        data: bigIntToBytes32(BigInt(i) << 100n),
        gasLimit: 5_000_000n,
      }),
    ),
    gasAvailable: 30_000_000n,
    trace: false,
  };
}

/** Every transaction calls the counter. */
function hotBlock(count: number): BlockInput {
  return {
    ...block(),
    transactions: Array.from({ length: count }, (_, i) =>
      transaction(SENDERS[i % SENDERS.length] ?? COUNTER, {
        to: COUNTER,
        nonce: BigInt(Math.floor(i / SENDERS.length)),
        data: Uint8Array.of(1, 2, 3, 4),
        gasLimit: 100_000n,
      }),
    ),
  };
}

function executorOf(
  pool: BlockJoiner,
  options: { minimum?: number; limits?: BlockMemoryLimits } = {},
): BlockExecutor {
  return createParallelExecutor({
    workers: 2,
    minTransactionsForThreads: options.minimum ?? 1,
    pool,
    sequential: new SequentialExecutor(),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
}

describe("Parallel executor", () => {
  it("a block below the minimum runs in the calling thread and says so", async () => {
    const pool: BlockJoiner = {
      prepare: () => ({ ready: 2, isBehind: false, problem: null }),
      join: () => Promise.reject(new Error("no thread was to be asked")),
      makeMeanwhile: () => Promise.reject(new Error("no thread was to be asked")),
      collect: () => undefined,
      terminate: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const executor = executorOf(pool, { minimum: 4 });
    const { execution } = await expectParallelEqualsSequential(executor, block(3), store);
    expect(execution.observed.mode).to.equal("inThread");
    expect(execution.observed.fallback).to.equal(undefined);
    const empty = await executor.execute({ ...block(0) }, store);
    expect(empty.outcomes).to.deep.equal([]);
  });

  it("a shared buffer that is too small sends one block to the sequential executor and is bigger for the next", async () => {
    for (const limits of [
      { locations: 256, arenaWords: 1 << 20, maximumArenaWords: 1 << 22 },
      { locations: 1 << 12, arenaWords: 1 << 11, maximumArenaWords: 1 << 14 },
    ]) {
      const executor = executorOf(new InterleavedJoiner(), { limits });
      const first = await expectParallelEqualsSequential(executor, block(), store);
      expect(first.execution.observed.mode).to.equal("sequential");
      expect(first.execution.observed.fallback).to.match(
        /the shared (locations|arena) buffer is full/,
      );
      if (limits.locations === 256) {
        const second = await expectParallelEqualsSequential(executor, block(), store);
        expectNoFallback(second.execution);
      }
    }
  });

  it("the receipts of a block on threads come with their root, unless it stops early", async () => {
    const { execution } = await expectParallelEqualsSequential(
      executorOf(new InterleavedJoiner()),
      block(),
      store,
    );
    expect(execution.receiptsRoot).to.have.length(32);
    expect(execution.receiptBodies?.starts).to.have.length(SENDERS.length);
    const whole = block();
    const transactions = whole.transactions.map((each, i) =>
      i === 1 ? { ...each, nonce: 9n } : each,
    );
    const stopped = await expectParallelEqualsSequential(
      executorOf(new InterleavedJoiner()),
      { ...whole, transactions },
      store,
    );
    expect(stopped.execution.outcomes).to.have.length(1);
    expect(stopped.execution.receiptsRoot).to.equal(undefined);
  });

  it("threads leave a block that could not be prepared for them", async () => {
    const left: boolean[] = [];
    class WatchedJoiner extends InterleavedJoiner {
      override async join(...parameters: Parameters<InterleavedJoiner["join"]>) {
        const reports = await super.join(...parameters);
        left.push(...reports.map(({ ok }) => !ok));
        return reports;
      }
    }
    // No room for the nonces that the senders will have.
    const limits = { locations: 256, arenaWords: 1 << 12, maximumArenaWords: 1 << 12 };
    const executor = executorOf(new WatchedJoiner(), { limits });
    const { execution } = await expectParallelEqualsSequential(executor, hotBlock(256), store);
    expect(execution.observed.fallback).to.match(/the shared arena buffer is full/);
    expect(left).to.deep.equal([true, true]);
  });

  it("a stalled block of which no thread says what it missed runs one by one, and says why", async () => {
    class ForgetfulJoiner extends InterleavedJoiner {
      override async join(...parameters: Parameters<InterleavedJoiner["join"]>) {
        const reports = await super.join(...parameters);
        return reports.map((report) => (report.ok ? { ...report, missed: [] } : report));
      }
    }
    const fork = createSharedStateStore({ source: new FixtureSource(accounts) });
    const load: StateLoader = async (keys) => {
      expect(keys, "without a key there is nothing to load").not.to.deep.equal([]);
      await fork.load(keys);
    };
    const input = { ...block(), load };
    const { observed, outcomes } = await executorOf(new ForgetfulJoiner()).execute(input, fork);
    expect(observed.mode).to.equal("sequential");
    expect(observed.fallback).to.include("the block is stalled, and no thread says what it missed");
    expect(outcomes).to.have.length(SENDERS.length);
  });

  it("a block that earlier ones showed to be serial runs in the calling thread and says why", async () => {
    const joiner = new InterleavedJoiner();
    const executor = executorOf(joiner);
    const block = hotBlock(32);
    let last = (await expectParallelEqualsSequential(executor, block, store)).execution;
    for (let i = 0; i < 20 && last.observed.mode === "parallel"; i++) {
      joiner.seed = i;
      last = (await expectParallelEqualsSequential(executor, block, store)).execution;
    }
    expect(last.observed.mode).to.equal("sequential");
    expect(last.observed.fallback).to.equal(
      "nearly all transactions wait for one another, as in earlier blocks",
    );
  });

  it("blocks handed in at the same time are executed one after the other", async () => {
    const executor = executorOf(new InterleavedJoiner());
    const executions = await Promise.all([1, 2, 3].map((n) => executor.execute(block(n), store)));
    expect(executions.map(({ outcomes }) => outcomes.length)).to.deep.equal([1, 2, 3]);
    for (const execution of executions) {
      expectNoFallback(execution);
    }
  });

  it("an error of the sequential executor reaches the caller, and the next block is executed", async () => {
    let broken = true;
    const sequential = new SequentialExecutor();
    const executor = createParallelExecutor({
      workers: 1,
      minTransactionsForThreads: 100,
      pool: new InterleavedJoiner(),
      sequential: {
        execute: async (...parameters) => {
          if (broken) {
            throw new Error("broken pre-state");
          }
          return sequential.execute(...parameters);
        },
        prepare: () => undefined,
        close: () => sequential.close(),
      },
    });
    let message = "";
    await executor.execute(block(), store).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal("broken pre-state");
    broken = false;
    expect((await executor.execute(block(), store)).outcomes).to.have.lengthOf(4);
  });

  it("closing closes the pool, and can be repeated", async () => {
    let closed = 0;
    const pool = new InterleavedJoiner();
    pool.close = async () => {
      closed++;
    };
    const executor = executorOf(pool);
    await executor.close();
    await executor.close();
    expect(closed).to.equal(2);
  });
});
