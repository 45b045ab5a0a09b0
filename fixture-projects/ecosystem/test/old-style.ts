/**
 * Suites as they were written for Hardhat 2's first years: raw requests, snapshots by hand around
 * every test, impersonated accounts, ethers 5 over `network.provider`, gas that is pinned, traces.
 */
import { createRequire } from "node:module";
import { expect } from "chai";
import hre, { artifacts, ethers, network } from "hardhat";

/** ethers 5, as hardhat-deploy brings it. */
const { ethers: ethers5 } = createRequire(require.resolve("hardhat-deploy"))("ethers");

const send = (method: string, params: unknown[] = []): Promise<unknown> =>
  network.provider.send(method, params);

describe("snapshots around every test", () => {
  let snapshot: unknown;
  let address: string;

  before(async () => {
    const contract = await ethers.deployContract("Everything");
    address = await contract.getAddress();
  });
  beforeEach(async () => {
    snapshot = await send("evm_snapshot");
  });
  afterEach(async () => {
    expect(await send("evm_revert", [snapshot])).to.equal(true);
    expect(await send("evm_revert", [snapshot])).to.equal(false);
  });

  for (let i = 0; i < 4; i++) {
    it(`starts from the same state (${i})`, async () => {
      const contract = await ethers.getContractAt("Everything", address);
      expect(await contract.stored()).to.equal(0n);
      await contract.store(BigInt(i) + 1n);
      await send("evm_increaseTime", [86_400]);
      await send("evm_mine");
      expect(await contract.stored()).to.equal(BigInt(i) + 1n);
    });
  }
});

describe("ethers 5 over the network's provider", () => {
  async function connected() {
    const provider = new ethers5.providers.Web3Provider(network.provider);
    const signer = provider.getSigner(0);
    const { abi, bytecode } = await artifacts.readArtifact("Everything");
    const contract = await new ethers5.ContractFactory(abi, bytecode, signer).deploy();
    await contract.deployed();
    return { provider, signer, contract };
  }

  it("deploys, sends, reads, waits", async () => {
    const { contract } = await connected();
    const transaction = await contract.store(5);
    const receipt = await transaction.wait();
    expect(receipt.status).to.equal(1);
    expect((await contract.stored()).toNumber()).to.equal(5);
  });

  it("reads events from the receipt and by filter", async () => {
    const { contract } = await connected();
    const receipt = await (await contract.emitNumbers(4, -4)).wait();
    expect(receipt.events[0].args.small.toNumber()).to.equal(4);
    const logs = await contract.queryFilter(contract.filters.Numbers(4));
    expect(logs).to.have.lengthOf(1);
  });

  it("shows reverts in the error's message, as waffle read them", async () => {
    const { contract } = await connected();
    const messages: string[] = [];
    for (const act of [
      () => contract.failReason("because"),
      () => contract.callStatic.failReason("because"),
      () => contract.estimateGas.failReason("because"),
      () => contract.failPlain({ gasLimit: 200_000 }),
      () => contract.failSilently({ gasLimit: 200_000 }),
      () => contract.callStatic.failAssert(),
    ]) {
      await act().catch((error: Error) => messages.push(error.message));
    }
    expect(messages).to.have.lengthOf(6);
    for (const message of messages.slice(0, 3)) {
      expect(message).to.include("because");
    }
    expect(messages[3]).to.include("reverted with custom error 'Plain()'");
  });

  it("hears an event (by the clock)", async () => {
    const { provider, contract } = await connected();
    provider.pollingInterval = 20;
    const heard = new Promise<string>((found) => {
      contract.once("Numbers", (small: { toString(): string }) => found(small.toString()));
    });
    await new Promise((done) => setTimeout(done, 60));
    await contract.emitNumbers(7, 0);
    expect(await heard).to.equal("7");
    provider.removeAllListeners();
  });

  it("signs with a wallet of its own and sends raw transactions", async () => {
    const { provider } = await connected();
    const wallet = new ethers5.Wallet(`0x${"42".repeat(32)}`, provider);
    await send("hardhat_setBalance", [wallet.address, "0xde0b6b3a7640000"]);
    for (const type of [0, 1, 2]) {
      const transaction = await wallet.sendTransaction({
        to: wallet.address,
        value: 1,
        type,
        ...(type === 2 ? {} : { gasPrice: 5_000_000_000 }),
      });
      const receipt = await transaction.wait();
      expect(receipt.type).to.equal(type);
    }
    const signature = await wallet.signMessage("hello");
    expect(ethers5.utils.verifyMessage("hello", signature)).to.equal(wallet.address);
  });
});

describe("impersonation by requests", () => {
  it("of an account and of a contract", async () => {
    const contract = await ethers.deployContract("Everything");
    const address = await contract.getAddress();
    await send("hardhat_impersonateAccount", [address]);
    await send("hardhat_setBalance", [address, "0x56bc75e2d63100000"]);
    const signer = await ethers.getSigner(address);
    const transaction = await signer.sendTransaction({ to: signer, value: 1n });
    const receipt = await transaction.wait();
    expect(receipt?.from).to.equal(address);
    expect(await ethers.provider.getTransactionCount(address)).to.equal(2);
    await send("hardhat_stopImpersonatingAccount", [address]);
  });
});

describe("gas that is pinned", () => {
  it("of transactions, and as an estimate", async () => {
    const contract = await ethers.deployContract("Everything");
    const gas: bigint[] = [];
    for (const act of [
      () => contract.store(1n),
      () => contract.store(1n),
      () => contract.store(0n),
      () => contract.emitTexts("some text"),
      () => contract.burnGas(100n),
    ]) {
      const receipt = await (await act()).wait();
      gas.push(receipt?.gasUsed ?? 0n);
    }
    expect(gas[0]).to.be.greaterThan(gas[1] ?? 0n);
    expect(gas[2]).to.be.lessThan(gas[1] ?? 0n);
    expect(await contract.store.estimateGas(0n)).to.be.at.least(gas[2] ?? 0n);
    const deployment = await contract.deploymentTransaction()?.wait();
    expect(deployment?.gasUsed).to.be.greaterThan(500_000n);
    expect(deployment?.cumulativeGasUsed).to.equal(deployment?.gasUsed);
  });
});

describe("traces", () => {
  it("debug_traceTransaction, all steps and with options", async () => {
    const contract = await ethers.deployContract("Everything");
    const { hash } = await contract.store(5n);
    const trace = (await send("debug_traceTransaction", [hash])) as {
      gas: number;
      failed: boolean;
      structLogs: { op: string; depth: number }[];
    }; // the struct logger's answer
    const receipt = await ethers.provider.getTransactionReceipt(hash);
    expect(trace.failed).to.equal(false);
    expect(BigInt(trace.gas)).to.equal(receipt?.gasUsed);
    expect(trace.structLogs.filter(({ op }) => op === "SSTORE")).to.have.lengthOf(1);
    await send("debug_traceTransaction", [
      hash,
      { disableStorage: true, disableMemory: true, disableStack: true },
    ]);
    await send("debug_traceCall", [
      { to: await contract.getAddress(), data: "0x12345678" },
      "latest",
    ]);
  });
});

describe("raw requests", () => {
  it("web3_clientVersion names Hardhat", async () => {
    expect(await send("web3_clientVersion")).to.match(/^HardhatNetwork\/2\.\d+\.\d+\//);
  });

  it("sendAsync, as web3 uses it", async () => {
    const result = await new Promise<unknown>((found, failed) => {
      network.provider.sendAsync(
        { jsonrpc: "2.0", id: 7, method: "eth_blockNumber", params: [] },
        (error, response) => (error === null ? found(response) : failed(error)),
      );
    });
    expect(result).to.have.property("id", 7);
  });

  it("blocks by hand: automine off, several transactions, one block", async () => {
    const [owner, other] = await ethers.getSigners();
    await send("evm_setAutomine", [false]);
    const hashes = [];
    for (let i = 0; i < 20; i++) {
      const { hash } = await owner.sendTransaction({ to: other, value: 1n, gasLimit: 21_000n });
      hashes.push(hash);
    }
    expect(await ethers.provider.getTransactionCount(owner, "pending")).to.equal(
      (await ethers.provider.getTransactionCount(owner)) + 20,
    );
    await send("eth_getBlockByNumber", ["pending", true]);
    await send("evm_mine");
    await send("evm_setAutomine", [true]);
    const block = await ethers.provider.getBlock("latest");
    expect(block?.transactions).to.deep.equal(hashes);
  });

  it("interval mining (by the clock)", async () => {
    const snapshot = await send("evm_snapshot");
    await send("evm_setAutomine", [false]);
    await send("evm_setIntervalMining", [30]);
    const before = await ethers.provider.getBlockNumber();
    while ((await ethers.provider.getBlockNumber()) < before + 2) {
      await new Promise((done) => setTimeout(done, 10));
    }
    await send("evm_setIntervalMining", [0]);
    await send("evm_setAutomine", [true]);
    await send("evm_revert", [snapshot]);
  });

  it("hardhat_mine as waffle-era suites call it", async () => {
    const before = await ethers.provider.getBlockNumber();
    await send("hardhat_mine", ["0x100"]);
    await send("hardhat_mine", ["0x3", "0x3c"]);
    expect(await ethers.provider.getBlockNumber()).to.equal(before + 0x103);
  });

  it("proofs and storage", async () => {
    const contract = await ethers.deployContract("Everything");
    await contract.store(77n);
    const address = await contract.getAddress();
    const proof = (await send("eth_getProof", [address, [`0x${"0".repeat(64)}`], "latest"])) as {
      storageProof: { value: string }[];
    }; // as EIP-1186 has it
    expect(proof.storageProof[0]?.value).to.equal("0x4d");
  });

  it("hardhat_reset, and everything is new", async () => {
    await send("hardhat_reset");
    expect(await ethers.provider.getBlockNumber()).to.equal(0);
    const [owner] = await ethers.getSigners();
    expect(await owner.getNonce()).to.equal(0);
  });
});

describe("Hardhat in tests", () => {
  it("runs tasks", async () => {
    await hre.run("compile", { quiet: true });
    expect(await artifacts.artifactExists("Everything")).to.equal(true);
    const names = await artifacts.getAllFullyQualifiedNames();
    expect(names).to.include("contracts/Everything.sol:Coin");
    await hre.run("accounts").catch((error: Error) => {
      expect(error.message).to.match(/HH303/);
    });
  });

  it("has the tasks of all plugins", () => {
    expect(Object.keys(hre.tasks)).to.include.members([
      "coverage",
      "deploy",
      "parallel-report",
      "typechain",
      "verify",
    ]);
    expect(Object.keys(hre.scopes)).to.include.members(["ignition", "vars"]);
  });

  it("has the network's config", () => {
    expect(network.name).to.equal("hardhat");
    expect(network.config.chainId).to.equal(31337);
    expect(hre.config.networks.hardhat.blockGasLimit).to.equal(60_000_000);
  });
});
