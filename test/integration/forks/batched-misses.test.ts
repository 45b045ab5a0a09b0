/** What the transactions of a block on a fork miss is fetched together, and the results are the same. */
import { expect } from "chai";
import type { BlockRecord } from "../../../src/access-log/block-record";
import { createLocalChain } from "../../../src/chain/local-chain";
import { SequentialExecutor } from "../../../src/execution/sequential-executor";
import { RpcNetwork } from "../../../src/rpc/rpc-network";
import { deployCode } from "../../helpers/bytecode";
import { networkOptions, startOurs } from "../../helpers/our-network";
import { Anvil } from "../../helpers/remote/anvil";
import { forkConfig } from "../../helpers/remote/forked-pair";
import { RemoteProxy } from "../../helpers/remote/slow-proxy";

const TRANSACTIONS = 200;
const LATENCY = 20;
/**
 * Reads slot[caller], then the slot with that number, adds one to it, and counts in slot 2^255: two
 * reads of which the second depends on the first, and one that all transactions share.
 */
const CONTRACT =
  "3354" + // slot[caller]
  "80546001019055" + // slot[slot[caller]] += 1
  "7f80000000000000000000000000000000000000000000000000000000000000008054600101905500";

interface Requests {
  request(request: {
    readonly method: string;
    readonly params?: readonly unknown[];
  }): Promise<unknown>;
}

describe("misses of a block on a fork", () => {
  let anvil: Anvil;
  let proxy: RemoteProxy;
  let contract: string;
  const senders = Array.from(
    { length: TRANSACTIONS },
    (_, i) => `0x${(0x5000 + i).toString(16).padStart(40, "0")}`,
  );

  before(async () => {
    anvil = await Anvil.start();
    const [from] = (await anvil.request("eth_accounts")) as string[]; // JSON-RPC's
    const hash = await anvil.request("eth_sendTransaction", {
      from,
      data: deployCode(CONTRACT),
      gas: "0x7a120",
    });
    await anvil.request("evm_mine");
    const receipt = await anvil.request("eth_getTransactionReceipt", hash);
    contract = (receipt as { contractAddress: string }).contractAddress; // a creation's
    for (const [i, sender] of senders.entries()) {
      await anvil.request("anvil_setBalance", sender, "0xde0b6b3a7640000");
      const value = `0x${(0x9000 + (i % 150)).toString(16).padStart(64, "0")}`;
      await anvil.request("anvil_setStorageAt", contract, sender, value);
    }
    await anvil.request("evm_mine");
    proxy = await RemoteProxy.start(anvil.url);
  });

  after(async () => {
    await proxy.stop();
    await anvil.stop();
  });

  interface Mined {
    readonly block: { readonly hash: string; readonly transactions: readonly string[] };
    readonly receipts: readonly unknown[];
    readonly records: readonly BlockRecord[];
    /** waves of requests while the block was mined */
    readonly waves: number;
    /** calls of each HTTP request meanwhile, most first */
    readonly batches: readonly number[];
  }

  /** One block of all transactions. */
  async function mine(settings: { threads?: number; inThread?: boolean }): Promise<Mined> {
    const records: BlockRecord[] = [];
    const { threads, inThread = false } = settings;
    const { chain } = networkOptions({ automine: false });
    const network = await startOurs(
      { automine: false, ...(threads === undefined ? {} : { threads }) },
      {
        chain: { ...chain, fork: forkConfig({ url: proxy.url }) },
        verify: true,
        record: (record) => records.push(record),
        ...(inThread ? { minTransactionsForThreads: 100_000 } : {}),
      },
    );
    try {
      return await mineOn(network, records);
    } finally {
      await network.close();
    }
  }

  /** The same by the oracle, which fetches what one transaction misses before it goes on to the next. */
  async function mineOneByOne(): Promise<Mined> {
    const records: BlockRecord[] = [];
    const options = networkOptions({ automine: false });
    const network = await RpcNetwork.create(async () => {
      const chain = await createLocalChain({
        config: { ...options.chain, fork: forkConfig({ url: proxy.url }) },
        executor: new SequentialExecutor(),
        trace: true,
      });
      chain.on("blockRecord", (record) => records.push(record));
      return chain;
    }, options);
    try {
      return await mineOn(network, records, 0);
    } finally {
      await network.close();
    }
  }

  async function mineOn(
    network: Requests,
    records: BlockRecord[],
    latency = LATENCY,
  ): Promise<Mined> {
    const ask = (method: string, ...params: unknown[]) => network.request({ method, params });
    for (const from of senders) {
      await ask("hardhat_impersonateAccount", from);
      await ask("eth_sendTransaction", { from, to: contract, gas: "0x186a0" });
    }
    await ask("evm_setNextBlockTimestamp", 1_700_000_000);
    proxy.forget();
    proxy.latency = latency;
    await ask("evm_mine");
    proxy.latency = 0;
    const { waves } = proxy;
    const batches = proxy.requests.map(({ length }) => length).sort((a, b) => b - a);
    const block = (await ask("eth_getBlockByNumber", "latest", false)) as Mined["block"]; // every block has it
    const receipts = await Promise.all(
      block.transactions.map((hash) => ask("eth_getTransactionReceipt", hash)),
    );
    return { block, receipts, records, waves, batches };
  }

  const finalParts = ({ records }: Mined) => records.map(({ transactions }) => transactions);

  it("fills few round trips on threads and in the calling thread; results are those of one by one", async () => {
    const parallel = await mine({ threads: 2 });
    const inThread = await mine({ inThread: true });
    const oneByOne = await mineOneByOne();
    expect(oneByOne.waves).to.be.greaterThan(TRANSACTIONS);
    expect(parallel.block.transactions).to.have.length(TRANSACTIONS);
    for (const { waves, batches, records } of [parallel, inThread]) {
      // Until the last of them has come no transaction ends, so none reads what another wrote: slot[caller]
      // of 200 senders, slot[slot[caller]] of 150, the shared slot. Each is asked for once.
      expect(batches).to.deep.equal([100, 100, 100, 50, 1]);
      // Two requests of one wave are two waves if the second is late.
      expect(waves).to.be.within(3, 4);
      const [record] = records;
      expect(record?.rootCheck?.parallel).to.equal(record?.rootCheck?.sequential);
      expect(record?.transactions.every(({ status }) => status === 1)).to.equal(true);
    }
    expect(parallel.records[0]?.observed.mode).to.equal("parallel");
    expect(inThread.records[0]?.observed.mode).to.equal("inThread");
    for (const batched of [parallel, inThread]) {
      expect(batched.block).to.deep.equal(oneByOne.block);
      expect(batched.receipts).to.deep.equal(oneByOne.receipts);
      expect(finalParts(batched)).to.deep.equal(finalParts(oneByOne));
    }
  });
});
