/** What a thread of the pool makes while the calling thread executes a block alone. */
import { expect } from "chai";
import { executeAlone } from "../../src/execution/alone-execution";
import type { BlockExecution, BlockInput } from "../../src/execution/block-executor";
import type { BlockJoiner } from "../../src/execution/block-joiner";
import { createEngine } from "../../src/execution/engine/engine-choice";
import type { MadeInThread } from "../../src/execution/made-meanwhile";
import { PreparedTransactions } from "../../src/execution/prepared-transactions";
import { ReceiptFeed } from "../../src/execution/receipt-feed";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { Settlement } from "../../src/execution/settlement";
import { hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { createWorkerPool, type WorkerPool } from "../../src/worker/pool";
import { environment, transaction } from "../helpers/environment";
import { untilReady } from "../helpers/executors";
import { storeOf, type TestAccount } from "../helpers/parallel-equals-sequential";
import { textsOf } from "../helpers/receipts";

/** Several batches of what a thread is told. */
const SENDERS = Array.from(
  { length: 300 },
  (_, i): Address => `0x5e4d${i.toString(16).padStart(36, "0")}`,
);
/** CALLER; PUSH0; PUSH0; LOG1: a log with the sender as its topic. */
const LOGGER: Address = "0x4ec10000000000000000000000000000000000aa";
const store = storeOf(
  new Map<Address, TestAccount>([
    ...SENDERS.map((address): [Address, TestAccount] => [address, { balance: 10n ** 18n }]),
    [LOGGER, { balance: 0n, code: "0x335f5fa100" }],
  ]),
);

/** @param valid how many transactions are, before the first that is not */
function blockOf(valid = SENDERS.length): BlockInput {
  return {
    environment: environment("prague"),
    transactions: SENDERS.map((from, i) =>
      transaction(from, { to: LOGGER, gasLimit: 60_000n, ...(i >= valid ? { nonce: 9n } : {}) }),
    ),
    gasAvailable: 30_000_000n,
    trace: false,
    encodedTransactions: SENDERS.map((sender) => hexToBytes(sender)),
  };
}

/** Begins when the other thread has: what it makes would otherwise depend on which one is faster. */
class Patient extends SequentialExecutor {
  /** what the other thread was given; null = there is none */
  receipts: SharedArrayBuffer | null = null;

  override async execute(...block: Parameters<SequentialExecutor["execute"]>) {
    const { receipts } = this;
    this.receipts = null;
    const isTaken = () => receipts === null || new Int32Array(receipts)[0] === 1;
    await until("the thread begins", isTaken);
    return super.execute(...block);
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let wait = 0; wait < 2000; wait++) {
    if (isSo()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`timeout: ${what}`);
}

describe("What a thread makes while a block runs in the calling one", () => {
  const patient = new Patient(createEngine("fast"));
  const feed = new ReceiptFeed();
  const answers: MadeInThread[] = [];
  let pool: WorkerPool;
  let watched: BlockJoiner;

  before(async () => {
    pool = createWorkerPool({ workers: 1, engine: "fast" });
    pool.start();
    await untilReady(pool);
    watched = {
      prepare: () => pool.prepare(),
      join: (task, workers) => pool.join(task, workers),
      makeMeanwhile: async (work) => {
        patient.receipts = work.receipts;
        const made = await pool.makeMeanwhile(work);
        answers.push(made);
        return made;
      },
      collect: () => pool.collect(),
      terminate: () => pool.terminate(),
      close: () => pool.close(),
    };
  });
  after(() => pool.close());
  beforeEach(() => {
    answers.length = 0;
  });

  function execute(
    input: BlockInput,
    threads: BlockJoiner | null,
    executor: SequentialExecutor = patient,
  ): Promise<BlockExecution> {
    const settlement = new Settlement(input, store);
    const prepared = new PreparedTransactions();
    return executeAlone(executor, threads, { input, settlement, prepared, feed });
  }

  function expectSame(made: BlockExecution, own: BlockExecution): void {
    expect(made.outcomes).to.have.length(own.outcomes.length);
    expect(made.receiptBodies && textsOf(made.receiptBodies)).to.deep.equal(
      own.receiptBodies && textsOf(own.receiptBodies),
    );
    expect(made.receiptsRoot).to.deep.equal(own.receiptsRoot);
    expect(made.transactionsRoot).to.deep.equal(own.transactionsRoot);
  }

  for (const valid of [SENDERS.length, 150, 1]) {
    it(`are the receipts of its first ${valid} transactions and the root of all`, async () => {
      const input = blockOf(valid);
      const own = await execute(input, null);
      expect(own.receiptBodies?.logCounts.at(0)).to.equal(1);
      const made = await execute(input, watched);
      expectSame(made, own);
      expect(answers[0]?.receipts?.root).to.deep.equal(own.receiptsRoot);
      expect(answers[0]?.transactionsRoot).to.deep.equal(own.transactionsRoot);
    });
  }

  it("ends with a block that fails, and the next one has the thread", async () => {
    class Failing extends SequentialExecutor {
      override async execute(): Promise<BlockExecution> {
        throw new Error("no such opcode");
      }
    }
    let message: string | null = null;
    await execute(blockOf(), watched, new Failing()).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal("no such opcode");
    await until("the thread leaves", () => answers.length === 1);
    const made = await execute(blockOf(), watched);
    expectSame(made, await execute(blockOf(), null));
    expect(answers.map(({ receipts }) => receipts === null)).to.deep.equal([true, false]);
  });

  it("is made by the calling thread if the thread dies", async () => {
    const dead: BlockJoiner = {
      ...watched,
      makeMeanwhile: (work) => {
        new Int32Array(work.receipts)[0] = 1; // it had begun
        return Promise.reject(new Error("the thread is gone"));
      },
    };
    const made = await execute(blockOf(), dead);
    const own = await execute(blockOf(), null);
    expectSame(made, own);
  });
});
