import { expect } from "chai";
import { NetworkPair } from "./network-pair";

describe("hardhat_mine beside the stock network", () => {
  for (const hardfork of ["byzantium", "berlin", "london", "merge", "shanghai", "osaka"]) {
    it(`reserves a long run of empty blocks under ${hardfork}`, async () => {
      const pair = await NetworkPair.start({ hardfork });
      await pair.sendAndCompare(0, { type: 0, nonce: 0n });
      await pair.setNextTimestamp(1_700_001_000n);
      await pair.rpc("hardhat_mine", "0xf4240", "0x3");
      const mined = await pair.chain.mineMany(1_000_000n, 3n);
      // first, one more, and the last one
      expect(mined.map(({ block }) => block.header.number)).to.deep.equal([2n, 3n, 1_000_001n]);
      for (const number of [2n, 3n, 4n, 5n, 500_000n, 999_999n, 1_000_000n, 1_000_001n]) {
        const block = await pair.compare(number);
        expect(block.reserved).to.equal(number > 3n && number < 1_000_001n);
      }
      await pair.sendAndCompare(0, { type: 0, nonce: 1n });
    });
  }

  for (const count of [0n, 1n, 2n, 7n, 8n, 9n]) {
    it(`mines ${count} blocks`, async () => {
      const pair = await NetworkPair.start();
      await pair.setNextTimestamp(1_700_001_000n);
      await pair.rpc("hardhat_mine", `0x${count.toString(16)}`, "0x1");
      await pair.chain.mineMany(count, 1n);
      expect(pair.chain.latestNumber).to.equal(count);
      for (let number = 0n; number <= count; number++) {
        await pair.compare(number);
      }
    });
  }

  it("mines block by block while transactions are pending", async () => {
    const pair = await NetworkPair.start({ automine: false, blockGasLimit: 50_000n });
    for (let nonce = 0n; nonce < 5n; nonce++) {
      await pair.send(0, { nonce, gasLimit: 21_000n });
    }
    await pair.setNextTimestamp(1_700_001_000n);
    await pair.rpc("hardhat_mine", "0x64", "0x2");
    await pair.chain.mineMany(100n, 2n);
    for (const number of [1n, 2n, 3n, 4n, 5n, 50n, 99n, 100n]) {
      await pair.compare(number);
    }
    expect(pair.chain.block({ number: 3n })?.transactions).to.have.length(1);
  });

  it("goes back into and behind a reserved run", async () => {
    const pair = await NetworkPair.start();
    await pair.setNextTimestamp(1_700_001_000n);
    await pair.rpc("hardhat_mine", "0x3e8", "0x1");
    await pair.chain.mineMany(1_000n, 1n);
    const ids = [await pair.rpc<string>("evm_snapshot"), await pair.chain.snapshot()];
    expect(ids).to.deep.equal(["0x1", 1n]);
    await pair.setNextTimestamp(1_700_010_000n);
    await pair.rpc("hardhat_mine", "0x3e8", "0x1");
    await pair.chain.mineMany(1_000n, 1n);
    await pair.compare(1_500n);
    expect(await pair.rpc("evm_revert", "0x1")).to.equal(true);
    expect(await pair.chain.revert(1n)).to.equal(true);
    expect(pair.chain.latestNumber).to.equal(1_000n);
    expect(pair.chain.block({ number: 1_500n })).to.equal(undefined);
    await pair.compare(700n);
    await pair.sendAndCompare(0, { nonce: 0n });
  });

  it("answers state and calls on reserved blocks", async () => {
    const { chain } = await NetworkPair.start();
    const address = `0x${"aa".repeat(20)}` as const;
    await chain.setBalance(address, 5n);
    await chain.mineMany(1_000n, 1n);
    await chain.setBalance(address, 6n);
    await chain.mineMany(1_000n, 1n);
    const balanceAt = async (number: bigint) => (await chain.stateAt({ number })).balance(address);
    expect(await balanceAt(500n)).to.equal(5n);
    expect(await balanceAt(1_000n)).to.equal(6n);
    expect(await balanceAt(1_500n)).to.equal(6n);
  });

  it("takes no longer for a trillion blocks", async () => {
    const { chain } = await NetworkPair.start();
    await chain.mineMany(1_000_000_000_000n, 1n);
    expect(chain.latestNumber).to.equal(1_000_000_000_000n);
    expect(chain.block({ number: 999_999_999_999n })?.reserved).to.equal(true);
  });
});
