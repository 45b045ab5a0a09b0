import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const [A, B, C] = ["a", "b", "c"].map((text) => ethers.id(text));
const hashOf = (...values: unknown[]) =>
  ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(
      values.map((value) =>
        typeof value === "bigint" ? "uint256" : String(value).length === 42 ? "address" : "bytes32",
      ),
      values,
    ),
  );
const blockNumber = async () => BigInt(await ethers.provider.getBlockNumber());

async function deployInbox() {
  const [poster, alice, bob] = await ethers.getSigners();
  const inbox = await ethers.deployContract("RollupInbox", [[poster], [bob]], {
    value: 100n,
  });
  return { inbox, poster, alice, bob };
}

async function deployQueues() {
  const [poster, alice, bob] = await ethers.getSigners();
  const queues = await ethers.deployContract("SenderQueues", [[poster], [bob]], {
    value: 100n,
  });
  return { queues, poster, alice, bob };
}

describe("RollupInbox", () => {
  it("begins empty", async () => {
    const { inbox } = await loadFixture(deployInbox);
    expect(await inbox.delayedMessageCount()).to.equal(0n);
    expect(await inbox.batchCount()).to.equal(0n);
    await expect(inbox.delayedInboxAccs(0n)).to.be.reverted;
  });

  it("each message contains the one before it", async () => {
    const { inbox, alice, bob } = await loadFixture(deployInbox);
    await expect(inbox.connect(alice).enqueue(A))
      .to.emit(inbox, "MessageDelivered")
      .withArgs(0n, ZeroHash, alice, A);
    const first = hashOf(ZeroHash, hashOf(alice.address, await blockNumber(), 0n, A));
    expect(await inbox.delayedInboxAccs(0n)).to.equal(first);
    await inbox.connect(bob).enqueue(B);
    const second = hashOf(first, hashOf(bob.address, await blockNumber(), 1n, B));
    expect(await inbox.delayedInboxAccs(1n)).to.equal(second);
  });

  it("a batch contains the one before it and the last message read", async () => {
    const { inbox, alice } = await loadFixture(deployInbox);
    await inbox.connect(alice).enqueue(A);
    await inbox.connect(alice).enqueue(B);
    const messages = [await inbox.delayedInboxAccs(0n), await inbox.delayedInboxAccs(1n)];
    const first = hashOf(ZeroHash, C, messages[0]);
    await expect(inbox.postBatch(C, 1n, 0n, 5n))
      .to.emit(inbox, "BatchPosted")
      .withArgs(0n, ZeroHash, first, 1n);
    await inbox.postBatch(A, 2n, 5n, 6n);
    expect(await inbox.sequencerInboxAccs(1n)).to.equal(hashOf(first, A, messages[1]));
    expect(await inbox.totalDelayedMessagesRead()).to.equal(2n);
    expect(await inbox.sequencerReportedSubMessageCount()).to.equal(6n);
  });

  it("takes batches from posters only", async () => {
    const { inbox, alice } = await loadFixture(deployInbox);
    await expect(inbox.connect(alice).postBatch(A, 0n, 0n, 1n))
      .to.be.revertedWithCustomError(inbox, "NotBatchPoster")
      .withArgs(alice);
  });

  it("a batch goes neither back nor ahead of the messages", async () => {
    const { inbox } = await loadFixture(deployInbox);
    await inbox.enqueue(A);
    await expect(inbox.postBatch(B, 2n, 0n, 1n))
      .to.be.revertedWithCustomError(inbox, "DelayedTooFar")
      .withArgs(2n, 1n);
    await inbox.postBatch(B, 1n, 0n, 1n);
    await expect(inbox.postBatch(B, 0n, 1n, 2n))
      .to.be.revertedWithCustomError(inbox, "DelayedBackwards")
      .withArgs(0n, 1n);
  });

  it("a poster has to know how far the others are", async () => {
    const { inbox } = await loadFixture(deployInbox);
    await inbox.postBatch(B, 0n, 0n, 3n);
    await expect(inbox.postBatch(C, 0n, 0n, 3n))
      .to.be.revertedWithCustomError(inbox, "BadMessageCount")
      .withArgs(0n, 3n);
  });

  it("messages and their batch in one block", async () => {
    const { inbox, poster, alice, bob } = await loadFixture(deployInbox);
    const gasLimit = 250_000n;
    const receipts = await mineInOneBlock([
      () => inbox.connect(alice).enqueue(A, { gasLimit }),
      () => inbox.connect(bob).enqueue(B, { gasLimit }),
      () => inbox.connect(poster).postBatch(C, 2n, 0n, 2n, { gasLimit }),
    ]);
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
    expect(await inbox.batchCount()).to.equal(1n);
  });
});

describe("SenderQueues", () => {
  it("each message contains the sender's one before it", async () => {
    const { queues, alice, bob } = await loadFixture(deployQueues);
    await queues.connect(alice).enqueue(A);
    const first = hashOf(ZeroHash, hashOf(alice.address, await blockNumber(), 0n, A));
    await queues.connect(bob).enqueue(C);
    await expect(queues.connect(alice).enqueue(B))
      .to.emit(queues, "MessageDelivered")
      .withArgs(alice, 1n, first, B);
    const { acc, count } = await queues.queueOf(alice);
    expect(acc).to.equal(hashOf(first, hashOf(alice.address, await blockNumber(), 1n, B)));
    expect(count).to.equal(2n);
    expect((await queues.queueOf(bob)).count).to.equal(1n);
  });

  it("a batch contains the poster's one before it and the queues it names", async () => {
    const { queues, poster, alice, bob } = await loadFixture(deployQueues);
    await queues.connect(alice).enqueue(A);
    await queues.connect(bob).enqueue(B);
    const [a, b] = [(await queues.queueOf(alice)).acc, (await queues.queueOf(bob)).acc];
    const acc = hashOf(ZeroHash, C, hashOf(hashOf(ZeroHash, b), a));
    await expect(queues.postBatch(C, [bob, alice]))
      .to.emit(queues, "BatchPosted")
      .withArgs(poster, 0n, ZeroHash, acc);
    await queues.postBatch(A, []);
    const batches = await queues.batchesOf(poster);
    expect([batches.acc, batches.count]).to.deep.equal([hashOf(acc, A, ZeroHash), 2n]);
  });

  it("takes batches from posters only, of senders who sent something", async () => {
    const { queues, alice, bob } = await loadFixture(deployQueues);
    await expect(queues.connect(alice).postBatch(A, []))
      .to.be.revertedWithCustomError(queues, "NotBatchPoster")
      .withArgs(alice);
    await expect(queues.postBatch(A, [bob]))
      .to.be.revertedWithCustomError(queues, "NothingEnqueued")
      .withArgs(bob);
  });

  it("messages and their batch in one block", async () => {
    const { queues, poster, alice, bob } = await loadFixture(deployQueues);
    const gasLimit = 250_000n;
    const receipts = await mineInOneBlock([
      () => queues.connect(alice).enqueue(A, { gasLimit }),
      () => queues.connect(bob).enqueue(B, { gasLimit }),
      () => queues.connect(poster).postBatch(C, [alice, bob], { gasLimit }),
    ]);
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
  });
});

describe("outgoing calls", () => {
  for (const [name, deploy] of Object.entries({
    RollupInbox: async () => {
      const { inbox, ...rest } = await deployInbox();
      return { bridge: inbox, ...rest };
    },
    SenderQueues: async () => {
      const { queues, ...rest } = await deployQueues();
      return { bridge: queues, ...rest };
    },
  })) {
    it(`${name} pays with ether of the bridge, for outboxes only`, async () => {
      const { bridge, alice, bob } = await deploy();
      await expect(bridge.connect(bob).executeCall(alice, 30n, "0x")).to.changeEtherBalances(
        [bridge, alice],
        [-30n, 30n],
      );
      await expect(bridge.connect(bob).executeCall(alice, 71n, "0x")).to.be.revertedWith(
        `${name}: call failed`,
      );
      await expect(bridge.connect(alice).executeCall(alice, 1n, "0x"))
        .to.be.revertedWithCustomError(bridge, "NotOutbox")
        .withArgs(alice);
    });

    it(`${name} says whose message it is, during the call`, async () => {
      const { bridge, bob } = await deploy();
      const reader = await ethers.deployContract("OutboxReader");
      const look = reader.interface.encodeFunctionData("look");
      await expect(bridge.connect(bob).executeCall(reader, 2n, look))
        .to.emit(bridge, "Executed")
        .withArgs(bob, reader, 2n);
      expect(await reader.seen()).to.equal(bob.address);
      expect(await bridge.activeOutbox()).to.equal(ZeroAddress);
    });
  }
});
