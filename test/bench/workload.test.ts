/** Which transactions of the benchmark's blocks depend on which, read off the blocks' records. */
import { expect } from "chai";
import { FunctionFragment, Interface } from "ethers";
import type { Peer } from "../../bench/peers/peer";
import { createRpcPeer } from "../../bench/peers/rpc-peer";
import {
  CHAIN_ID,
  COINBASE,
  GENESIS_TIMESTAMP,
  makePlan,
  TRANSACTIONS,
  WORKLOAD_NAMES,
  type WorkloadName,
} from "../../bench/workload";
import type { BlockRecord, TransactionRecord } from "../../src/access-log/block-record";
import { createParallelNetwork, networkOptions } from "../../src/network";

/** More than there are pools. */
const SENDERS = 70;

const CALLS = new Interface([
  "function transfer(address to, uint256 amount)",
  "function swap(bool zeroForOne, uint256 amountIn, uint256 minAmountOut)",
  "function mint(uint256 amount)",
  "function mint()",
  "function work(uint256 turns)",
  "function arith(uint256 turns)",
]);

function calldata({ trace }: TransactionRecord): string {
  return trace.frames[0]?.input ?? "";
}

/** The transactions of the block that wrote what this one reads. */
function writers({ reads }: TransactionRecord): number[] {
  const origins = reads.map(({ origin }) => origin.transactionIndex);
  return [...new Set(origins)].filter((index) => index !== -1);
}

/** Each transaction reads what the one `chains` places before it wrote, and nothing else of the block. */
function inChains(chains: number): number[][] {
  return Array.from({ length: SENDERS }, (_, i) => (i < chains ? [] : [i - chains]));
}

describe("the benchmark's transactions", () => {
  const records: BlockRecord[] = [];
  let peer: Peer;

  before(async () => {
    const plan = makePlan({ workloads: WORKLOAD_NAMES, senders: SENDERS });
    const network = await createParallelNetwork(
      networkOptions({
        workers: 1,
        throwOnTransactionFailures: false,
        record: (record) => records.push(record),
        chain: {
          chainId: BigInt(CHAIN_ID),
          blockGasLimit: BigInt(plan.blockGasLimit),
          coinbase: COINBASE,
          automine: false,
          mempoolOrder: "fifo",
          initialTimestamp: BigInt(GENESIS_TIMESTAMP),
        },
      }),
    );
    peer = await createRpcPeer(
      "recorded",
      plan,
      (method, params = []) => network.request({ method, params }),
      { close: () => network.close() },
    );
  });

  after(() => peer?.close());

  async function mined(workload: WorkloadName): Promise<readonly TransactionRecord[]> {
    await peer.run(workload);
    const transactions = records.at(-1)?.transactions ?? [];
    expect(transactions).to.have.length(SENDERS);
    expect(new Set(transactions.map(({ from }) => from))).to.have.property("size", SENDERS);
    return transactions;
  }

  it("are 500 in a block where no number is given", () => {
    expect(TRANSACTIONS).to.equal(500);
    const [mint] = makePlan({ workloads: ["mint"] }).workloads;
    expect(mint?.raw).to.have.length(500);
  });

  for (const workload of ["transfers", "keccak", "arithmetic"] as const) {
    it(`${workload}: none depends on another`, async () => {
      expect((await mined(workload)).map(writers)).to.deep.equal(inChains(SENDERS));
    });
  }

  for (const pools of [1, 8, 64] as const) {
    it(`swaps-${pools}: each depends on the last one in the same of ${pools} pools`, async () => {
      const transactions = await mined(`swaps-${pools}`);
      expect(new Set(transactions.map(({ to }) => to))).to.have.property("size", pools);
      expect(transactions.map(writers)).to.deep.equal(inChains(pools));
    });
  }

  for (const workload of ["mint", "nft"] as const) {
    it(`${workload}: each depends on the one before it`, async () => {
      expect((await mined(workload)).map(writers)).to.deep.equal(inChains(1));
    });
  }

  it("mixed: of ten, 4 transfers, 3 swaps over 8 pools, a mint of each kind and a loop", async () => {
    const transactions = await mined("mixed");
    const swap = CALLS.getFunction("swap")?.selector ?? "";
    const selectors = transactions.map((transaction) => calldata(transaction).slice(0, 10));
    const counted = CALLS.fragments.map((fragment) => {
      const { selector } = FunctionFragment.from(fragment);
      return selectors.filter((candidate) => candidate === selector).length;
    });
    // in the order of CALLS, of 70
    expect(counted).to.deep.equal([28, 21, 7, 7, 7, 0]);
    const pools = transactions.filter((_, i) => selectors[i] === swap).map(({ to }) => to);
    expect(new Set(pools)).to.have.property("size", 8);
  });

  it("are loops of 500 turns of keccak256 and of 2,000 turns of arithmetic", async () => {
    for (const [workload, loop, turns] of [
      ["keccak", "work", 500],
      ["arithmetic", "arith", 2000],
    ] as const) {
      const called = new Set((await mined(workload)).map(calldata));
      expect([...called]).to.deep.equal([CALLS.encodeFunctionData(loop, [turns])]);
    }
  });
});
