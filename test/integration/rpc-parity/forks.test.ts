/** A fork of a local anvil: stock's answers and ours, field by field. */
import { expect } from "chai";
import { startForkedPair } from "../../helpers/remote/forked-pair";
import { type PopulatedRemote, populatedRemote } from "../../helpers/remote/populated-remote";
import type { Pair } from "./pair";

const UNKNOWN = `0x${"12".repeat(32)}`;
const SLOT = `0x${"00".repeat(32)}`;
const STRANGER = "0x00000000000000000000000000000000000000aa";

/** Stock shows the slots of a step in the order of a hash map, which changes from run to run. */
async function sameTrace(pair: Pair, method: string, ...params: unknown[]): Promise<void> {
  const theirs = await pair.stock.request({ method, params });
  expect(await pair.ours.request({ method, params })).to.deep.equal(theirs);
}

describe("forked network", () => {
  let remote: PopulatedRemote;
  /** Its chain id is Hoodi's, whose hardforks stock knows: Cancun from block 0. */
  let hoodi: PopulatedRemote;

  before(async () => {
    remote = await populatedRemote(100);
    hoodi = await populatedRemote(100, "--chain-id", "560048");
  });

  after(async () => {
    await remote.anvil.stop();
    await hoodi.anvil.stop();
  });

  async function onFork(
    settings: Partial<Parameters<typeof startForkedPair>[0]>,
    test: (pair: Pair) => Promise<void>,
  ): Promise<void> {
    const pair = await startForkedPair({ url: remote.anvil.url, ...settings });
    try {
      await test(pair);
    } finally {
      await pair.close();
    }
  }

  it("goes on from the remote's latest block", () =>
    onFork({}, async (pair) => {
      await pair.ask("eth_chainId");
      await pair.ask("net_version");
      expect(await pair.ask("eth_blockNumber")).to.equal(`0x${remote.latest.toString(16)}`);
      await pair.ask("hardhat_metadata");
      await pair.ask("eth_getBlockByNumber", "latest", true);
      await pair.ask("eth_getBlockByNumber", "pending", false);
      await pair.ask("eth_gasPrice");
      await pair.ask("eth_accounts");
    }));

  it("looks up blocks, transactions, receipts and logs of the remote", () =>
    onFork({}, async (pair) => {
      for (const block of ["0x0", "0x1", "0x2", "0x10", "0x64"]) {
        await pair.ask("eth_getBlockByNumber", block, true);
        await pair.ask("eth_getBlockByNumber", block, false);
        await pair.ask("eth_getBlockTransactionCountByNumber", block);
        await pair.ask("eth_getTransactionByBlockNumberAndIndex", block, "0x1");
      }
      for (const hash of [remote.deployment, ...remote.calls.slice(0, 6)]) {
        const transaction = await pair.ask("eth_getTransactionByHash", hash);
        await pair.ask("eth_getTransactionReceipt", hash);
        const { blockHash } = transaction as { blockHash: string }; // a mined transaction's
        await pair.ask("eth_getBlockByHash", blockHash, true);
        await pair.ask("eth_getBlockTransactionCountByHash", blockHash);
        await pair.ask("eth_getTransactionByBlockHashAndIndex", blockHash, "0x0");
      }
      for (const method of ["eth_getTransactionByHash", "eth_getTransactionReceipt"]) {
        expect(await pair.ask(method, UNKNOWN)).to.equal(null);
      }
      expect(await pair.ask("eth_getBlockByHash", UNKNOWN, false)).to.equal(null);
      expect(await pair.ask("eth_getBlockByNumber", "0x999", false)).to.equal(null);
      for (const filter of [
        { fromBlock: "0x1", toBlock: "0x20" },
        { fromBlock: "0x0", toBlock: "latest", address: remote.counter },
        { fromBlock: "0x0", topics: [`0x${"00".repeat(31)}aa`] },
        { fromBlock: "0x0", topics: [`0x${"00".repeat(31)}ab`] },
        { fromBlock: "0x20", toBlock: "0x10" },
      ]) {
        await pair.ask("eth_getLogs", filter);
      }
    }));

  it("reads states at the fork block and before", () =>
    onFork({}, async (pair) => {
      for (const block of ["latest", "0x1", "0x2", "0x10", "0x64", "pending"]) {
        await pair.ask("eth_getBalance", remote.accounts[4], block);
        await pair.ask("eth_getBalance", remote.accounts[0], block);
        await pair.ask("eth_getTransactionCount", remote.accounts[0], block);
        await pair.ask("eth_getCode", remote.counter, block);
        await pair.ask("eth_getStorageAt", remote.counter, "0x0", block);
        await pair.ask("eth_getStorageAt", remote.counter, "0x5", block);
        await pair.ask("eth_getBalance", STRANGER, block);
      }
      await pair.refuse("eth_getBalance", STRANGER, "0x999");
    }));

  it("mines blocks of its own on top", () =>
    onFork({}, async (pair) => {
      const [from] = remote.accounts;
      for (let i = 0; i < 3; i++) {
        const hash = await pair.send({ from, to: remote.counter, gas: "0x186a0" });
        await pair.ask("eth_getTransactionReceipt", hash);
        await pair.ask("eth_getTransactionByHash", hash);
        await pair.ask("eth_getBlockByNumber", "latest", true);
        await pair.ask("eth_getStorageAt", remote.counter, "0x0");
      }
      await pair.ask("eth_getLogs", { fromBlock: "0x50", toBlock: "latest" });
      await pair.ask("eth_getBalance", from);
      await pair.ask("eth_getBalance", from, "0x65");
      await pair.ask("eth_getTransactionCount", from);
      await pair.ask("hardhat_mine", "0x20", "0x5");
      await pair.ask("eth_getBlockByNumber", "0x70", false);
      await pair.ask("eth_getBlockByNumber", "latest", false);
      await pair.ask("hardhat_metadata");
    }));

  it("calls and estimates on blocks of a remote whose hardforks are known", () =>
    onFork({ url: hoodi.anvil.url }, async (pair) => {
      const [from] = hoodi.accounts;
      const call = { from, to: hoodi.counter };
      await pair.ask("eth_chainId");
      await pair.ask("net_version");
      await pair.ask("hardhat_metadata");
      for (const address of [
        "0x000f3df6d732807ef1319fb7b8bb8522d0beac02",
        "0x0000f90827f1c53a10cb7a02335b175320002935",
      ]) {
        await pair.ask("eth_getCode", address);
        await pair.ask("eth_getCode", address, "0x10");
      }
      for (const block of ["latest", "0x1", "0x2", "0x7", "0xf", "0x40", "pending"]) {
        await pair.ask("eth_call", call, block);
        await pair.ask("eth_estimateGas", call, block);
      }
      // BLOCKHASH of the parent, of one 20 back, and of one before the window
      for (const back of ["01", "14"]) {
        const code = `60${back}43034060005260206000f3`;
        const overrides = { [STRANGER]: { code: `0x${code}` } };
        await pair.ask("eth_call", { from, to: STRANGER }, "latest", overrides);
        await pair.ask("eth_call", { from, to: STRANGER }, "0x40", overrides);
      }
      await sameTrace(pair, "debug_traceTransaction", hoodi.calls[2]);
      await sameTrace(pair, "debug_traceTransaction", hoodi.deployment);
      await sameTrace(pair, "debug_traceCall", call, "0x40");
    }));

  it("refuses to execute on blocks of the remote without a history of hardforks", () =>
    onFork({}, async (pair) => {
      const call = { from: remote.accounts[0], to: remote.counter };
      await pair.refuse("eth_call", call, "latest");
      await pair.refuse("eth_call", call, "0x10");
      await pair.refuse("debug_traceTransaction", remote.calls[0]);
      await pair.ask("eth_estimateGas", call);
      await pair.ask("evm_mine");
      await pair.ask("eth_call", call, "latest");
    }));

  it("changes the remote's state and takes it back", () =>
    onFork({}, async (pair) => {
      const read = async () => {
        for (const address of [STRANGER, remote.counter, remote.accounts[5]]) {
          await pair.ask("eth_getBalance", address);
          await pair.ask("eth_getTransactionCount", address);
          await pair.ask("eth_getCode", address);
          await pair.ask("eth_getStorageAt", address, "0x0");
          await pair.ask("eth_getStorageAt", address, "0x5");
        }
      };
      const id = await pair.ask("evm_snapshot");
      await pair.ask("hardhat_setBalance", STRANGER, "0x10");
      await pair.ask("hardhat_setStorageAt", remote.counter, "0x0", SLOT);
      await pair.ask("hardhat_setStorageAt", remote.counter, "0x5", `${SLOT.slice(0, -1)}7`);
      await pair.ask("hardhat_setCode", STRANGER, "0x600160005500");
      await pair.ask("hardhat_setNonce", remote.accounts[5], "0x20");
      await read();
      await pair.ask("evm_mine");
      await pair.ask("eth_getBlockByNumber", "latest", false);
      await read();
      await pair.ask("evm_revert", id);
      await read();
      await pair.ask("hardhat_impersonateAccount", remote.counter);
      await pair.ask("hardhat_setBalance", remote.counter, "0xde0b6b3a7640000");
      await pair.send({ from: remote.counter, to: STRANGER, value: "0x1" });
      await read();
    }));

  it("proves what the remote can prove", () =>
    onFork({}, async (pair) => {
      await pair.ask("eth_getProof", remote.counter, [SLOT], "0x10");
      await pair.ask("eth_getProof", STRANGER, [SLOT], "0x10");
      await pair.refuse("eth_getProof", remote.counter, [SLOT], "latest");
    }));

  it("is reset to other blocks, without a fork, and to a fork again", () =>
    onFork({}, async (pair) => {
      const jsonRpcUrl = remote.anvil.url;
      await pair.ask("hardhat_reset", { forking: { jsonRpcUrl, blockNumber: 30 } });
      await pair.ask("hardhat_metadata");
      await pair.ask("eth_getStorageAt", remote.counter, "0x0");
      expect(await pair.ask("eth_getBlockByNumber", "0x22", false)).to.equal(null);
      await pair.ask("hardhat_reset", {});
      await pair.ask("eth_getBlockByNumber", "latest", false);
      await pair.ask("eth_getCode", remote.counter);
      await pair.ask("hardhat_reset", { forking: { jsonRpcUrl } });
      await pair.ask("eth_getCode", remote.counter);
      for (const forking of [
        { jsonRpcUrl, blockNumber: "0x5" },
        { jsonRpcUrl, httpHeaders: { a: 1 } },
        {},
        3,
      ]) {
        await pair.refuse("hardhat_reset", { forking });
      }
      await pair.ask("eth_blockNumber");
    }));
});
