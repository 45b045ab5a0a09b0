/** The benchmark measures what it says: every block does its work, the same on both networks. */
import { expect } from "chai";
import { createOurNetworkPeer } from "../../bench/peers/our-network";
import type { Peer, Sample } from "../../bench/peers/peer";
import { createStockHardhatPeer } from "../../bench/peers/stock-hardhat";
import { meanOf } from "../../bench/rounds";
import { medianRatio } from "../../bench/statistics";
import { makePlan, WORKLOAD_NAMES } from "../../bench/workload";

describe("the benchmark's blocks", () => {
  const plan = makePlan({ workloads: WORKLOAD_NAMES, senders: 20, fills: [800] });
  let ours: Peer;
  let stock: Peer;

  before(async () => {
    ours = await createOurNetworkPeer("ours", plan, { tier: "default", threads: 1 });
    stock = await createStockHardhatPeer("stock", plan);
  });

  after(async () => {
    await ours?.close();
    await stock?.close();
  });

  for (const workload of WORKLOAD_NAMES) {
    it(`${workload}: all transactions succeed, with the stock network's gas, receipts and bloom`, async () => {
      const sample = await ours.run(workload);
      expect(sample.mode).to.equal("inThread");
      expect(sample.results).to.deep.equal((await stock.run(workload)).results);
      // the block has been gone back from
      expect((await ours.run(workload)).results).to.deep.equal(sample.results);
    });
  }

  it("mines the first so many transactions where a number is given", async () => {
    const [all, some] = [await ours.run("mint"), await ours.run("mint", 5)];
    expect(Number(some.results.gasUsed)).to.be.lessThan(Number(all.results.gasUsed) / 3);
  });

  it("are mined on a state that has been filled, too", async () => {
    const before = await ours.run("transfers");
    await ours.fill(0);
    expect((await ours.run("transfers")).results).to.deep.equal(before.results);
  });
});

describe("the benchmark's figures", () => {
  it("are medians of ratios of the rounds that both took part in", () => {
    // 4/2, 9/3, 10/1: the median is 3; the ratio of medians would be 4.5
    expect(medianRatio([4, 9, 10, 99], [2, 3, 1])).to.equal(3);
    expect(() => medianRatio([1], [])).to.throw("median of no values");
  });

  it("count the mean of a round's blocks, without the fastest and the slowest one", () => {
    const sample = (wall: number, cpu: number | null): Sample => ({ wall, cpu, results: {} });
    const blocks = [sample(12, 20), sample(90, 300), sample(16, 30), sample(5, 1), sample(14, 25)];
    expect(meanOf(blocks)).to.include({ wall: 14, cpu: 25 });
    expect(meanOf([sample(12, 20), sample(16, null)])).to.include({ wall: 14, cpu: null });
    expect(() => meanOf([])).to.throw("no block was measured");
  });
});
