import { expect } from "chai";
import { type Side, SideComparison } from "../../src/execution/side-comparison";

/** Runs of blocks: the side, and how long each block took. */
function comparisonOf(...runs: readonly (readonly [Side, ...number[]])[]): SideComparison {
  const comparison = new SideComparison();
  for (const [side, ...times] of runs) {
    for (const time of times) {
      comparison.note(side, time);
    }
  }
  return comparison;
}

describe("Comparison of sides", () => {
  it("knows nothing as long as all blocks ran on one side, or few on the other", () => {
    expect(new SideComparison().ratio).to.equal(null);
    expect(new SideComparison().run).to.equal(null);
    expect(comparisonOf(["threads", 1, 2, 3, 4, 5]).ratio).to.equal(null);
    expect(comparisonOf(["threads", 1, 2, 3, 4, 5], ["alone", 3, 3, 3, 3]).ratio).to.equal(null);
  });

  it("takes the mean of four blocks in a row on either side, without the first of the run", () => {
    // (6 + 9 + 6 + 3) / 4 = 6 and (3 + 1 + 5 + 3) / 4 = 3
    const threads = ["threads", 50, 6, 9, 6, 3] as const;
    const alone = ["alone", 70, 3, 1, 5, 3] as const;
    expect(comparisonOf(threads, alone).ratio).to.equal(2);
    const toThreads = comparisonOf(alone, threads);
    expect(toThreads.ratio).to.equal(2);
    expect(toThreads.other).to.equal(3);
    expect(toThreads.run).to.include({ side: "threads", length: 5 });
  });

  it("does not look at what ran before those, nor at what follows", () => {
    const comparison = comparisonOf(["threads", 50, 1, 1, 6, 9, 6, 3], ["alone", 70, 3, 1, 5, 3]);
    expect(comparison.ratio).to.equal(2);
    comparison.note("alone", 100);
    expect(comparison.ratio).to.equal(2);
  });

  it("is content with fewer blocks of the side that ran before, but for its first if there are others", () => {
    expect(comparisonOf(["alone", 3], ["threads", 50, 6, 6, 6, 6]).ratio).to.equal(2);
    expect(comparisonOf(["alone", 70, 3], ["threads", 50, 6, 6, 6, 6]).ratio).to.equal(2);
  });

  it("is the median of five comparisons", () => {
    const comparison = comparisonOf(["threads", 2, 2, 2, 2, 2]);
    const note = (side: Side, time: number) => {
      for (let block = 0; block < 5; block++) {
        comparison.note(side, time);
      }
    };
    note("alone", 1); // 2
    note("threads", 200); // 200
    note("alone", 100); // 2
    note("threads", 2); // 0.02
    note("alone", 1); // 2
    expect(comparison.ratio).to.equal(2);
    note("threads", 0.5); // 0.5, as the next ones
    note("alone", 1);
    expect(comparison.ratio).to.equal(0.5); // of 2, 0.02, 2, 0.5, 0.5
    expect(comparison.latestRatio).to.equal(0.5);
    note("threads", 3);
    expect(comparison.latestRatio).to.equal(3);
  });
});
