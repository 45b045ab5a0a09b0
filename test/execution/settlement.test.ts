/** Committing a block before its results are collected. */
import { expect } from "chai";
import { InvariantError, invariant } from "../../src/errors/base-error";
import type {
  BlockExecutor,
  BlockInput,
  SettledTransaction,
} from "../../src/execution/block-executor";
import type { BlockJoiner } from "../../src/execution/block-joiner";
import { create2Address } from "../../src/execution/contract-address";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { TransactionInput } from "../../src/execution/transaction";
import { hexToBytes } from "../../src/state/bytes";
import { type Address, EMPTY_CODE_HASH } from "../../src/state/hex";
import { PLACE_WORDS } from "../../src/state/packed-writes";
import type { WriteSet } from "../../src/state/write-set";
import { environment, transaction } from "../helpers/environment";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import {
  expectNoFallback,
  expectParallelEqualsSequential,
  storeOf,
  type TestAccount,
} from "../helpers/parallel-equals-sequential";

const SENDERS = Array.from({ length: 6 }, (_, i): Address => `0x5e4d${"0".repeat(35)}${i}`);
const COUNTER: Address = "0xc0de000000000000000000000000000000000002";

const store = storeOf(
  new Map<Address, TestAccount>([
    ...SENDERS.map((address): [Address, TestAccount] => [address, { balance: 10n ** 18n }]),
    // slot[caller]++, LOG0 of nothing
    [COUNTER, { code: "0x33546001013355600080a0" }],
  ]),
);

function call(sender: number, changes: Partial<TransactionInput> = {}): TransactionInput {
  const from = SENDERS[sender % SENDERS.length] ?? COUNTER;
  return transaction(from, { to: COUNTER, gasLimit: 100_000n, ...changes });
}

function block(transactions = SENDERS.map((_, i) => call(i))): BlockInput {
  return {
    environment: environment("prague"),
    transactions,
    gasAvailable: 10n ** 7n,
    trace: false,
  };
}

/** On the calling thread and two others. */
function executorOn(pool: BlockJoiner): BlockExecutor {
  return createParallelExecutor({
    workers: 3,
    minTransactionsForThreads: 1,
    pool,
    engine: createEngine("fast"),
    sequential: new SequentialExecutor(),
    adaptive: false,
  });
}

/** Threads whose reports are kept back until `release`, and then changed. */
class HeldBackJoiner extends InterleavedJoiner {
  release = (): void => undefined;
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });
  failure: Error | null = null;

  override async join(...parameters: Parameters<InterleavedJoiner["join"]>) {
    const reports = await super.join(...parameters);
    await this.#released;
    if (this.failure !== null) {
      throw this.failure;
    }
    return reports;
  }
}

/** What the block's transactions write, as it is settled with; the state stays as it is. */
async function settledWrites(executor: BlockExecutor, input: BlockInput): Promise<WriteSet[]> {
  let settled: WriteSet[] = [];
  const settle: BlockInput["settle"] = (transactions) => {
    settled = transactions.map(({ writes }) => writes);
  };
  await executor.execute({ ...input, settle }, store);
  return settled;
}

function placesOf(writes: WriteSet): number[] {
  const packed = writes.packed?.() ?? null;
  invariant(packed !== null, "the writes are not in the block's memory");
  const { list, start, count } = packed;
  return [...list.places.subarray(start, start + count * PLACE_WORDS)];
}

describe("A block is settled", () => {
  it("when all its transactions are final, before the threads have reported", async () => {
    const pool = new HeldBackJoiner();
    const executor = executorOn(pool);
    const mark = store.mark();
    let settled: readonly SettledTransaction[] = [];
    const executing = executor.execute(
      {
        ...block(),
        settle: (transactions) => {
          settled = transactions;
          for (const { writes } of transactions) {
            store.apply(writes);
          }
          pool.release(); // nobody else does
        },
      },
      store,
    );
    const execution = await executing;
    expectNoFallback(execution);
    expect(settled.map(({ gasUsed }) => gasUsed)).to.deep.equal(
      execution.outcomes.map(({ gasUsed }) => gasUsed),
    );
    for (const [i, sender] of SENDERS.entries()) {
      expect(store.storage(COUNTER, BigInt(sender)), `slot of sender ${i}`).to.equal(1n);
    }
    store.revertTo(mark);
  });

  it("once, and its results are the sequential executor's", async () => {
    const chained = [0, 0, 1, 2, 0, 1].map((sender, i, all) =>
      call(sender, { nonce: BigInt(all.slice(0, i).filter((one) => one === sender).length) }),
    );
    const { settled } = await expectParallelEqualsSequential(
      executorOn(new InterleavedJoiner()),
      block(chained),
      store,
    );
    expect(settled).to.equal(true);
  });

  for (const [what, input] of Object.entries({
    "a transaction is not valid": block([call(0), call(1, { nonce: 7n }), call(2)]),
    "a transaction does not fit": { ...block(), gasAvailable: 200_000n },
    "a contract is created": block([call(0), call(1, { to: null }), call(2)]),
  })) {
    it(`not if ${what}`, async () => {
      const executor = executorOn(new InterleavedJoiner());
      const { settled } = await expectParallelEqualsSequential(executor, input, store);
      expect(settled).to.equal(false);
    });
  }

  it("and reads asked for afterwards come from where they came", async () => {
    // CREATE2 of nothing with salt 0, and REVERT: reads whether the account exists, and writes nothing.
    const creator: Address = "0xc0de000000000000000000000000000000000003";
    const created = create2Address(creator, new Uint8Array(32), hexToBytes(EMPTY_CODE_HASH));
    const pair = storeOf(
      new Map<Address, TestAccount>([
        ...SENDERS.map((address): [Address, TestAccount] => [address, { balance: 10n ** 18n }]),
        [creator, { code: "0x6000600060006000f560006000fd" }],
      ]),
    );
    const input = block([
      call(0, { to: creator }),
      call(1, { to: created, value: 1n }), // from now on it exists
      call(2, { to: creator }),
    ]);
    const executor = executorOn(new InterleavedJoiner());
    const { settled } = await expectParallelEqualsSequential(executor, input, pair);
    expect(settled).to.equal(true);
  });

  it("and a thread that fails afterwards changes nothing: its results are made again", async () => {
    const pool = new HeldBackJoiner();
    pool.failure = new Error("the thread died");
    pool.release();
    const { execution, settled } = await expectParallelEqualsSequential(
      executorOn(pool),
      block(),
      store,
    );
    expect(settled).to.equal(true);
    expect(execution.observed.mode).to.equal("sequential");
    expect(execution.observed.fallback).to.equal("a worker thread failed: the thread died");
  });

  it("and its writes are there until the next block begins", async () => {
    const executor = executorOn(new InterleavedJoiner());
    const first = await settledWrites(executor, block());
    const second = await settledWrites(executor, block([call(5), call(3)]));
    expect(second.map((writes) => placesOf(writes).length > 0)).to.deep.equal([true, true]);
    for (const writes of first) {
      expect(() => placesOf(writes)).to.throw(InvariantError, "after the next block began");
    }
  });

  it("and they stay what they are where the next block has other memory", async () => {
    const pool = new HeldBackJoiner();
    pool.failure = new Error("the thread died"); // it may still write to the memory
    pool.release();
    const executor = executorOn(pool);
    const first = await settledWrites(executor, block());
    const places = first.map(placesOf);
    expect(places).to.have.lengthOf(SENDERS.length);
    await settledWrites(executor, block([call(5), call(3), call(1)]));
    expect(first.map(placesOf)).to.deep.equal(places);
  });

  it("and executed anew where the caller could not commit", async () => {
    const mark = store.mark();
    const input: BlockInput = {
      ...block(),
      settle: () => {
        throw new Error("no room");
      },
    };
    const execution = await executorOn(new InterleavedJoiner()).execute(input, store);
    expect(execution.observed.fallback).to.equal("no room");
    expect(execution.outcomes).to.have.lengthOf(SENDERS.length);
    expect(store.mark()).to.equal(mark);
  });
});
