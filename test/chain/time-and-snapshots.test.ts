import { expect } from "chai";
import { BlockClock, type TimeSource } from "../../src/chain/block-clock";
import { ChainError } from "../../src/chain/chain-error";
import { account, NetworkPair } from "./network-pair";

/** A clock that only the test moves. */
class ManualTime implements TimeSource {
  seconds = 1_000n;

  now(): bigint {
    return this.seconds;
  }

  elapsed(): number {
    return Number(this.seconds) * 1000;
  }
}

describe("block clock", () => {
  it("takes now and the offset, and one second more where that is the parent's timestamp", () => {
    const clock = new BlockClock(new ManualTime(), 50n, false);
    expect(clock.next(900n)).to.deep.equal({ timestamp: 1_050n, offset: 50n });
    // the second stays in the offset: later blocks go on from there
    expect(clock.next(1_050n)).to.deep.equal({ timestamp: 1_051n, offset: 51n });
  });

  it("moves the offset to an explicit timestamp", () => {
    const clock = new BlockClock(new ManualTime(), 0n, false);
    expect(clock.next(900n, 5_000n)).to.deep.equal({ timestamp: 5_000n, offset: 4_000n });
    clock.setNext(3_000n, 900n);
    const time = clock.next(900n);
    expect(time).to.deep.equal({ timestamp: 3_000n, offset: 2_000n });
    clock.commit(time);
    expect(clock.next(3_000n).timestamp).to.equal(3_001n);
    expect(clock.next(2_999n).timestamp).to.equal(3_000n);
  });

  it("lets blocks share a timestamp only if they may", () => {
    expect(new BlockClock(new ManualTime(), 0n, true).next(1_000n).timestamp).to.equal(1_000n);
    expect(new BlockClock(new ManualTime(), 0n, false).next(1_000n, 1_000n)).to.deep.equal({
      timestamp: 1_001n,
      offset: 0n,
    });
  });

  it("refuses to go back", () => {
    const clock = new BlockClock(new ManualTime(), 0n, false);
    const problems = [
      () => clock.next(900n, 899n),
      () => clock.setNext(899n, 900n),
      () => clock.setNext(900n, 900n),
    ].map((attempt) => {
      try {
        attempt();
      } catch (error) {
        return error instanceof ChainError ? error.problem.kind : error;
      }
      return null;
    });
    expect(problems).to.deep.equal([
      "TimestampLowerThanPrevious",
      "TimestampLowerThanPrevious",
      "TimestampEqualsPrevious",
    ]);
  });

  it("runs ahead by twice the elapsed time after a revert, as stock does", () => {
    const time = new ManualTime();
    const clock = new BlockClock(time, 7n, false);
    const snapshot = clock.snapshot();
    time.seconds += 100n;
    clock.restore(snapshot);
    expect(clock.next(0n).timestamp).to.equal(1_100n + 7n + 100n);
  });
});

describe("time and snapshots beside the stock network", () => {
  it("keeps the next timestamp, the offset and the order of explicit times", async () => {
    const pair = await NetworkPair.start();
    await pair.mineAndCompare();
    const next = pair.chain.latest.header.timestamp + 1_000n;
    await pair.rpc("evm_mine", Number(next));
    await pair.chain.mine(next);
    await pair.compareLatest();
    // equal to the parent's: one second later
    await pair.rpc("evm_mine", Number(next));
    await pair.chain.mine(next);
    expect((await pair.compareLatest()).header.timestamp).to.equal(next + 1n);
    expect(BigInt(await pair.rpc<string>("evm_increaseTime", 500))).to.equal(
      pair.chain.increaseTime(500n),
    );
    for (const attempt of [
      () => pair.chain.mine(next),
      async () => pair.chain.setNextTimestamp(next),
      async () => pair.chain.setNextTimestamp(next + 1n),
    ]) {
      expect(await attempt().catch((error: unknown) => error)).to.be.instanceOf(ChainError);
    }
  });

  it("goes back to a snapshot and forgets the later ones", async () => {
    const pair = await NetworkPair.start();
    await pair.sendAndCompare(0, { nonce: 0n });
    const ids = [
      await pair.rpc<string>("evm_snapshot"),
      `0x${(await pair.chain.snapshot()).toString(16)}`,
    ];
    // the automined transaction has used up an id
    expect(ids).to.deep.equal(["0x2", "0x2"]);
    await pair.sendAndCompare(0, { nonce: 1n, value: 5n });
    await pair.rpc("hardhat_setBalance", account(3).address, "0x1");
    await pair.chain.setBalance(account(3).address, 1n);
    const later = [await pair.rpc<string>("evm_snapshot"), await pair.chain.snapshot()];
    expect(later).to.deep.equal(["0x4", 4n]);
    await pair.mineAndCompare();
    expect(await pair.rpc("evm_revert", "0x2")).to.equal(true);
    expect(await pair.chain.revert(2n)).to.equal(true);
    await pair.compareLatest();
    for (const id of [2n, 4n, 99n]) {
      expect(await pair.rpc("evm_revert", `0x${id}`)).to.equal(false);
      expect(await pair.chain.revert(id)).to.equal(false);
    }
    expect((await pair.chain.stateAt("latest")).balance(account(3).address)).to.equal(10n ** 22n);
    // same block again: both hash chains went back too
    await pair.sendAndCompare(0, { nonce: 1n, value: 6n });
    expect([await pair.rpc("evm_snapshot"), await pair.chain.snapshot()]).to.deep.equal([
      "0x6",
      6n,
    ]);
  });

  it("restores pool, block gas limit, coinbase and what was set for the next block", async () => {
    const pair = await NetworkPair.start({ automine: false });
    await pair.send(0, { nonce: 0n });
    await pair.setNextTimestamp(1_800_000_000n);
    await pair.rpc("hardhat_setNextBlockBaseFeePerGas", "0x3b9aca01");
    pair.chain.setNextBaseFeePerGas(1_000_000_001n);
    const snapshot = await pair.chain.snapshot();
    expect(BigInt(await pair.rpc<string>("evm_snapshot"))).to.equal(snapshot);
    await pair.rpc("hardhat_setCoinbase", account(9).address);
    pair.chain.setCoinbase(account(9).address);
    await pair.rpc("evm_setBlockGasLimit", "0xf4240");
    await pair.chain.setBlockGasLimit(1_000_000n);
    const value = `0x${"22".repeat(32)}` as const;
    await pair.rpc("hardhat_setPrevRandao", value);
    pair.chain.setPrevRandao(value);
    await pair.rpc("evm_mine");
    await pair.chain.mine();
    await pair.compareLatest();
    await pair.rpc("evm_revert", `0x${snapshot.toString(16)}`);
    await pair.chain.revert(snapshot);
    expect(pair.chain.pendingTransactions()).to.have.length(1);
    await pair.rpc("evm_mine");
    await pair.chain.mine();
    const { header } = await pair.compareLatest();
    expect(header).to.include({
      timestamp: 1_800_000_000n,
      baseFeePerGas: 1_000_000_001n,
      gasLimit: 60_000_000n,
    });
  });

  it("does not restore automine", async () => {
    const { chain } = await NetworkPair.start();
    const id = await chain.snapshot();
    chain.setAutomine(false);
    await chain.revert(id);
    expect(chain.automine).to.equal(false);
  });

  it("finds no transaction, block or log of a reverted block", async () => {
    const { chain, ...pair } = await NetworkPair.start();
    void pair;
    const id = await chain.snapshot();
    const { block } = await chain.mine();
    expect(await chain.revert(id)).to.equal(true);
    expect(chain.block({ hash: block.header.hash })).to.equal(undefined);
    expect(chain.block({ number: 1n })).to.equal(undefined);
    expect(chain.latestNumber).to.equal(0n);
  });
});
