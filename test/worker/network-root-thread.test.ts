/** A network with threads has one for state roots as well, which starts when large roots have taken a while. */
import { createHook } from "node:async_hooks";
import { expect } from "chai";
import { assemble } from "../helpers/assembler";
import { startOurs } from "../helpers/our-network";

const CONTRACT = "0xc0de000000000000000000000000000000000001";
/** Slots 2000 to 1 get the block's number: more changes than it takes to ask another thread. */
const CODE = assemble("0x7d0 JUMPDEST NUMBER DUP2 SSTORE 0x1 SWAP1 SUB DUP1 0x3 JUMPI STOP");
/** 22,100 gas for each slot that was empty */
const GAS = "0x3000000";

/** Threads started while blocks of one transaction are mined: until there is one, or there were enough blocks. */
async function threadsStarted(threads: number, mostBlocks: number): Promise<number> {
  let started = 0;
  const hook = createHook({
    init(_id, type) {
      started += type === "WORKER" ? 1 : 0;
    },
  });
  const settings = { threads, hardfork: "cancun", blockGasLimit: 100_000_000 };
  // no block is large enough for threads that execute transactions
  const network = await startOurs(settings, { minTransactionsForThreads: 2 });
  const ask = (method: string, ...params: unknown[]) => network.request({ method, params });
  hook.enable();
  try {
    const accounts = await ask("eth_accounts");
    const from: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
    await ask("hardhat_setCode", CONTRACT, `0x${Buffer.from(CODE).toString("hex")}`);
    for (let block = 0; started === 0 && block < mostBlocks; block++) {
      await ask("eth_sendTransaction", { from, to: CONTRACT, gas: GAS });
    }
    return started;
  } finally {
    hook.disable();
    await network.close();
  }
}

describe("a network that makes large state roots", () => {
  // A thread is worth it after 200 ms of such roots, which take some milliseconds each.
  it("starts a thread for them if it may have threads", async () => {
    expect(await threadsStarted(2, 1000)).to.equal(1);
  });

  it("starts none if it may not", async () => {
    expect(await threadsStarted(1, 100)).to.equal(0);
  });
});
