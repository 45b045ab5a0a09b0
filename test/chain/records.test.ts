import { expect } from "chai";
import type { BlockRecord } from "../../src/access-log/block-record";
import type { Chain, ChainConfig } from "../../src/chain/chain";
import { createLocalChain } from "../../src/chain/local-chain";
import { InvariantError } from "../../src/errors/base-error";
import type { BlockExecution, BlockExecutor } from "../../src/execution/block-executor";
import type { TransactionOutcome } from "../../src/execution/outcome";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { bigIntToHex32, hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { createWorkerPool } from "../../src/worker/pool";
import { plainOutcome } from "../helpers/plain-outcome";
import { account, signed, testConfig } from "./network-pair";

const COUNTER: Address = "0x00000000000000000000000000000000000000cc";
/** slot 0 += 1 */
const COUNTER_CODE = "0x60005460010160005500";

const LOGGER: Address = "0x00000000000000000000000000000000000000dd";
/** LOG1 of a zero word with topic 5 */
const LOGGER_CODE = "0x600560206000a100";

/** The sequential executor with changed answers. */
class AlteredExecutor implements BlockExecutor {
  readonly #inner = new SequentialExecutor();
  readonly #alter: (execution: BlockExecution) => BlockExecution;

  constructor(alter: (execution: BlockExecution) => BlockExecution) {
    this.#alter = alter;
  }

  prepare(): void {}

  async execute(...parameters: Parameters<BlockExecutor["execute"]>): Promise<BlockExecution> {
    return this.#alter(await this.#inner.execute(...parameters));
  }

  async close(): Promise<void> {}
}

async function startChain(
  config: Partial<ChainConfig>,
  executor: BlockExecutor = new SequentialExecutor(),
  verifier?: BlockExecutor,
): Promise<{ chain: Chain; records: BlockRecord[] }> {
  const chain = await createLocalChain({
    config: testConfig(config),
    executor,
    trace: true,
    ...(verifier === undefined ? {} : { verifier }),
  });
  const records: BlockRecord[] = [];
  chain.on("blockRecord", (record) => records.push(record));
  await chain.setCode(COUNTER, hexToBytes(COUNTER_CODE));
  return { chain, records };
}

/** A record's transactions without what may vary: the incarnation that a value came from. */
function derived({ transactions }: BlockRecord) {
  return transactions.map((transaction) => ({
    ...transaction,
    reads: transaction.reads.map(({ origin, ...read }) => ({
      ...read,
      writer: origin.transactionIndex,
    })),
  }));
}

describe("block records", () => {
  it("are made again for blocks of the past, whatever happened since, and change nothing", async () => {
    const { chain, records } = await startChain({ automine: false });
    await chain.submit(signed(0, { nonce: 0n, to: COUNTER }));
    await chain.submit(signed(1, { nonce: 0n, to: COUNTER }));
    await chain.submit(signed(2, { nonce: 0n, to: account(3).address, value: 5n }));
    await chain.mine();
    await chain.setStorage(COUNTER, 0n, 40n);
    await chain.submit(signed(0, { nonce: 1n, to: COUNTER }));
    await chain.mine();
    await chain.setCode(COUNTER, new Uint8Array(0));
    const before = (await chain.stateAt("latest")).storage(COUNTER, 0n);
    for (const record of records) {
      const block = chain.block({ number: record.number });
      expect(block).to.not.equal(undefined);
      const again = block === undefined ? undefined : await chain.blockRecord(block);
      expect(again && { ...again, observed: null, transactions: derived(again) }).to.deep.equal({
        ...record,
        observed: null,
        transactions: derived(record),
      });
    }
    expect(records.map(({ transactions }) => transactions.length)).to.deep.equal([3, 1]);
    expect((await chain.stateAt("latest")).storage(COUNTER, 0n)).to.equal(before);
    await chain.close();
  });

  it("hold reads, writes with the values before them, frames and gas", async () => {
    const { chain, records } = await startChain({ automine: false });
    await chain.submit(signed(0, { nonce: 0n, to: COUNTER }));
    await chain.submit(signed(1, { nonce: 0n, to: COUNTER }));
    await chain.mine();
    const [record] = records;
    expect(record).to.include({ number: 1n, hardfork: "osaka", segment: 0, rootCheck: null });
    const [first, second] = record?.transactions ?? [];
    const slotWrite = (transaction: typeof first) =>
      transaction?.writes.find(({ write }) => write.kind === "storage");
    expect(slotWrite(first)).to.deep.equal({
      write: { kind: "storage", address: COUNTER, slot: 0n, value: 1n },
      before: 0n,
    });
    expect(slotWrite(second)).to.have.property("before", 1n);
    const slotRead = second?.reads.find(({ kind }) => kind === "storage");
    expect(slotRead).to.deep.include({
      value: 1n,
      origin: { transactionIndex: 0, incarnation: 0 },
    });
    expect(second?.trace.frames).to.have.length(1);
    expect(second).to.include({ status: 1, from: account(1).address, to: COUNTER, nonce: 0n });
    // a balance that was only debited has no exact value before
    const fee = first?.writes.find(
      ({ write }) => write.kind === "balance" && write.address === account(0).address,
    );
    expect(fee?.before).to.equal(null);
    expect(record?.observed.incarnations).to.deep.equal([1, 1]);
  });

  it("name deployed code by its address", async () => {
    const { chain, records } = await startChain({});
    // returns one byte of code: STOP
    const result = await chain.submit(
      signed(0, { nonce: 0n, to: null, data: hexToBytes("0x60016000f3") }),
    );
    expect(result.ok).to.equal(true);
    const [transaction] = records[0]?.transactions ?? [];
    expect(transaction?.deployed).to.deep.equal([
      {
        address: transaction?.createdAddress,
        codeHash: "0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a",
        code: "0x00",
      },
    ]);
  });

  it("count read origins from the start of the block, also after a sender was dropped", async () => {
    const { chain, records } = await startChain({ automine: false, blockGasLimit: 200_000n });
    const call = { to: COUNTER, gasLimit: 60_000n };
    await chain.submit(signed(0, { nonce: 0n, ...call }));
    // does not fit after the first: its sender is dropped, and a second round begins
    await chain.submit(signed(1, { nonce: 0n, gasLimit: 190_000n }));
    await chain.submit(signed(2, { nonce: 0n, ...call }));
    await chain.submit(signed(3, { nonce: 0n, ...call }));
    const { block } = await chain.mine();
    expect(block.transactions.map(({ input }) => input.from)).to.deep.equal(
      [0, 2, 3].map((index) => account(index).address),
    );
    const origins = records[0]?.transactions.map(
      ({ reads }) => reads.find(({ kind }) => kind === "storage")?.origin.transactionIndex,
    );
    expect(origins).to.deep.equal([-1, 0, 1]);
    expect(records[0]?.observed.incarnations).to.deep.equal([1, 1, 1]);
  });

  it("begin a new segment after a revert", async () => {
    const { chain, records } = await startChain({});
    const id = await chain.snapshot();
    await chain.mine();
    await chain.revert(id);
    await chain.mine();
    expect(records.map(({ number, segment }) => [number, segment])).to.deep.equal([
      [1n, 0],
      [1n, 1],
    ]);
  });

  it("go out before the block, and receipts keep neither trace nor access sets", async () => {
    const { chain } = await startChain({});
    const order: string[] = [];
    chain.on("pendingTransaction", () => order.push("pendingTransaction"));
    chain.on("blockRecord", () => order.push("blockRecord"));
    chain.on("newBlock", () => order.push("newBlock"));
    chain.on("reverted", () => order.push("reverted"));
    await chain.submit(signed(0, { nonce: 0n, to: COUNTER }));
    expect(order).to.deep.equal(["pendingTransaction", "blockRecord", "newBlock"]);
    const outcome = chain.latest.receipts[0]?.outcome;
    expect(outcome?.trace.frames).to.have.length(0);
    expect(outcome?.reads).to.have.length(0);
    expect(outcome?.writes.writes).to.have.length(0);
  });

  it("are not made when nobody listens", async () => {
    const chain = await createLocalChain({
      config: testConfig(),
      executor: new SequentialExecutor(),
      trace: false,
    });
    const records: BlockRecord[] = [];
    const listener = (record: BlockRecord) => records.push(record);
    chain.on("blockRecord", listener);
    chain.off("blockRecord", listener);
    await chain.mine();
    expect(records).to.have.length(0);
  });
});

describe("verification", () => {
  it("computes both roots and finds them equal", async () => {
    const { chain, records } = await startChain(
      { hardfork: "london" },
      new SequentialExecutor(),
      new SequentialExecutor(),
    );
    const plain = await startChain({ hardfork: "london" });
    for (let nonce = 0n; nonce < 3n; nonce++) {
      for (const one of [chain, plain.chain]) {
        one.setNextTimestamp(one.latest.header.timestamp + 5n);
        expect((await one.submit(signed(0, { nonce, to: COUNTER }))).ok).to.equal(true);
      }
    }
    for (const { rootCheck } of records) {
      expect(rootCheck?.parallel).to.equal(rootCheck?.sequential);
    }
    expect(records).to.have.length(3);
    // the check changes nothing
    expect(chain.latest.header.hash).to.equal(plain.chain.latest.header.hash);
  });

  it("finds a block on worker threads, with senders dropped on the way, equal to the sequential one", async () => {
    const config = { automine: false, blockGasLimit: 1_500_000n };
    const threads = createParallelExecutor({
      workers: 2,
      minTransactionsForThreads: 2,
      pool: createWorkerPool({ workers: 2 }),
      sequential: new SequentialExecutor(),
    });
    const parallel = await startChain(config, threads, new SequentialExecutor());
    const sequential = await startChain(config);
    for (const { chain } of [parallel, sequential]) {
      for (let i = 0; i < 60; i++) {
        const request = {
          nonce: BigInt(Math.floor(i / 10)),
          to: i % 3 === 0 ? COUNTER : account(i % 7).address,
          // some large limits, which stop to fit before the block is full
          gasLimit: i % 4 === 3 ? 900_000n : 60_000n,
          value: BigInt(i),
        };
        await chain.submit(signed(i % 10, request));
      }
      for (let i = 0; i < 3; i++) {
        chain.setNextTimestamp(chain.latest.header.timestamp + 10n);
        await chain.mine();
      }
    }
    try {
      for (const { rootCheck, observed, transactions } of parallel.records) {
        expect(rootCheck?.parallel).to.equal(rootCheck?.sequential);
        expect(observed.fallback).to.equal(undefined);
        expect(observed.incarnations).to.have.length(transactions.length);
      }
      expect(parallel.records.map(({ observed }) => observed.mode)).to.include("parallel");
      expect(parallel.chain.latest.header.hash).to.equal(sequential.chain.latest.header.hash);
      expect(parallel.records.map(derived)).to.deep.equal(sequential.records.map(derived));
    } finally {
      await parallel.chain.close();
    }
  });

  it("reports a wrong state root and goes on with the sequential result", async () => {
    const wrong = new AlteredExecutor((execution) => ({
      ...execution,
      outcomes: execution.outcomes.map((outcome) => ({
        ...plainOutcome(outcome),
        writes: {
          ...outcome.writes,
          writes: outcome.writes.writes.map((write) =>
            write.kind === "storage" ? { ...write, value: 99n } : write,
          ),
        },
      })),
    }));
    const { chain, records } = await startChain({}, wrong, new SequentialExecutor());
    await chain.submit(signed(0, { nonce: 0n, to: COUNTER }));
    const rootCheck = records[0]?.rootCheck;
    expect(rootCheck?.parallel).to.not.equal(rootCheck?.sequential);
    expect(chain.latest.header.stateRoot).to.equal(rootCheck?.sequential);
    expect((await chain.stateAt("latest")).storage(COUNTER, 0n)).to.equal(1n);
  });

  const alterations: Readonly<Record<string, (outcome: TransactionOutcome) => object>> = {
    "return data": () => ({ returnData: Uint8Array.of(1) }),
    "the topic of a log": ({ logs }) => ({
      logs: logs.map((log) => ({ ...log, topics: [bigIntToHex32(6n)] })),
    }),
    "the data of a log": ({ logs }) => ({ logs: logs.map((log) => ({ ...log, data: "0x01" })) }),
  };
  for (const [what, alter] of Object.entries(alterations)) {
    it(`fails the block where ${what} differs under equal roots, and leaves the chain as it was`, async () => {
      const wrong = new AlteredExecutor((execution) => ({
        ...execution,
        outcomes: execution.outcomes.map((outcome) => ({
          ...plainOutcome(outcome),
          ...alter(outcome),
        })),
      }));
      const { chain } = await startChain({}, wrong, new SequentialExecutor());
      await chain.setCode(LOGGER, hexToBytes(LOGGER_CODE));
      const root = chain.latest.header.stateRoot;
      const error = await chain
        .submit(signed(0, { nonce: 0n, to: LOGGER }))
        .catch((e: unknown) => e);
      expect(error).to.be.instanceOf(InvariantError);
      expect(String(error)).to.contain("has other results in parallel than in sequence");
      expect(chain.latestNumber).to.equal(0n);
      expect(chain.latest.header.stateRoot).to.equal(root);
      expect(chain.pendingTransactions()).to.have.length(0);
      expect((await chain.stateAt("latest")).nonce(account(0).address)).to.equal(0n);
    });
  }
});
