import { expect } from "chai";
import fc from "fast-check";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import type { ErrorDescriptor } from "../../src/errors/error-descriptor";
import { type Snapshot, snapshotOf } from "../../src/report/snapshot";
import { parseSnapshot, renderSnapshot } from "../../src/report/snapshot-file";
import { saleReport } from "../helpers/hand-made-report";
import { propertyParameters } from "../helpers/properties";

const FLOOR = { minCalls: 8, minGas: 0 };
const HEAD = "# hardhat-parallel snapshot 1, window=64, source=test\n";
const LINE = "contracts/Sale.sol:Sale:buy(uint256) P=0.00 alpha=- hot=Sale.sold\n";

function failure(text: string): { code: string; message: string } {
  try {
    parseSnapshot(text, "base");
  } catch (error) {
    if (isParallelError(error)) {
      return { code: error.code, message: error.shortMessage };
    }
    throw error;
  }
  throw new Error(`accepted ${text}`);
}

describe("snapshot", () => {
  it("is one line a function, under a head that says what was measured", () => {
    // ten calls of 100 gas wait for each other on one variable: P = 1 - (1000 - 100) / (1000 - 100)
    expect(renderSnapshot(snapshotOf(saleReport({ contended: true }), FLOOR))).to.equal(
      HEAD + LINE,
    );
    // each on an entry of its own: P = 1 - (100 - 100) / (1000 - 100)
    expect(renderSnapshot(snapshotOf(saleReport({ contended: false }), FLOOR))).to.equal(
      `${HEAD}contracts/Sale.sol:Sale:buy(uint256) P=1.00 alpha=- hot=-\n`,
    );
  });

  it("leaves out functions with too few calls or too little gas", () => {
    const report = saleReport({ contended: true });
    expect(snapshotOf(report, { minCalls: 10, minGas: 1000 }).rows).to.have.length(1);
    expect(snapshotOf(report, { minCalls: 11, minGas: 0 }).rows).to.deep.equal([]);
    expect(snapshotOf(report, { minCalls: 1, minGas: 1001 }).rows).to.deep.equal([]);
  });

  it("lines are sorted, whatever order the functions are in", () => {
    const row = (contract: string, signature: string) => ({
      contract,
      signature,
      parallelism: 1,
      alpha: 0.5,
      hot: [],
    });
    const rows = [row("b.sol:B", "a()"), row("a.sol:A", "b()"), row("a.sol:A", "a()")];
    const names = renderSnapshot({ source: "test", window: "mined", rows })
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(" ")[0]);
    expect(names).to.deep.equal(["a.sol:A:a()", "a.sol:A:b()", "b.sol:B:a()"]);
  });

  it("is read as it was written, for any names", () => {
    const hundredths = fc.integer({ min: 0, max: 100 }).map((value) => value / 100);
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    const hostile = fc.constantFrom(
      "a\nb",
      "a=b P=0.00 alpha=- hot=x",
      "\\u{41}",
      "a, b",
      "a:b:c",
      "\u001b[31m",
      "\u202e",
      "-",
      "# hardhat-parallel snapshot 9",
      " ",
      "\ud800",
    );
    const name = fc.oneof(text, hostile).filter((value) => value !== "-");
    const row = fc.record({
      contract: name,
      signature: name,
      parallelism: hundredths,
      alpha: fc.option(hundredths),
      hot: fc.uniqueArray(name, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(row, {
          maxLength: 5,
          selector: ({ contract, signature }) => `${contract}:${signature}`,
        }),
        name,
        fc.oneof(fc.constant("mined" as const), fc.integer({ min: 1, max: 1000 })),
        (rows, source, window) => {
          const snapshot: Snapshot = { source, window, rows };
          const written = renderSnapshot(snapshot);
          expect(written.split("\n")).to.have.length(rows.length + 2);
          expect(written.replaceAll("\n", "")).to.not.match(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          const read = parseSnapshot(written, "base");
          expect(renderSnapshot(read)).to.equal(written);
          expect(read.source).to.equal(source);
          expect(read.window).to.equal(window);
          expect(read.rows).to.have.deep.members(rows);
        },
      ),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("a checkout with other line ends is read", () => {
    expect(parseSnapshot((HEAD + LINE).replaceAll("\n", "\r\n"), "base").rows).to.have.length(1);
  });

  const WRONG: readonly [string, string, ErrorDescriptor, RegExp][] = [
    ["nothing", "", ERRORS.SNAPSHOT_INVALID, /line 1: expected # hardhat-parallel snapshot 1/],
    ["another file", "{}\n", ERRORS.SNAPSHOT_INVALID, /line 1/],
    ["a head that is cut", `${HEAD.slice(0, 30)}\n`, ERRORS.SNAPSHOT_INVALID, /line 1: .*window/],
    ["a last line that is cut", HEAD + LINE.slice(0, -1), ERRORS.SNAPSHOT_INVALID, /line 2.*cut/],
    ["a line that is none", `${HEAD}hello\n`, ERRORS.SNAPSHOT_INVALID, /line 2.*got "hello"/],
    [
      "a merge conflict",
      `${HEAD}<<<<<<< HEAD\n${LINE}=======\n${LINE}>>>>>>> other\n`,
      ERRORS.SNAPSHOT_INVALID,
      /line 2: a merge conflict that is not resolved/,
    ],
    ["a function twice", HEAD + LINE + LINE, ERRORS.SNAPSHOT_INVALID, /line 3: .*there twice/],
    [
      "a version of the future",
      HEAD.replace("snapshot 1", "snapshot 2") + LINE,
      ERRORS.SNAPSHOT_NEWER_VERSION,
      /base is a snapshot of version 2, this hardhat-parallel reads 1/,
    ],
  ];
  for (const [what, text, descriptor, message] of WRONG) {
    it(`${what} is refused, with the line`, () => {
      const { code, message: said } = failure(text);
      expect(code).to.equal(descriptor.code);
      expect(said).to.match(message);
    });
  }
});
