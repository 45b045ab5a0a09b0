/** Who takes part in the benchmarks, and how large the blocks and states of bench:growth are. */
import { expect } from "chai";
import { BLOCK_SIZES, STATE_SIZES } from "../../bench/growth";
import { PEERS, peerEntry } from "../../bench/peer-list";

describe("the benchmark's peers", () => {
  it("are our network by tier and threads, and the others", () => {
    expect(PEERS.map(({ id }) => id)).to.deep.equal([
      ...["default-1", "default-2", "interpreter-1", "interpreter-2"],
      ...["javascript-1", "javascript-2", "webassembly-1", "webassembly-2"],
      ...["default-1-twice", "ethereumjs", "hardhat2", "hardhat3", "anvil"],
    ]);
    expect(
      PEERS.flatMap(({ id, ours }) => (ours === undefined ? [] : { id, ...ours })),
    ).to.deep.equal([
      { id: "default-1", tier: "default", threads: 1 },
      { id: "default-2", tier: "default", threads: 2 },
      { id: "interpreter-1", tier: "interpreter", threads: 1 },
      { id: "interpreter-2", tier: "interpreter", threads: 2 },
      { id: "javascript-1", tier: "javascript", threads: 1 },
      { id: "javascript-2", tier: "javascript", threads: 2 },
      { id: "webassembly-1", tier: "webassembly", threads: 1 },
      { id: "webassembly-2", tier: "webassembly", threads: 2 },
    ]);
  });

  it("are found by id; another word is refused", () => {
    expect(peerEntry("hardhat2").name).to.equal("stock Hardhat 2");
    expect(() => peerEntry("hardhat")).to.throw('no peer "hardhat": expected default-1, default-2');
  });
});

describe("bench:growth", () => {
  it("goes from 10 to 10,000 transactions, and from a thousand to a million slots", () => {
    expect(BLOCK_SIZES).to.deep.equal([10, 100, 1_000, 10_000]);
    expect(STATE_SIZES).to.deep.equal([1_000, 10_000, 100_000, 1_000_000]);
  });
});
