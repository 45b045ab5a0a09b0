import { expect } from "chai";
import { PaceHistory } from "../../src/execution/pace-history";

/**
 * Runs `blocks` blocks of the kind, which takes these ms per transaction; "t" = on threads, "a" = alone.
 * @param threads of the block of that number on threads
 */
function run(
  history: PaceHistory,
  blocks: number,
  threads: number | ((block: number) => number),
  alone: number,
  kind = "kind",
): string {
  let places = "";
  let onThreads = 0;
  for (let block = 0; block < blocks; block++) {
    const runsAlone = history.reasonToRunAlone(kind) !== null;
    const cost = typeof threads === "number" ? threads : threads(onThreads);
    history.note(kind, runsAlone ? "alone" : "threads", runsAlone ? alone : cost);
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
    // The first trial shows that the calling thread takes twice as long. Another one of five blocks would cost 5
    // blocks of time, and is due when that is 1/32 of all: after 160 blocks.
    expect(run(new PaceHistory(), 168, 1, 2)).to.equal(
      `tttttaaaaa${"t".repeat(150)}aaaaa${"t".repeat(3)}`,
    );
  });

  it("looks at the other side much more seldom once five comparisons have agreed", () => {
    // A trial costs 5 blocks of time, but nobody knows that of the first. They begin after 5, 160 (5 of 160 is
    // 1/32) and 320 blocks (10 of 320). Each is two comparisons, there and back: the fifth ends within the
    // third trial, and then they may cost 1/128. That is 15 of 1920.
    const places = run(new PaceHistory(), 2500, 1, 2);
    const trials = [...places.matchAll(/a{5}/g)].map(({ index }) => index);
    expect(trials).to.deep.equal([5, 160, 320, 1920]);
    expect(count(places, "a")).to.equal(20);
  });

  it("runs in the calling thread where that is faster, and looks at threads now and then", () => {
    // While threads are new, trials may cost 1/4: 5 of 20 blocks, 10 of 40.
    const alone = "a".repeat(15);
    expect(run(new PaceHistory(), 50, 2, 1)).to.equal(`ttttt${alone}ttttt${alone}tttttaaaaa`);
  });

  it("does not wait with what is known from blocks before there were threads", () => {
    const known = () => {
      const history = new PaceHistory();
      history.note("kind", "alone", 1);
      return history;
    };
    // of the first five it is not known that they cost anything; after 20 blocks 5 more may
    expect(run(known(), 30, 2, 1)).to.equal(`ttttt${"a".repeat(14)}ttttt${"a".repeat(6)}`);
    expect(run(known(), 30, 0.5, 1)).to.equal("t".repeat(30));
  });

  it("lets threads become warm: they are tried more often as they come closer, and then chosen", () => {
    const warming = (block: number) => 0.8 + 1.6 * 0.9 ** block;
    const history = new PaceHistory();
    history.note("kind", "alone", 1);
    const places = run(history, 300, warming, 1);
    expect(count(places.slice(0, 50), "t")).to.be.lessThan(30);
    expect(count(places.slice(-50), "t")).to.be.greaterThan(40);
    // below 1.3 from the 11th on, below 1.05 from the 18th
    expect(places.indexOf("t".repeat(10))).to.be.within(11, 100);
  });

  it("stays on threads that are a little slower until they have had time to become warm", () => {
    const history = new PaceHistory();
    expect(count(run(history, 120, 1.2, 1), "t")).to.be.greaterThan(95);
    expect(count(run(history, 200, 1.2, 1), "t")).to.be.lessThan(60);
  });

  it("spends less on threads that stay slow", () => {
    // 128 blocks that cost 2 more each: a quarter of 1024. To try again would be 266 of 8512.
    const places = run(new PaceHistory(), 4000, 3, 1);
    expect(count(places, "t")).to.be.within(125, 135);
    expect(places.lastIndexOf("t")).to.be.lessThan(1100);
  });

  it("says what was measured", () => {
    const history = new PaceHistory();
    run(history, 12, 2, 1);
    expect(history.reasonToRunAlone("kind")).to.equal(
      "blocks like this one took 2.0 times as long on threads as in the calling thread",
    );
    expect(history.reasonToRunAlone("another kind")).to.equal(null);
  });

  it("remembers 1024 kinds, and forgets the one that was not met for the longest time", () => {
    const history = new PaceHistory();
    const slower = /^blocks like this one took 2/;
    for (const kind of ["first", "second", "third"]) {
      run(history, 12, 2, 1, kind);
    }
    // 3 and 1021 are 1024; what kinds are asked about they are met with
    for (let number = 0; number < 1021; number++) {
      history.note(`kind ${number}`, "threads", 1);
    }
    expect(history.reasonToRunAlone("first")).to.match(slower);
    history.note("one more", "threads", 1);
    expect(history.reasonToRunAlone("third")).to.match(slower);
    expect(history.reasonToRunAlone("first")).to.match(slower);
    expect(history.reasonToRunAlone("second")).to.equal(null);
  });

  it("goes back to threads when they have become faster", () => {
    const history = new PaceHistory();
    run(history, 12, 2, 1);
    expect(run(history, 60, 2, 1)).to.match(/^(a+t{5})+a+$/);
    // looks at threads first, until enough of their latest blocks were fast
    expect(run(history, 120, 0.5, 1)).to.match(/^(a+t{5})+t{20,}$/);
  });

  it("does not care how fast the machine is, as long as it is the same for blocks in a row", () => {
    const history = new PaceHistory();
    run(history, 200, 1, 1.4);
    // Blocks take twice as long from now on: threads take longer than the calling thread did before.
    const places = run(history, 100, 2, 2.8);
    expect(count(places, "t")).to.be.greaterThan(90);
  });

  it("ends a trial, also when it is in doubt which side is faster and much time may be spent on that", () => {
    const history = new PaceHistory();
    run(history, 1000, 1, 2);
    // The last comparison says something else than those before it.
    run(history, 5, 1, 2);
    for (const [side, time] of [
      ["alone", 2],
      ["threads", 9],
    ] as const) {
      for (let block = 0; block < 5; block++) {
        history.note("kind", side, time);
      }
    }
    const places = run(history, 200, 1, 2);
    expect(places).to.match(/^(a{5}t{5,})+$/);
  });

  it("lets neither one slow block nor one fast block decide", () => {
    for (const odd of [0.1, 10]) {
      for (const where of ["threads", "alone"] as const) {
        for (const [threads, alone] of [
          [1, 2],
          [2, 1],
        ] as const) {
          const history = new PaceHistory();
          run(history, 1000, threads, alone);
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
