import { expect } from "chai";
import { ParallelError } from "../../src/errors/base-error";
import { type RedrawArguments, redrawOptions } from "../../src/hardhat2/redraw-arguments";

function errorOf(args: RedrawArguments, window: "mined" | number = 64): string {
  try {
    redrawOptions(args, window);
  } catch (error) {
    if (error instanceof ParallelError) {
      return `${error.code} ${error.message}`;
    }
    throw error;
  }
  throw new Error("no error");
}

describe("--senders, --keys, --seed", () => {
  it("without them nothing is drawn", () => {
    expect(redrawOptions({}, 64)).to.equal(null);
    expect(redrawOptions({ senders: "as-is", keys: "as-is" }, "mined")).to.equal(null);
  });

  it("each of the first two alone draws the calls anew", () => {
    expect(redrawOptions({ senders: "distinct" }, 32)).to.deep.equal({
      window: 32,
      senders: "distinct",
      keys: { kind: "as-is" },
      seed: 1,
    });
    expect(redrawOptions({ keys: "zipf:0.9", seed: 7 }, 64)).to.deep.equal({
      window: 64,
      senders: "as-is",
      keys: { kind: "zipf", theta: 0.9 },
      seed: 7,
    });
  });

  it("wrong values are refused with what is expected", () => {
    expect(errorOf({ senders: "other" })).to.match(/--senders.*"distinct" or "as-is".*other/);
    expect(errorOf({ keys: "zipf:9" })).to.match(
      /--keys.*"zipf:" and a number from 0 to 5.*zipf:9/,
    );
    expect(errorOf({ keys: "uniform", seed: -1 })).to.match(/--seed.*integer.*-1/);
  });

  it("a seed without a draw and a draw over mined blocks are refused", () => {
    expect(errorOf({ seed: 3 })).to.match(/--seed.*beside it/);
    expect(errorOf({ senders: "distinct" }, "mined")).to.match(/--window.*a number.*mined/);
  });
});
