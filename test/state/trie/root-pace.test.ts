import { expect } from "chai";
import { RootPace, type RootSide } from "../../../src/state/trie/root-pace";

const NO_BACKLOG = { here: 0, there: 0 };

/** Makes roots that cost so many ms each; tells where. */
function roots(pace: RootPace, count: number, cost: Record<RootSide, number>): RootSide[] {
  return Array.from({ length: count }, () => {
    const side = pace.choose(NO_BACKLOG);
    pace.note(side, cost[side], 1000);
    return side;
  });
}

const countThere = (sides: readonly RootSide[]): number =>
  sides.filter((side) => side === "there").length;

describe("where roots are made", () => {
  it("both sides are tried, then the faster one is used, and the other more and more seldom", () => {
    const pace = new RootPace();
    expect(roots(pace, 2, { here: 3, there: 1 })).to.deep.equal(["there", "here"]);
    // tries after 8, 16, 32 and 64 roots, and the next after 128 more
    expect(countThere(roots(pace, 8 + 16 + 32 + 64 + 4, { here: 3, there: 1 }))).to.equal(120);
    expect(countThere(roots(pace, 128, { here: 3, there: 1 }))).to.equal(128);
  });

  it("what became slower is left after some roots, and not for one that was", () => {
    const pace = new RootPace();
    roots(pace, 4, { here: 3, there: 2 });
    // 5 counts as one and a half times what was: 2.3, 2.6 and 3.04
    expect(countThere(roots(pace, 3, { here: 3, there: 5 }))).to.equal(3);
    expect(roots(pace, 1, { here: 3, there: 5 })).to.deep.equal(["here"]);
  });

  it("one root in ten that takes several times as long changes nothing", () => {
    const pace = new RootPace();
    roots(pace, 2, { here: 2.5, there: 1.8 });
    const sides = Array.from({ length: 30 }, () => [
      ...roots(pace, 9, { here: 2.5, there: 1.8 }),
      ...roots(pace, 1, { here: 2.5, there: 6 }),
    ]).flat();
    // 300 roots: tries after 8, 16, 32, 64 and 128
    expect(countThere(sides)).to.equal(295);
  });

  it("costs count by changes", () => {
    const pace = new RootPace();
    pace.note(pace.choose(NO_BACKLOG), 10, 10_000);
    pace.note(pace.choose(NO_BACKLOG), 2, 1000);
    expect(pace.choose(NO_BACKLOG)).to.equal("there");
  });

  it("a side that is far behind is not tried again", () => {
    const pace = new RootPace();
    roots(pace, 2, { here: 3, there: 1 });
    const far = { here: 1_000_000, there: 0 };
    const sides = Array.from({ length: 20 }, () => {
      const side = pace.choose(far);
      pace.note(side, 1, 1000);
      return side;
    });
    expect(countThere(sides)).to.equal(20);
  });
});
