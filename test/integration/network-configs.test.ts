/**
 * `networks.hardhat` as projects configure it: with each config the same requests, through all of
 * Hardhat's layers, get the same answers from the stock network and from ours.
 */
import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Interface, Wallet } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { withEnvironment } from "../hardhat2/hardhat-environment";

const OFFLINE_SOLC = JSON.stringify(
  join(__dirname, "..", "..", "fixture-projects", "offline-solc"),
);

/** Compiled for the oldest fork that is tried. */
const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
contract Probe {
  uint256 public stored;
  error TooMuch(uint256 wanted);
  event Stored(address indexed by, uint256 value);
  function store(uint256 value) external payable { stored = value; emit Stored(msg.sender, value); }
  function fail(uint256 wanted) external { stored = wanted; revert TooMuch(wanted); }
  function reason() external view { require(stored == 77, "not 77"); }
  function divide(uint256 by) external returns (uint256) { return stored = 1 / by; }
  function spin() external { while (true) stored++; }
  function facts() external view returns (uint256, uint256, uint256, address, uint256, uint256) {
    return (block.number, block.timestamp, block.chainid, block.coinbase, block.gaslimit, tx.gasprice);
  }
}
`;

/** Private keys that are nobody's. */
const KEYS = [1, 2].map((n) => `0x${String(n).repeat(64)}`);
const ACCOUNTS = `accounts: ${JSON.stringify(
  KEYS.map((privateKey) => ({ privateKey, balance: "1000000000000000000000000" })),
)}`;

/** Inside `networks.hardhat`. */
const CONFIGS: Readonly<Record<string, string>> = {
  defaults: "",
  "chain 1 with accounts by private key": `chainId: 1, ${ACCOUNTS}`,
  "a mnemonic, a path, few accounts, little ether": `accounts: {
    mnemonic: "candy maple cake sugar pudding cream honey rich smooth crumble sweet treat",
    path: "m/44'/60'/0'/1", initialIndex: 2, count: 3, accountsBalance: "5000000000000000000" }`,
  "no gas price, no base fee": "gasPrice: 0, initialBaseFeePerGas: 0",
  "no base fee alone": "initialBaseFeePerGas: 0",
  "a gas price": "gasPrice: 8000000000",
  "gas of its own": "gas: 9500000, blockGasLimit: 12450000",
  "gas by estimate": 'gas: "auto", gasMultiplier: 1.5',
  "a large block": "blockGasLimit: 1000000000",
  "contracts of any size": "allowUnlimitedContractSize: true",
  "blocks of the same time": "allowBlocksWithSameTimestamp: true",
  "failures that do not throw": "throwOnTransactionFailures: false, throwOnCallFailures: false",
  "calls that do not throw": "throwOnCallFailures: false",
  "a sender": 'from: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"',
  "a coinbase": 'coinbase: "0x1111111111111111111111111111111111111111"',
  "mining by hand": "mining: { auto: false }",
  "mining by hand, in order of arrival": 'mining: { auto: false, mempool: { order: "fifo" } }',
  muirGlacier: 'hardfork: "muirGlacier"',
  berlin: 'hardfork: "berlin", minGasPrice: 5',
  london: 'hardfork: "london"',
  merge: 'hardfork: "merge"',
  shanghai: 'hardfork: "shanghai"',
  cancun: 'hardfork: "cancun"',
  prague: 'hardfork: "prague"',
};

/** A contract of 24577 zero bytes: PUSH2 PUSH1 RETURN. */
const TOO_LARGE = "0x6160016000f3";
const NOBODY = `0x${"99".repeat(20)}`;

type Answer = readonly [method: string, params: unknown, answer: unknown];

interface Block {
  readonly timestamp: string;
  readonly transactions: readonly string[];
}

/** Asks a network what a project's tests may ask it; errors are answers, too. */
class Interview {
  readonly answers: Answer[] = [];
  readonly #hre: HardhatRuntimeEnvironment;

  constructor(hre: HardhatRuntimeEnvironment) {
    this.#hre = hre;
  }

  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    try {
      const result = await this.#hre.network.provider.request({ method, params });
      this.answers.push([method, params, { result }]);
      return result;
    } catch (error) {
      assert.ok(error instanceof Error);
      const { name, message, code, data, transactionHash } = error as Error & {
        code?: unknown;
        data?: unknown;
        transactionHash?: unknown;
      }; // Hardhat's errors may have them
      const frames = (error.stack ?? "").split("\n").filter((line) => line.includes(".sol:"));
      const known = data !== null && typeof data === "object" && "reason" in data;
      this.answers.push([
        method,
        params,
        // the reason of "out of gas" names a check of stock's engine
        { name, message, code, data: known ? "(reason)" : data, transactionHash, frames },
      ]);
      return undefined;
    }
  }

  /** The next block is dated ten seconds after the latest, on any day. */
  async date(): Promise<void> {
    const { provider } = this.#hre.network;
    const latest: unknown = await provider.send("eth_getBlockByNumber", ["latest", false]);
    const { timestamp } = latest as Block; // as every block has it
    await provider.send("evm_setNextBlockTimestamp", [Number(timestamp) + 10]);
  }

  /** Sends, mines where the network does not by itself, and looks at what came of it. */
  async send(transaction: object): Promise<unknown> {
    await this.date();
    return this.#sent(await this.ask("eth_sendTransaction", transaction));
  }

  async sendRaw(raw: string): Promise<unknown> {
    await this.date();
    return this.#sent(await this.ask("eth_sendRawTransaction", raw));
  }

  async #sent(hash: unknown): Promise<unknown> {
    if (!(await this.ask("hardhat_getAutomine"))) {
      await this.ask("eth_pendingTransactions");
      await this.ask("evm_mine");
    }
    if (typeof hash === "string") {
      await this.ask("eth_getTransactionByHash", hash);
      return this.ask("eth_getTransactionReceipt", hash);
    }
    return undefined;
  }
}

async function interview(hre: HardhatRuntimeEnvironment): Promise<Answer[]> {
  const network = new Interview(hre);
  const { bytecode, abi } = await hre.artifacts.readArtifact("Probe");
  const probe = new Interface(abi);
  const data = (name: string, ...args: unknown[]) => probe.encodeFunctionData(name, args);

  const accounts = (await network.ask("eth_accounts")) as string[]; // the network has accounts
  const [first, second] = accounts;
  for (const method of ["eth_chainId", "net_version", "eth_gasPrice", "eth_coinbase"]) {
    await network.ask(method);
  }
  await network.ask("eth_maxPriorityFeePerGas");
  await network.ask("eth_getBalance", first, "latest");

  await network.send({ from: first, data: bytecode });
  const block = (await network.ask("eth_getBlockByNumber", "latest", false)) as Block;
  const receipt = await network.ask("eth_getTransactionReceipt", block.transactions[0]);
  const { contractAddress: to } = receipt as { contractAddress: string }; // of a deployment

  await network.send({ to, data: data("store", 5) });
  await network.send({ from: second, to, data: data("store", 6), value: "0x7" });
  await network.send({ from: first, to: second, value: "0x1", gasPrice: "0x2540be400" });
  await network.send({ from: first, to: second, value: "0x1", gasPrice: "0x0" });
  await network.send({
    from: first,
    to: second,
    maxFeePerGas: "0x2540be400",
    maxPriorityFeePerGas: "0x3b9aca00",
  });
  await network.send({
    from: first,
    to,
    data: data("store", 8),
    gasPrice: "0x2540be400",
    accessList: [{ address: to, storageKeys: [`0x${"00".repeat(32)}`] }],
  });
  for (const [name, ...args] of [["fail", 3], ["reason"], ["divide", 0], ["spin"]] as const) {
    await network.send({ from: first, to, data: data(name, ...args), gas: "0x186a0" });
    await network.ask("eth_call", { to, data: data(name, ...args), gas: "0x186a0" }, "latest");
    // a whole block's gas takes long to spin away
    const gas = name === "spin" ? { gas: "0x186a0" } : {};
    await network.ask("eth_estimateGas", { from: first, to, data: data(name, ...args), ...gas });
  }
  await network.send({ from: first, data: TOO_LARGE });
  await network.send({ from: first, data: `0x${"00".repeat(49_153)}` });
  await network.send({ from: NOBODY, to: second });
  await network.send({ from: first, to: second, gas: "0xffffffff" });
  await network.send({ from: first, to: second, value: `0x${"f".repeat(30)}` });
  await network.ask("eth_call", { to, data: data("facts") }, "latest");
  await network.ask("eth_call", { to, data: data("facts"), gasPrice: "0x2540be400" }, "latest");
  await network.ask("eth_estimateGas", { to, data: data("store", 9) });

  const wallet = new Wallet(`0x${"ab".repeat(32)}`);
  await network.ask("hardhat_setBalance", wallet.address, "0xde0b6b3a7640000");
  const chainId = Number(await network.ask("eth_chainId"));
  for (const type of [0, 1, 2]) {
    const fees =
      type === 2
        ? { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
        : { gasPrice: 10n ** 10n };
    await network.sendRaw(
      await wallet.signTransaction({
        type,
        chainId,
        nonce: type,
        to: second ?? NOBODY,
        gasLimit: 30_000n,
        ...fees,
      }),
    );
  }

  await network.ask("eth_feeHistory", "0x3", "latest", [25, 75]);
  await network.date();
  await network.ask("eth_getBlockByNumber", "pending", true);
  await network.ask("eth_getBlockByNumber", "safe", false);
  await network.ask("hardhat_setMinGasPrice", "0x10");
  await network.ask("hardhat_setNextBlockBaseFeePerGas", "0x10");
  await network.ask("hardhat_setPrevRandao", `0x${"12".repeat(32)}`);
  await network.send({ from: first, to: second, value: "0x2" });
  await network.ask("evm_setBlockGasLimit", "0x1c9c380");
  await network.ask("evm_snapshot");
  await network.date();
  await network.ask("hardhat_mine", "0x64", "0xc");
  await network.ask("eth_getBlockByNumber", "latest", false);
  await network.ask("eth_getLogs", { fromBlock: "0x0", toBlock: "latest", address: to });
  await network.ask("eth_getStorageAt", to, "0x0", "latest");
  await network.ask("evm_revert", "0x1");
  await network.ask("eth_getBlockByNumber", "latest", false);
  await network.ask("debug_traceTransaction", block.transactions[0], {
    disableMemory: true,
    disableStack: true,
  });
  await network.ask("hardhat_reset");
  await network.ask("eth_getBlockByNumber", "latest", false);
  await network.send({ from: first, to: second, value: "0x3" });
  return network.answers;
}

describe("networks.hardhat as it is configured", function () {
  this.timeout(120_000);

  let compiled: string;

  /** Runs `body` in a project with the config; all of them share what was compiled. */
  async function inProject(
    network: string,
    enabled: boolean,
    body: (hre: HardhatRuntimeEnvironment, directory: string) => Promise<void>,
  ): Promise<void> {
    const config = `
      require(${OFFLINE_SOLC});
      require(PLUGIN);
      module.exports = {
        solidity: { version: "0.8.30", settings: { evmVersion: "berlin" } },
        networks: { hardhat: { initialDate: "2030-01-01T00:00:00Z", ${network} } },
        parallel: { enabled: ${enabled}, engine: "fast" },
        paths: ${JSON.stringify({
          artifacts: join(compiled, "artifacts"),
          cache: join(compiled, "cache"),
        })},
      };`;
    await withEnvironment(config, ({ hre, directory }) => body(hre, directory));
  }

  before(async () => {
    compiled = mkdtempSync(join(tmpdir(), "hardhat-parallel-configs-"));
    await inProject("", false, async (hre, directory) => {
      mkdirSync(join(directory, "contracts"));
      writeFileSync(join(directory, "contracts", "Probe.sol"), SOURCE);
      await hre.run("compile", { quiet: true });
    });
  });

  after(() => {
    rmSync(compiled, { recursive: true, force: true });
  });

  for (const [name, network] of Object.entries(CONFIGS)) {
    it(name, async () => {
      const answers: Answer[][] = [];
      for (const enabled of [false, true]) {
        await inProject(network, enabled, async (hre) => {
          const version = await hre.network.provider.send("web3_clientVersion");
          assert.match(String(version), enabled ? /hardhat-parallel/ : /edr/);
          answers.push(await interview(hre));
        });
      }
      const [stock = [], ours = []] = answers;
      for (const [i, answer] of stock.entries()) {
        assert.deepEqual(ours[i], answer, `question ${i}`);
      }
      assert.equal(ours.length, stock.length);
    });
  }
});
