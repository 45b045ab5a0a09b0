/** Snapshots, time, interval mining and irregular state, as on the stock network. */
import { expect } from "chai";
import { PROGRAMS } from "../../helpers/bytecode";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const C = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
const GAS = "0x5208";

describe("snapshots", () => {
  it("restore the chain, the state and what the next block takes", async () => {
    const pair = await Pair.start();
    const counter = await deploy(pair, PROGRAMS.counter);
    const first = await pair.ask("evm_snapshot");
    await pair.send({ from: A, to: counter, gas: "0x30d40" });
    const gone = await pair.send({ from: A, to: counter, gas: "0x30d40" });
    await pair.ask("hardhat_setCoinbase", B);
    await pair.ask("hardhat_setBalance", C, "0x1");
    await pair.ask("hardhat_setNextBlockBaseFeePerGas", "0x77");
    await pair.ask("hardhat_setPrevRandao", `0x${"77".repeat(32)}`);
    await pair.ask("hardhat_setStorageAt", counter, "0x7", `0x${"00".repeat(31)}07`);
    const second = await pair.ask("evm_snapshot");
    expect(second).to.not.equal(first);
    await pair.ask("eth_getBlockByNumber", "pending", true);
    await pair.ask("evm_revert", first);
    await pair.ask("evm_revert", second);
    await pair.ask("evm_revert", first);
    await pair.ask("eth_getTransactionReceipt", gone);
    await pair.ask("eth_getTransactionByHash", gone);
    await pair.ask("eth_getStorageAt", counter, "0x0");
    await pair.ask("eth_getStorageAt", counter, "0x7");
    await pair.ask("eth_getBalance", C);
    await pair.ask("eth_coinbase");
    await pair.ask("eth_getBlockByNumber", "pending", true);
    await pair.send({ from: A, to: counter, gas: "0x30d40" });
    await pair.ask("eth_getBlockByNumber", "latest", true);
    await pair.ask("evm_snapshot");
    await pair.close();
  });

  it("restore the mempool but not automine, impersonation and filters", async () => {
    const pair = await Pair.start({ automine: false });
    const filter = await pair.ask("eth_newBlockFilter");
    await pair.send({ from: A, to: B, gas: GAS });
    const snapshot = await pair.ask("evm_snapshot");
    await pair.ask("evm_setAutomine", true);
    await pair.ask("hardhat_impersonateAccount", `0x${"22".repeat(20)}`);
    await pair.send({ from: B, to: A, gas: GAS });
    await pair.ask("evm_revert", snapshot);
    await pair.ask("hardhat_getAutomine");
    await pair.ask("hardhat_stopImpersonatingAccount", `0x${"22".repeat(20)}`);
    await pair.ask("eth_getFilterChanges", filter);
    await pair.ask("eth_pendingTransactions");
    await pair.ask("eth_blockNumber");
    await pair.close();
  });

  it("emit their event, and hardhat_reset its own and a new chain", async () => {
    const pair = await Pair.start();
    const seen: string[] = [];
    for (const [name, network] of [
      ["stock", pair.stock],
      ["ours", pair.ours],
    ] as const) {
      for (const event of ["hardhatNetworkReset", "hardhatNetworkRevertSnapshot"]) {
        network.on(event, () => seen.push(`${name} ${event}`));
      }
    }
    await pair.ask("evm_revert", await pair.ask("evm_snapshot"));
    await pair.send({ from: A, to: B, gas: GAS });
    await pair.ask("eth_newBlockFilter");
    await pair.ask("hardhat_reset");
    await pair.ask("eth_blockNumber");
    await pair.ask("eth_newBlockFilter");
    await pair.ask("eth_getBalance", B);
    await pair.send({ from: A, to: B, gas: GAS });
    await pair.ask("eth_getBlockByNumber", "latest", true);
    expect(seen).to.deep.equal([
      "stock hardhatNetworkRevertSnapshot",
      "ours hardhatNetworkRevertSnapshot",
      "stock hardhatNetworkReset",
      "ours hardhatNetworkReset",
    ]);
    await pair.close();
  });
});

describe("time", () => {
  it("goes by what was set, blocks in one second apart", async () => {
    const pair = await Pair.start();
    pair.unpinTime();
    await pair.ask("evm_setNextBlockTimestamp", 1_800_000_000);
    await pair.ask("eth_getBlockByNumber", "pending", false);
    await pair.ask("evm_mine");
    await pair.ask("eth_getBlockByNumber", "latest", false);
    await pair.refuse("evm_setNextBlockTimestamp", 1_800_000_000);
    await pair.refuse("evm_setNextBlockTimestamp", 1_700_000_000);
    await pair.refuse("evm_mine", 1_700_000_000);
    await pair.ask("evm_mine", 1_800_000_000);
    await pair.ask("eth_getBlockByNumber", "latest", false);
    await pair.ask("evm_mine", 1_800_000_500);
    await pair.ask("hardhat_mine", "0x3", "0x64");
    await pair.ask("eth_getBlockByNumber", "latest", false);
    await pair.close();
  });

  it("may stand still where the config allows it", async () => {
    const pair = await Pair.start({ allowBlocksWithSameTimestamp: true });
    pair.unpinTime();
    await pair.ask("evm_setNextBlockTimestamp", 1_800_000_000);
    await pair.ask("evm_mine");
    await pair.ask("evm_setNextBlockTimestamp", 1_800_000_000);
    await pair.ask("evm_mine");
    await pair.ask("eth_getBlockByNumber", "latest", false);
    await pair.close();
  });

  it("interval mining mines without being asked", async () => {
    const pair = await Pair.start({ automine: false });
    await pair.send({ from: A, to: B, gas: GAS });
    await pair.ask("evm_setIntervalMining", 20);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await pair.ask("evm_setIntervalMining", 0);
    for (const network of [pair.stock, pair.ours]) {
      const number = Number(await network.request({ method: "eth_blockNumber" }));
      expect(number).to.be.greaterThan(1);
      const block = await network.request({
        method: "eth_getBlockByNumber",
        params: ["0x1", false],
      });
      expect((block as { transactions: unknown[] }).transactions).to.have.length(1);
    }
    await pair.close();
  });
});

describe("irregular state", () => {
  it("shows at once, and in the root of the next block", async () => {
    const pair = await Pair.start();
    const account = `0x${"33".repeat(20)}`;
    await pair.ask("hardhat_setBalance", account, "0x1234");
    await pair.ask("hardhat_setNonce", account, "0x7");
    await pair.ask("hardhat_setCode", account, `0x${PROGRAMS.counter}`);
    await pair.ask("hardhat_setStorageAt", account, "0x0", `0x${"00".repeat(31)}29`);
    await pair.ask("eth_getBlockByNumber", "latest", false);
    for (const method of ["eth_getBalance", "eth_getTransactionCount", "eth_getCode"]) {
      await pair.ask(method, account);
      await pair.ask(method, account, "pending");
      await pair.ask(method, account, "0x0");
    }
    await pair.ask("eth_getProof", account, [`0x${"00".repeat(32)}`], "latest");
    await pair.ask("eth_call", { to: account });
    await pair.send({ from: A, to: account, gas: "0x30d40" });
    await pair.ask("eth_getBlockByNumber", "latest", true);
    await pair.ask("eth_getStorageAt", account, "0x0");
    await pair.ask("hardhat_setBalance", A, "0x0");
    await pair.refuse("eth_sendTransaction", { from: A, to: B, gas: GAS });
    await pair.ask("hardhat_setCode", account, "0x");
    await pair.ask("hardhat_setStorageAt", account, "0x0", `0x${"00".repeat(32)}`);
    await pair.ask("evm_mine");
    await pair.ask("eth_getBlockByNumber", "latest", false);
    await pair.close();
  });
});
