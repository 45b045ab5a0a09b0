import { expect } from "chai";
import { PaceHistory } from "../../src/execution/pace-history";

/** Runs `blocks` blocks of a kind that takes these ms per transaction; "t" = on threads, "a" = alone. */
function run(history: PaceHistory, blocks: number, threads: number, alone: number): string {
  let places = "";
  for (let block = 0; block < blocks; block++) {
    const runsAlone = history.reasonToRunAlone("kind") !== null;
    history.note("kind", runsAlone ? "alone" : "threads", runsAlone ? alone : threads);
    places += runsAlone ? "a" : "t";
  }
  return places;
}

describe("Pace history", () => {
  it("tries the calling thread after some blocks, and stays on threads where they are faster", () => {
    // blocks 6, 10 and 18 look whether it is still so
    expect(run(new PaceHistory(), 20, 1, 2)).to.equal("ttttatatttatttttttat");
  });

  it("runs in the calling thread where that is faster, and looks at threads now and then", () => {
    expect(run(new PaceHistory(), 20, 2, 1)).to.equal("ttttaataaataaaaaaata");
  });

  it("does not wait with what is known from blocks before there were threads", () => {
    const known = () => {
      const history = new PaceHistory();
      history.note("kind", "alone", 1);
      return history;
    };
    // threads once, and then after 2, 4, 8 blocks: cold threads do not slow several blocks in a row
    expect(run(known(), 20, 2, 1)).to.equal("taataaataaaaaaataaaa");
    // blocks 6, 10 and 18 look whether it is still so
    expect(run(known(), 20, 0.5, 1)).to.equal("ttttttatttatttttttat");
    // a little slower at first: perhaps only cold
    expect(run(known(), 8, 1.4, 1)).to.equal("ttttaata");
  });

  it("says what was measured", () => {
    const history = new PaceHistory();
    run(history, 8, 2, 1);
    expect(history.reasonToRunAlone("kind")).to.equal(
      "blocks like this one took 1.0 ms a transaction in the calling thread, 2.0 ms on threads",
    );
    expect(history.reasonToRunAlone("another kind")).to.equal(null);
  });

  it("goes back to threads when they have become faster, and one slow block changes nothing", () => {
    const history = new PaceHistory();
    run(history, 8, 2, 1);
    history.note("kind", "alone", 3); // the machine was busy: the estimate is 1.6 now
    expect(run(history, 1, 2, 1)).to.equal("a");
    // the second of them is block 10, which tries threads; block 18 tries the calling thread
    expect(run(history, 20, 0.5, 1)).to.equal("attttttttatttttttttt");
  });
});
