import { expect } from "chai";
import { Leaf } from "../../../src/state/trie/node";
import { TrieCheckpoints } from "../../../src/state/trie/trie-checkpoints";

const root = (mark: number) => new Leaf(mark, 1n, 0);

describe("trie checkpoints", () => {
  it("keep a logarithmic number of tries, all of the latest 32 and the empty one", () => {
    const checkpoints = new TrieCheckpoints<Leaf | null>(null);
    for (let mark = 1; mark <= 10_000; mark++) {
      checkpoints.add(mark, root(mark));
    }
    // 32 of ages 0 to 31, then 16 of each doubling of age up to 10,000 (9 of them): below 32 + 9 * 17
    expect(checkpoints.count).to.be.below(32 + 9 * 17);
    for (let mark = 10_000 - 31; mark <= 10_000; mark++) {
      expect(checkpoints.before(mark).mark).to.equal(mark);
    }
    expect(checkpoints.before(0)).to.include({ mark: 0, content: null });
  });

  it("the base for a mark is never younger than it, and not older than twice its age", () => {
    const checkpoints = new TrieCheckpoints<Leaf | null>(null);
    for (let mark = 1; mark <= 5_000; mark++) {
      checkpoints.add(mark, root(mark));
    }
    for (let mark = 0; mark <= 5_000; mark += 7) {
      const base = checkpoints.before(mark);
      expect(base.mark).to.be.at.most(mark);
      expect(5_000 - base.mark).to.be.at.most(2 * (5_000 - mark) + 32);
    }
  });

  it("a revert drops what is younger than its mark, and marks can be used again", () => {
    const checkpoints = new TrieCheckpoints<Leaf | null>(null);
    const kept = root(10);
    checkpoints.add(10, kept);
    checkpoints.add(20, root(20));
    checkpoints.reverted(10);
    expect(checkpoints.before(25).content).to.equal(kept);
    const again = root(20);
    checkpoints.add(20, again);
    expect(checkpoints.before(20).content).to.equal(again);
  });
});
