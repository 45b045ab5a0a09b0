import { expect } from "chai";
import fc from "fast-check";
import { type CheckRules, checkReport, checkSnapshot } from "../../src/report/check";
import { NO_FILTERS } from "../../src/report/filters";
import { renderCheck } from "../../src/report/renderers/check-text";
import { type Snapshot, type SnapshotRow, snapshotOf } from "../../src/report/snapshot";
import { saleReport } from "../helpers/hand-made-report";
import { propertyParameters } from "../helpers/properties";

const NONE = { P: null, alpha: null, S: null, newHotSlots: null };
const RULES: CheckRules = {
  thresholds: NONE,
  tolerance: { absolute: 0.05, relative: 0.05 },
  minCalls: 8,
  minGas: 0,
};
const CONTENDED = saleReport({ contended: true });
const GOOD = saleReport({ contended: false });
const BASELINE = snapshotOf(GOOD, RULES);

function rows(parallelism: number, alpha: number | null, hot: readonly string[] = []): Snapshot {
  const row: SnapshotRow = { contract: "a.sol:A", signature: "f()", parallelism, alpha, hot };
  return { source: "test", window: 64, rows: [row] };
}

describe("check", () => {
  it("a function that became serial fails, and the message names it and its variable", () => {
    const result = checkReport(CONTENDED, BASELINE, RULES);
    expect(result.passed).to.equal(false);
    expect(renderCheck(result, ".parallel-snapshot")).to.equal(
      [
        "Check failed: 1 function is worse than .parallel-snapshot and the thresholds allow (1 function checked).",
        "  Sale.buy(uint256): P was 1.00, is 0.00; waits on Sale.sold, before on nothing",
        "",
      ].join("\n"),
    );
  });

  it("the same run, and a better one, pass", () => {
    expect(checkReport(GOOD, BASELINE, RULES).passed).to.equal(true);
    expect(checkReport(GOOD, snapshotOf(CONTENDED, RULES), RULES).passed).to.equal(true);
    expect(renderCheck(checkReport(GOOD, BASELINE, RULES), "base")).to.equal(
      "Check passed: 1 function checked, against base.\n",
    );
  });

  it("thresholds hold without a baseline", () => {
    const failures = (thresholds: Partial<typeof NONE> | object) =>
      checkReport(CONTENDED, null, {
        ...RULES,
        thresholds: { ...NONE, ...thresholds },
      }).failed.flatMap((row) => row.failures);
    expect(failures({})).to.deep.equal([]);
    expect(failures({ P: 0.5 })).to.deep.equal([
      { kind: "threshold", measure: "P", limit: 0.5, is: 0 },
    ]);
    expect(failures({ P: 0 })).to.deep.equal([]);
    expect(failures({ S: 2 })).to.deep.equal([
      { kind: "threshold", measure: "S", limit: 2, is: 1 },
    ]);
    expect(failures({ S: 1 })).to.deep.equal([]);
    // newHotSlots needs something to compare with
    expect(failures({ newHotSlots: 0 })).to.deep.equal([]);
  });

  it("newHotSlots counts the variables that are not hot in the baseline", () => {
    const check = (newHotSlots: number) =>
      checkSnapshot(
        rows(0.5, null, ["A.x", "A.y", "A.z"]),
        rows(0.5, null, ["A.x"]),
        { ...RULES, thresholds: { ...NONE, newHotSlots } },
        [],
      );
    expect(check(2).passed).to.equal(true);
    const result = check(1);
    expect(result.failed.flatMap(({ failures }) => failures)).to.deep.equal([
      { kind: "newHotSlots", slots: ["A.y", "A.z"], limit: 1 },
    ]);
    expect(renderCheck(result, "base")).to.include(
      "A.f(): 2 new hot variables (A.y and A.z), at most 1 is allowed; waits on A.x, A.y and A.z, before on A.x",
    );
  });

  it("below the noise floor nothing is judged", () => {
    for (const floor of [{ minCalls: 11 }, { minGas: 1001 }]) {
      const rules = { ...RULES, ...floor, thresholds: { ...NONE, P: 1 } };
      const result = checkReport(CONTENDED, BASELINE, rules);
      expect(result).to.deep.include({ passed: true, checked: 0, ignored: 1 });
      expect(renderCheck(result, "base")).to.include("Not measured any more: Sale.buy(uint256).");
    }
  });

  it("a function that is not in the baseline has no regression, and is counted", () => {
    const result = checkReport(CONTENDED, { ...BASELINE, rows: [] }, RULES);
    expect(result.passed).to.equal(true);
    expect(renderCheck(result, "base")).to.include("1 function is not in the baseline.");
  });

  it("an accepted variable excuses, with its reason; unless another one is waited on as well", () => {
    const filters = {
      ...NO_FILTERS,
      excludeSlots: [{ slot: "Sale.sold", reason: "the sale is capped" }],
    };
    const accepted = checkReport(saleReport({ contended: true, filters }), BASELINE, RULES);
    expect(accepted.passed).to.equal(true);
    expect(renderCheck(accepted, "base")).to.include(
      "Sale.buy(uint256): P was 1.00, is 0.00; waits on Sale.sold, before on nothing. Accepted (Sale.sold: the sale is capped)",
    );
    const result = checkSnapshot(rows(0, null, ["A.x", "A.y"]), rows(1, null), RULES, [
      { slot: "A.x", reason: "known" },
    ]);
    expect(result.passed).to.equal(false);
  });

  it("a baseline's or a run's unknown α is no regression", () => {
    expect(checkSnapshot(rows(1, 1), rows(1, null), RULES, []).passed).to.equal(true);
    expect(checkSnapshot(rows(1, null), rows(1, 0), RULES, []).passed).to.equal(true);
  });

  it("fails exactly if worse by more than both tolerances, for any values (in hundredths)", () => {
    const hundredths = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        fc.constantFrom("P" as const, "alpha" as const),
        hundredths,
        hundredths,
        hundredths,
        hundredths,
        (measure, was, is, absolute, relative) => {
          const side = (value: number) =>
            measure === "P" ? rows(value / 100, null) : rows(1, value / 100);
          const tolerance = { absolute: absolute / 100, relative: relative / 100 };
          const { passed } = checkSnapshot(side(is), side(was), { ...RULES, tolerance }, []);
          // in whole numbers, so that no rounding is in the expectation
          const worse = measure === "P" ? was - is : is - was;
          const isRegression = worse > absolute && worse * 100 > relative * was;
          expect(passed).to.equal(!isRegression);
        },
      ),
      propertyParameters({ numRuns: 2000 }),
    );
  });

  it("thresholds fail exactly if the value is beyond them, for any values (in hundredths)", () => {
    const hundredths = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(hundredths, hundredths, (calls, limit) => {
        // n calls on one variable: P = 0; each on its own: P = 1; S = 1 and at most 8
        const thresholds = { ...NONE, P: limit / 100, S: 1 + limit / 10 };
        const contended = calls % 2 === 0;
        const report = contended ? CONTENDED : GOOD;
        const { failed } = checkReport(report, null, { ...RULES, thresholds });
        const kinds = failed.flatMap(({ failures }) =>
          failures.map((failure) => (failure.kind === "threshold" ? failure.measure : "")),
        );
        // ten calls of equal gas on 8 lanes take two rounds: S = 5
        expect(kinds).to.deep.equal([
          ...(contended && limit > 0 ? ["P"] : []),
          ...(limit > (contended ? 0 : 40) ? ["S"] : []),
        ]);
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });
});
