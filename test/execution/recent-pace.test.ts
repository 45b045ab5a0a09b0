import { expect } from "chai";
import { RecentPace } from "../../src/execution/recent-pace";

describe("Recent pace", () => {
  const estimateOf = (...measured: number[]): number | null => {
    const pace = new RecentPace();
    for (const each of measured) {
      pace.note(each);
    }
    return pace.estimate;
  };

  it("is the third smallest of the latest ten, of fewer one nearer to the smallest", () => {
    expect(estimateOf()).to.equal(null);
    expect(estimateOf(5)).to.equal(5);
    expect(estimateOf(5, 4, 3, 9)).to.equal(3);
    expect(estimateOf(5, 4, 3, 9, 8)).to.equal(4);
    expect(estimateOf(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)).to.equal(3);
    expect(estimateOf(1, 2, 10, 9, 8, 7, 6, 5, 4, 3, 20, 20)).to.equal(5);
  });
});
