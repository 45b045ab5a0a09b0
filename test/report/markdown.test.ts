import { expect } from "chai";
import { checkSnapshot } from "../../src/report/check";
import { compareSnapshots } from "../../src/report/comparison";
import {
  MAX_MARKDOWN_BYTES,
  renderComparisonMarkdown,
  renderMarkdown,
} from "../../src/report/renderers/markdown";
import type { FunctionReport, Report } from "../../src/report/report";
import { snapshotOf } from "../../src/report/snapshot";
import { saleReport } from "../helpers/hand-made-report";

const RULES = {
  thresholds: { P: null, alpha: null, S: null, newHotSlots: null },
  tolerance: { absolute: 0, relative: 0 },
  minCalls: 2,
  minGas: 0,
};

function bytes(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** The report with so many functions, whose names have letters of several bytes. */
function withFunctions(count: number, contended: boolean): Report {
  const report = saleReport({ contended });
  return {
    ...report,
    contracts: report.contracts.map((contract) => ({
      ...contract,
      functions: Array.from({ length: count }, (_, index): FunctionReport => {
        const [row] = contract.functions;
        if (row === undefined) {
          throw new Error("one function");
        }
        return { ...row, signature: `früh${"é".repeat(20)}${index}()` };
      }),
    })),
  };
}

describe("Markdown", () => {
  it("never has more than 60,000 bytes, says what is cut, and keeps the ends of what it begins", () => {
    const before = snapshotOf(withFunctions(2000, false), RULES);
    const report = withFunctions(2000, true);
    const after = snapshotOf(report, RULES);
    const comparison = compareSnapshots(before, after, new Map());
    const text = renderMarkdown(report, { comparison, baseline: "base" });
    expect(bytes(text)).to.be.at.most(MAX_MARKDOWN_BYTES);
    expect(bytes(text)).to.be.above(MAX_MARKDOWN_BYTES * 0.95);
    expect(text).to.match(/_\d+ further changed functions cut to keep this short/);
    expect(text).to.match(
      /_\d+ further functions cut to keep this short: the JSON report has all\._/,
    );
    expect(text).to.include("<summary>All functions (2,000)</summary>");
    expect(text.endsWith("\n</details>\n")).to.equal(true);
    expect(text).to.match(/Parallel state root = sequential state root: yes/);
    // as many rows are shown as are not counted as cut
    const shown = text.split("\n").filter((line) => line.includes("→ **0.00**")).length;
    const cut = Number(/_(\d+) further changed functions/.exec(text)?.[1]);
    expect(shown + cut).to.equal(2000);
    expect(
      bytes(renderComparisonMarkdown(comparison, checkSnapshot(after, before, RULES, []), "base")),
    ).to.be.at.most(MAX_MARKDOWN_BYTES);
  });

  it("what fits is not cut", () => {
    const text = renderMarkdown(withFunctions(50, true));
    expect(text).to.not.include("cut to keep this short");
    expect(text.split("\n").filter((line) => line.startsWith("| `Sale.fr"))).to.have.length(50);
  });

  it("changed functions come first by |ΔP| times gas, then by name", () => {
    const row = (signature: string, parallelism: number) => ({
      contract: "a.sol:A",
      signature,
      parallelism,
      alpha: null,
      hot: [],
    });
    const snapshot = (rows: ReturnType<typeof row>[]) => ({
      source: "test",
      window: 64,
      rows,
    });
    const { changed } = compareSnapshots(
      snapshot([row("a()", 1), row("b()", 1), row("c()", 1), row("d()", 1), row("e()", 1)]),
      snapshot([row("a()", 0.9), row("b()", 0), row("c()", 0.5), row("d()", 0.5), row("e()", 1)]),
      new Map([
        ["a.sol:A:a()", 1000], // 100
        ["a.sol:A:b()", 10], // 10
        ["a.sol:A:c()", 100], // 50
        ["a.sol:A:d()", 100], // 50
        ["a.sol:A:e()", 9999],
      ]),
    );
    expect(changed.map(({ after }) => after.signature)).to.deep.equal(["a()", "c()", "d()", "b()"]);
  });

  it("says so where nothing changed, and where nothing can be compared", () => {
    const report = saleReport({ contended: true });
    const snapshot = snapshotOf(report, RULES);
    const comparison = compareSnapshots(snapshot, snapshot, new Map());
    expect(renderMarkdown(report, { comparison, baseline: "base" })).to.include(
      "\nNo function changed since `base`.\n",
    );
    expect(renderMarkdown(saleReport({ contended: true, window: "mined" }))).to.include(
      "Nothing can be compared: every window holds one transaction",
    );
  });
});
