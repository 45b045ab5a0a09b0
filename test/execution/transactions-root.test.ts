/** Who makes the root of a block's transactions, against @ethereumjs/mpt. */
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import type { BlockExecution, BlockExecutor, BlockInput } from "../../src/execution/block-executor";
import { createEngine } from "../../src/execution/engine/engine-choice";
import type { MadeInThread, MeanwhileWork } from "../../src/execution/made-meanwhile";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { PreparedTransactions } from "../../src/execution/prepared-transactions";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { TRIAL_BLOCKS } from "../../src/execution/side-comparison";
import { rootUnlessTaken } from "../../src/execution/transactions-root";
import { bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { environment, transaction } from "../helpers/environment";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import { expectNoFallback, storeOf, type TestAccount } from "../helpers/parallel-equals-sequential";

/** Enough for another thread to be asked beside a block that runs alone. */
const SENDERS = Array.from(
  { length: 100 },
  (_, i): Address => `0x5e4d${i.toString(16).padStart(36, "0")}`,
);

const store = storeOf(
  new Map<Address, TestAccount>(
    SENDERS.map((address): [Address, TestAccount] => [address, { balance: 10n ** 18n }]),
  ),
);

/** What a chain would hand over; an executor takes any bytes. */
const ENCODED = SENDERS.map((_, i) => new Uint8Array(30 + (i % 6) * 40).fill(i + 1));

async function expectedRoot(values: readonly Uint8Array[]): Promise<string> {
  const trie = new MerklePatriciaTrie();
  for (const [index, value] of values.entries()) {
    await trie.put(RLP.encode(index), value);
  }
  return bytesToHex(trie.root());
}

function block(changes: Partial<BlockInput> = {}): BlockInput {
  return {
    environment: environment("prague"),
    transactions: SENDERS.map((from) => transaction(from)),
    gasAvailable: 10n ** 7n,
    trace: false,
    encodedTransactions: ENCODED,
    ...changes,
  };
}

function executor(adaptive: boolean, pool = new InterleavedJoiner()): BlockExecutor {
  return createParallelExecutor({
    workers: 3,
    minTransactionsForThreads: 1,
    pool,
    engine: createEngine("fast"),
    sequential: new SequentialExecutor(),
    adaptive,
  });
}

function execute(input: BlockInput): Promise<BlockExecution> {
  return executor(false).execute(input, store);
}

function rootOf({ transactionsRoot }: BlockExecution): string | null {
  return transactionsRoot === undefined ? null : bytesToHex(transactionsRoot);
}

/** Says what roots its threads have made beside a block. */
class RootJoiner extends InterleavedJoiner {
  readonly made: Uint8Array[] = [];
  /** The thread comes to it when it is no longer asked for. */
  late = false;
  failure: Error | null = null;

  override async makeMeanwhile({ encoded }: MeanwhileWork): Promise<MadeInThread> {
    if (this.late) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const root = rootUnlessTaken(encoded);
    if (this.failure !== null) {
      throw this.failure;
    }
    if (root !== null) {
      this.made.push(root);
    }
    return { transactionsRoot: root, receipts: null };
  }
}

/** The first block of a kind after some on threads: it runs in the calling thread, to compare. */
async function blockAlone(pool: InterleavedJoiner, input = block()): Promise<BlockExecution> {
  const adaptive = executor(true, pool);
  for (let round = 0; round < TRIAL_BLOCKS; round++) {
    expectNoFallback(await adaptive.execute(input, store));
  }
  const execution = await adaptive.execute(input, store);
  expect(execution.observed.mode).to.equal("sequential");
  return execution;
}

describe("The root of a block's transactions", () => {
  it("is made by the first thread that asks for it", async () => {
    for (const values of [
      [],
      ENCODED,
      Array.from({ length: 300 }, (_, i) => Buffer.from(`${i}`)),
    ]) {
      const list = new PreparedTransactions().shareForRoot(values);
      const root = rootUnlessTaken(list);
      expect(root === null ? null : bytesToHex(root)).to.equal(await expectedRoot(values));
      expect(rootUnlessTaken(list)).to.equal(null);
    }
  });

  it("comes with the results of a block on threads", async () => {
    const execution = await execute(block());
    expectNoFallback(execution);
    expect(rootOf(execution)).to.equal(await expectedRoot(ENCODED));
  });

  it("is made by another thread where the calling thread runs the block alone", async () => {
    const pool = new RootJoiner();
    const execution = await blockAlone(pool);
    expect(pool.made.map(bytesToHex)).to.deep.equal([await expectedRoot(ENCODED)]);
    expect(rootOf(execution)).to.equal(await expectedRoot(ENCODED));
  });

  it("is made by the calling thread if no other gets to it", async () => {
    const pool = new RootJoiner();
    pool.late = true;
    const execution = await blockAlone(pool);
    expect(rootOf(execution)).to.equal(await expectedRoot(ENCODED));
    expect(pool.made).to.deep.equal([]);
  });

  it("is not asked of another thread for few transactions: the calling thread has it sooner", async () => {
    const pool = new RootJoiner();
    const transactions = SENDERS.slice(1).map((from) => transaction(from));
    const encodedTransactions = ENCODED.slice(1);
    const execution = await blockAlone(pool, block({ transactions, encodedTransactions }));
    expect(rootOf(execution)).to.equal(await expectedRoot(encodedTransactions));
    expect(pool.made).to.deep.equal([]);
  });

  it("is left to the caller if the thread fails that was to make it", async () => {
    const pool = new RootJoiner();
    pool.failure = new Error("the thread is gone");
    const execution = await blockAlone(pool);
    expect(execution.outcomes).to.have.length(SENDERS.length);
    expect(rootOf(execution)).to.equal(null);
  });

  it("is that of all transactions, also if the block stops before the last", async () => {
    const transactions = SENDERS.map((from, i) => transaction(from, i === 2 ? { nonce: 7n } : {}));
    const execution = await execute(block({ transactions }));
    expect(execution.outcomes).to.have.length(2);
    expect(rootOf(execution)).to.equal(await expectedRoot(ENCODED));
  });

  it("is left to the caller where nobody asked for it", async () => {
    const { encodedTransactions: _, ...input } = block();
    expect(rootOf(await execute(input))).to.equal(null);
  });
});
