import { expect } from "chai";
import { createEngine } from "../../../src/execution/engine/engine-choice";
import { EthereumjsEngine } from "../../../src/execution/engine/ethereumjs-engine";
import type { EngineName, ParallelNetwork } from "../../../src/network";
import { deployCode, PROGRAMS } from "../../helpers/bytecode";
import { startOurs } from "../../helpers/our-network";

/** Deploys, counts in one block (on threads if their number is given), calls and traces; what a user sees of it. */
async function session(engine: EngineName, threads?: number): Promise<unknown> {
  const network = await startOurs(threads === undefined ? {} : { threads }, { engine });
  try {
    const request = (method: string, ...params: unknown[]): Promise<unknown> =>
      network.request({ method, params });
    const accounts = await textsOf(network, "eth_accounts");
    const from = accounts[0];
    const data = deployCode(PROGRAMS.counter);
    await request("eth_sendTransaction", { from, data, gas: "0x100000" });
    const block = (await request("eth_getBlockByNumber", "latest", true)) as {
      transactions: { hash: string }[];
    }; // an answer of our own network
    const receipt = (await request("eth_getTransactionReceipt", block.transactions[0]?.hash)) as {
      contractAddress: string;
    }; // as above
    const to = receipt.contractAddress;
    await request("evm_setAutomine", false);
    const hashes: unknown[] = [];
    for (const sender of accounts.slice(0, 6)) {
      hashes.push(
        await request("eth_sendTransaction", {
          from: sender,
          to,
          gas: "0x20000",
          maxFeePerGas: "0x77359400",
          maxPriorityFeePerGas: "0x3b9aca00",
        }),
      );
    }
    await request("evm_mine");
    return {
      receipts: await Promise.all(hashes.map((hash) => request("eth_getTransactionReceipt", hash))),
      call: await request("eth_call", { from, to }, "latest"),
      estimate: await request("eth_estimateGas", { from, to }),
      trace: await request("debug_traceTransaction", hashes[3]),
      stateRoot: ((await request("eth_getBlockByNumber", "latest", false)) as { stateRoot: string })
        .stateRoot, // as above
    };
  } finally {
    await network.close();
  }
}

async function textsOf(network: ParallelNetwork, method: string): Promise<string[]> {
  return (await network.request({ method, params: [] })) as string[]; // eth_accounts
}

describe("a network's engine", () => {
  let reference: unknown;
  before(async function () {
    this.timeout(120_000);
    reference = await session("ethereumjs");
  });

  it("fast, on two threads: receipts, calls, estimates, traces and roots of the reference", async function () {
    this.timeout(120_000);
    expect(await session("fast", 2)).to.deep.equal(reference);
  });

  it("verified: the same", async () => {
    expect(await session("verified")).to.deep.equal(reference);
  });

  it("the reference is what its name says", () => {
    expect(createEngine("ethereumjs")).to.be.instanceOf(EthereumjsEngine);
    expect(createEngine("fast")).to.have.property("fallbacks");
  });
});
