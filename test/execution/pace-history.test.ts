import { expect } from "chai";
import { PaceHistory } from "../../src/execution/pace-history";

/**
 * Runs `blocks` blocks of a kind that takes these ms per transaction; "t" = on threads, "a" = alone.
 * @param threads of the block of that number on threads
 */
function run(
  history: PaceHistory,
  blocks: number,
  threads: number | ((block: number) => number),
  alone: number,
): string {
  let places = "";
  let onThreads = 0;
  for (let block = 0; block < blocks; block++) {
    const runsAlone = history.reasonToRunAlone("kind") !== null;
    const cost = typeof threads === "number" ? threads : threads(onThreads);
    history.note("kind", runsAlone ? "alone" : "threads", runsAlone ? alone : cost);
    onThreads += runsAlone ? 0 : 1;
    places += runsAlone ? "a" : "t";
  }
  return places;
}

function count(places: string, place: "a" | "t"): number {
  return [...places].filter((one) => one === place).length;
}

describe("Pace history", () => {
  it("tries the calling thread after some blocks, and stays on threads where they are faster", () => {
    // A trial costs 1. The next is due when that is 1/32 of the time: of 4 + 2 ms, and 26 blocks on threads.
    expect(run(new PaceHistory(), 40, 1, 2)).to.equal(`tttta${"t".repeat(26)}a${"t".repeat(8)}`);
  });

  it("runs in the calling thread where that is faster, and looks at threads now and then", () => {
    // While threads are new, trials may cost 1/8: 1 of 8 ms, 2 of 16, 3 of 24.
    expect(run(new PaceHistory(), 20, 2, 1)).to.equal("ttttataaaaataaaaaata");
  });

  it("does not wait with what is known from blocks before there were threads", () => {
    const known = () => {
      const history = new PaceHistory();
      history.note("kind", "alone", 1);
      return history;
    };
    // after the first measurement 3 ms have passed; 8, 16 and 24 ms are due
    expect(run(known(), 20, 2, 1)).to.equal("taaaaataaaaaataaaaaa");
    expect(run(known(), 20, 0.5, 1)).to.equal("t".repeat(20));
  });

  it("lets threads become warm: they are tried more often as they come closer, and then chosen", () => {
    const warming = (block: number) => 0.8 + 1.6 * 0.9 ** block;
    const history = new PaceHistory();
    history.note("kind", "alone", 1);
    const places = run(history, 300, warming, 1);
    expect(count(places.slice(0, 50), "t")).to.be.lessThan(12);
    expect(count(places.slice(-50), "t")).to.be.greaterThan(45);
    // below 1 from the 20th on; till then they cost 10.6 more than the calling thread: 1/8 of 85
    expect(places.indexOf("tttt")).to.be.within(60, 130);
  });

  it("spends less on threads that stay slow", () => {
    const places = run(new PaceHistory(), 1000, 3, 1);
    // 48 blocks that cost 2 more each, an eighth of the time, and of the 2 / 32 that are then too much
    // nothing is paid back before the end
    expect(count(places, "t")).to.be.within(40, 52);
    expect(count(places.slice(-200), "t")).to.be.lessThan(7);
  });

  it("says what was measured", () => {
    const history = new PaceHistory();
    run(history, 8, 2, 1);
    expect(history.reasonToRunAlone("kind")).to.equal(
      "blocks like this one took 1.0 ms a transaction in the calling thread, 2.0 ms on threads",
    );
    expect(history.reasonToRunAlone("another kind")).to.equal(null);
  });

  it("goes back to threads when they have become faster", () => {
    const history = new PaceHistory();
    run(history, 8, 2, 1);
    expect(run(history, 30, 2, 1)).to.match(/^(a+t)+a+$/);
    // looks at threads first, until enough of their latest blocks were fast
    expect(run(history, 60, 0.5, 1)).to.match(/^(a+t)+t{20,}$/);
  });

  it("lets neither one slow block nor one fast block decide", () => {
    for (const odd of [0.1, 10]) {
      for (const where of ["threads", "alone"] as const) {
        for (const [threads, alone] of [
          [1, 2],
          [2, 1],
        ] as const) {
          const history = new PaceHistory();
          run(history, 200, threads, alone);
          history.note("kind", where, odd);
          const places = run(history, 100, threads, alone);
          // the other side is looked at now and then: threads in up to an eighth of the blocks
          const better = count(places, threads < alone ? "t" : "a");
          expect(better, `${odd} ${where}, ${threads} and ${alone} ms`).to.be.greaterThan(80);
        }
      }
    }
  });
});
