import { expect } from "chai";
import { groupIntoWindows, type WindowMode } from "../../src/analysis/windows";
import { collectWorkload } from "../../src/analysis/workload-builder";
import { type HandMadeBlock, handMadeLog } from "../helpers/hand-made-log";
import { SOME, touching } from "./graphs";

/** The example of docs/metrics.md; gas tells the transactions apart. */
const BLOCKS: HandMadeBlock[] = [
  {
    transactions: [
      { from: "u", gas: 9, deploys: true, call: { contract: SOME, fn: "constructor" } },
    ],
  },
  { transactions: [touching("a", 1)] },
  { transactions: [touching("b", 2), touching("c", 3)] },
  { transactions: [touching("d", 4)], segment: 1 },
  { transactions: [touching("e", 5)], segment: 1 },
];

function windowsOf(mode: WindowMode): number[][] {
  const { windows } = groupIntoWindows(collectWorkload(handMadeLog(BLOCKS)), mode);
  return windows.map(({ transactions }) => transactions.map(({ gas }) => gas));
}

describe("windows (docs/metrics.md)", () => {
  it("as mined: each block is a window", () => {
    expect(windowsOf("mined")).to.deep.equal([[1], [2, 3], [4], [5]]);
  });

  it("N transactions make a window, across blocks but never across a reverted chain", () => {
    expect(windowsOf(2)).to.deep.equal([[1, 2], [3], [4, 5]]);
    expect(windowsOf(64)).to.deep.equal([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(windowsOf(1)).to.deep.equal([[1], [2], [3], [4], [5]]);
  });

  it("deployments are setup: counted, in no window", () => {
    const windows = groupIntoWindows(collectWorkload(handMadeLog(BLOCKS)), 64);
    expect(windows.setup).to.equal(1);
  });

  it("a run without transactions has no windows", () => {
    expect(groupIntoWindows(collectWorkload([]), 64).windows).to.deep.equal([]);
  });
});
