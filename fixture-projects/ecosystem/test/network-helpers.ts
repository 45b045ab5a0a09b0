/** Every helper of hardhat-network-helpers. */
import * as helpers from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers, network } from "hardhat";

const { time, loadFixture } = helpers;
const SOMEONE = "0x1234567890123456789012345678901234567890";

async function everything() {
  return ethers.deployContract("Everything");
}

describe("network-helpers: blocks and time", () => {
  it("mine, with numbers and intervals of every kind", async () => {
    const start = await time.latestBlock();
    await helpers.mine();
    await helpers.mine(5);
    await helpers.mine("0x10");
    await helpers.mine(1000n, { interval: 60 });
    expect(await time.latestBlock()).to.equal(start + 1 + 5 + 16 + 1000);
    const latest = await ethers.provider.getBlock("latest");
    const before = await ethers.provider.getBlock(start + 1021);
    expect((latest?.timestamp ?? 0) - (before?.timestamp ?? 0)).to.equal(60);
  });

  it("mine over a range that no network mines one by one", async () => {
    const start = await time.latestBlock();
    await helpers.mine(10_000_000, { interval: 12 });
    expect(await time.latestBlock()).to.equal(start + 10_000_000);
    const middle = await ethers.provider.getBlock(start + 5_000_000);
    expect(middle?.number).to.equal(start + 5_000_000);
    expect(middle?.transactions).to.deep.equal([]);
  });

  it("mineUpTo", async () => {
    const start = await time.latestBlock();
    await helpers.mineUpTo(start + 7);
    expect(await time.latestBlock()).to.equal(start + 7);
    let message = "";
    await helpers.mineUpTo(start).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.match(/Invalid block number/);
  });

  it("time.increase, increaseTo, setNextBlockTimestamp, latest", async () => {
    const start = await time.latest();
    const now = await time.increase(3600);
    expect(now).to.equal(start + 3600);
    await time.increaseTo(now + 100);
    expect(await time.latest()).to.equal(now + 100);
    await time.increaseTo(BigInt(now + 200));
    await time.setNextBlockTimestamp(now + 500);
    await helpers.mine();
    expect(await time.latest()).to.equal(now + 500);
    await time.setNextBlockTimestamp(new Date((now + 600) * 1000));
    await helpers.mine();
    expect(await time.latest()).to.equal(now + 600);
    for (const past of [now, now + 600]) {
      let message = "";
      await time.increaseTo(past).catch((error: Error) => {
        message = error.message;
      });
      expect(message).to.match(/Invalid timestamp|lower than|equal to/);
    }
  });

  it("time.duration", () => {
    expect(time.duration.years(1)).to.equal(31_536_000);
    expect(time.duration.weeks(2)).to.equal(1_209_600);
    expect(time.duration.millis(3000)).to.equal(3);
  });

  it("the contract sees the time and the block that were set", async () => {
    const contract = await loadFixture(everything);
    await helpers.setCoinbase(SOMEONE);
    await helpers.setPrevRandao(77n);
    await helpers.setNextBlockBaseFeePerGas(123_456n);
    await helpers.setBlockGasLimit(20_000_000);
    const timestamp = (await time.latest()) + 1000;
    await time.setNextBlockTimestamp(timestamp);
    await helpers.mine();
    const number = await time.latestBlock();
    expect(await contract.blockFacts()).to.deep.equal([
      BigInt(number),
      BigInt(timestamp),
      0n,
      ethers.getAddress(SOMEONE),
      77n,
      20_000_000n,
      31337n,
    ]);
    expect((await ethers.provider.getBlock(number))?.baseFeePerGas).to.equal(123_456n);
    await helpers.setBlockGasLimit(60_000_000);
  });
});

describe("network-helpers: accounts", () => {
  it("setBalance, setNonce, setCode, setStorageAt, getStorageAt", async () => {
    await helpers.setBalance(SOMEONE, 10n ** 18n);
    await helpers.setNonce(SOMEONE, 9);
    await helpers.setCode(SOMEONE, "0x60005460005260206000f3");
    await helpers.setStorageAt(SOMEONE, 0, 42);
    await helpers.setStorageAt(SOMEONE, "0x01", ethers.id("word"));
    expect(await ethers.provider.getBalance(SOMEONE)).to.equal(10n ** 18n);
    expect(await ethers.provider.getTransactionCount(SOMEONE)).to.equal(9);
    expect(await helpers.getStorageAt(SOMEONE, 0)).to.equal(`0x${"2a".padStart(64, "0")}`);
    expect(await helpers.getStorageAt(SOMEONE, "0x01")).to.equal(ethers.id("word"));
    expect(await ethers.provider.call({ to: SOMEONE })).to.equal(`0x${"2a".padStart(64, "0")}`);
    const [owner] = await ethers.getSigners();
    await expect(owner.sendTransaction({ to: SOMEONE, value: 1n })).to.changeEtherBalance(
      owner,
      -1n,
    );
  });

  it("impersonateAccount, getImpersonatedSigner, stopImpersonatingAccount", async () => {
    const address = ethers.getAddress(`0x${"77".repeat(20)}`);
    await helpers.setBalance(address, 10n ** 18n);
    const signer = await ethers.getImpersonatedSigner(address);
    const contract = await loadFixture(everything);
    await helpers.setBalance(address, 10n ** 18n);
    await expect(contract.connect(signer).getFunction("emitStructured")(1n))
      .to.emit(contract, "Structured")
      .withArgs([1n, -1n], [0n, 1n], address);
    await helpers.stopImpersonatingAccount(address);
    let message = "";
    await signer.sendTransaction({ to: address }).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal(`Unknown account ${address}`);
  });

  it("dropTransaction", async () => {
    const [owner, other] = await ethers.getSigners();
    await network.provider.send("evm_setAutomine", [false]);
    const first = await owner.sendTransaction({ to: other, value: 1n });
    const second = await owner.sendTransaction({ to: other, value: 2n });
    expect(await helpers.dropTransaction(second.hash)).to.equal(true);
    await helpers.mine();
    await network.provider.send("evm_setAutomine", [true]);
    expect(await ethers.provider.getTransactionReceipt(second.hash)).to.equal(null);
    expect((await ethers.provider.getTransactionReceipt(first.hash))?.status).to.equal(1);
    let message = "";
    await helpers.dropTransaction(first.hash).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal(
      `Transaction ${first.hash} cannot be dropped because it's already mined`,
    );
  });
});

describe("network-helpers: fixtures and snapshots", () => {
  it("takeSnapshot and restore, more than once", async () => {
    const contract = await everything();
    const snapshot = await helpers.takeSnapshot();
    for (let i = 0; i < 3; i++) {
      await contract.store(9n);
      expect(await contract.stored()).to.equal(9n);
      await snapshot.restore();
      expect(await contract.stored()).to.equal(0n);
    }
    expect(snapshot.snapshotId).to.match(/^0x/);
  });

  it("a later snapshot ends with an earlier one", async () => {
    const first = await helpers.takeSnapshot();
    const second = await helpers.takeSnapshot();
    await first.restore();
    let message = "";
    await second.restore().catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.match(/Trying to restore an invalid snapshot/);
  });

  let deployments = 0;
  async function counted() {
    deployments++;
    return ethers.deployContract("Everything");
  }
  async function nested() {
    const contract = await loadFixture(counted);
    await contract.store(7n);
    return contract;
  }

  it("loadFixture runs a fixture once and goes back to it", async () => {
    for (let i = 0; i < 3; i++) {
      const contract = await loadFixture(counted);
      expect(await contract.stored()).to.equal(0n);
      await contract.store(1n);
    }
    expect(deployments).to.equal(1);
  });

  it("loadFixture inside a fixture", async () => {
    for (const fixture of [nested, counted, nested]) {
      const contract = await loadFixture(fixture);
      expect(await contract.stored()).to.equal(fixture === nested ? 7n : 0n);
    }
  });

  it("clearSnapshots forgets fixtures", async () => {
    const before = deployments;
    await helpers.clearSnapshots();
    await loadFixture(counted);
    expect(deployments).to.equal(before + 1);
  });

  it("refuses an anonymous fixture", async () => {
    let name = "";
    await loadFixture(async () => 1).catch((error: Error) => {
      name = error.constructor.name;
    });
    expect(name).to.equal("FixtureAnonymousFunctionError");
  });

  it("reset starts again, and a fixture made before is made anew", async () => {
    await helpers.mine(3);
    await helpers.reset();
    expect(await time.latestBlock()).to.equal(0);
    const before = deployments;
    await loadFixture(counted);
    expect(deployments).to.equal(before + 1);
    expect(await time.latestBlock()).to.equal(1);
  });

  it("a snapshot that was reverted by hand makes loadFixture complain", async () => {
    await loadFixture(counted);
    await helpers.mine();
    const snapshot = await helpers.takeSnapshot();
    await helpers.mine();
    await snapshot.restore();
    expect(await (await loadFixture(counted)).stored()).to.equal(0n);
  });
});
