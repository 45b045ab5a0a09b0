import { strict as assert } from "node:assert";
import { Progress } from "../../src/hardhat2/progress";

/** A stream that keeps what is written, and a clock that is set by hand. */
function recorded(isTTY: boolean, environment: Record<string, string> = {}, columns = 80) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, clock, progress: new Progress(stream, environment, () => clock.now) };
}

describe("hardhat2/progress", () => {
  it("what takes less than a second is not shown", () => {
    for (const isTTY of [true, false]) {
      const { written, clock, progress } = recorded(isTTY);
      progress.phase("reading the recording");
      clock.now = 999;
      progress.step("block 7");
      progress.end();
      assert.deepEqual(written, []);
    }
  });

  it("on a terminal one line is written over, with the time, and erased in the end", () => {
    const { written, clock, progress } = recorded(true);
    progress.phase("reading the recording");
    clock.now = 1000;
    progress.step("block 7");
    clock.now = 1050;
    progress.step("block 8"); // too soon after the last
    clock.now = 1100;
    progress.step("block 9");
    clock.now = 2500;
    progress.phase("analysing");
    progress.end();
    assert.deepEqual(written, [
      "\r\u001b[2Khardhat-parallel: reading the recording, block 7 (1.0 s)",
      "\r\u001b[2Khardhat-parallel: reading the recording, block 9 (1.1 s)",
      "\r\u001b[2Khardhat-parallel: analysing (2.5 s)",
      "\r\u001b[2K",
    ]);
  });

  it("a line is never longer than the terminal", () => {
    const { written, clock, progress } = recorded(true, {}, 20);
    clock.now = 2000;
    progress.phase("reading the recording");
    assert.deepEqual(written, ["\r\u001b[2Khardhat-parallel: r"]);
  });

  for (const [where, isTTY, environment] of [
    ["a pipe", false, {}],
    ["CI", true, { CI: "true" }],
    ["a dumb terminal", true, { TERM: "dumb" }],
  ] as const) {
    it(`${where} gets whole lines, few of them, without control characters`, () => {
      const { written, clock, progress } = recorded(isTTY, environment);
      progress.phase("reading the recording");
      for (let block = 1; block <= 120; block++) {
        clock.now += 100;
        progress.step(`block ${block}`);
      }
      progress.phase("analysing");
      progress.end();
      assert.deepEqual(written, [
        "hardhat-parallel: reading the recording, block 10 (1.0 s)\n",
        "hardhat-parallel: reading the recording, block 60 (6.0 s)\n",
        "hardhat-parallel: reading the recording, block 110 (11.0 s)\n",
        "hardhat-parallel: analysing (12.0 s)\n",
      ]);
    });
  }
});
