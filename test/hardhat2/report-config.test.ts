import { strict as assert } from "node:assert";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import { reportAfterTests, resolveParallelConfig } from "../../src/hardhat2/config";

function failure(report: unknown): string {
  try {
    resolveParallelConfig({ report });
  } catch (error) {
    assert.ok(isParallelError(error));
    const { CONFIG_INVALID_VALUE, CONFIG_UNKNOWN_KEY } = ERRORS;
    assert.ok(
      isParallelError(error, CONFIG_INVALID_VALUE) || isParallelError(error, CONFIG_UNKNOWN_KEY),
    );
    return error.shortMessage;
  }
  throw new Error(`accepted ${JSON.stringify(report)}`);
}

describe("hardhat2/report-config", () => {
  it("given values are taken", () => {
    const { report } = resolveParallelConfig({
      report: {
        enabled: true,
        html: "a.html",
        markdown: "a.md",
        sarif: "a.sarif",
        check: true,
        baseline: "base",
        thresholds: { P: 0.5, alpha: 0.8, S: 2, newHotSlots: 0 },
        tolerance: { absolute: 0.1 },
        minCalls: 1,
        minGas: 21000,
        includeContracts: ["A*"],
        excludeContracts: ["AMock"],
        excludeFunctions: ["A.f"],
        excludeSlots: [{ slot: "A.x", reason: "known" }],
      },
    });
    assert.deepEqual(report, {
      enabled: true,
      window: 64,
      json: null,
      html: "a.html",
      markdown: "a.md",
      sarif: "a.sarif",
      layoutFiles: [],
      slotResolver: null,
      check: true,
      baseline: "base",
      rules: {
        thresholds: { P: 0.5, alpha: 0.8, S: 2, newHotSlots: 0 },
        tolerance: { absolute: 0.1, relative: 0.05 },
        minCalls: 1,
        minGas: 21000,
      },
      filters: {
        includeContracts: ["A*"],
        excludeContracts: ["AMock"],
        excludeFunctions: ["A.f"],
        excludeSlots: [{ slot: "A.x", reason: "known" }],
      },
    });
  });

  it("one number is both tolerances", () => {
    assert.deepEqual(resolveParallelConfig({ report: { tolerance: 0 } }).report.rules.tolerance, {
      absolute: 0,
      relative: 0,
    });
  });

  for (const [report, message] of [
    [{ enabled: "yes" }, /parallel\.report\.enabled.*true or false, got "yes"$/],
    [{ check: 1 }, /parallel\.report\.check.*true or false, got 1$/],
    [{ markdown: "" }, /parallel\.report\.markdown.*the path of a file, got ""$/],
    [{ sarif: true }, /parallel\.report\.sarif.*the path of a file, got true$/],
    [{ baseline: [] }, /parallel\.report\.baseline.*the path of a file, got \[\]$/],
    [{ thresholds: { P: 1.1 } }, /thresholds\.P.*a number from 0 to 1, got 1\.1$/],
    [{ thresholds: { alpha: "0" } }, /thresholds\.alpha.*a number from 0 to 1, got "0"$/],
    [{ thresholds: { S: 0 } }, /thresholds\.S.*a number of at least 1, got 0$/],
    [{ thresholds: { S: Number.NaN } }, /thresholds\.S.*got NaN$/],
    [{ thresholds: { newHotSlots: -1 } }, /newHotSlots.*an integer of at least 0, got -1$/],
    [{ thresholds: { p: 1 } }, /thresholds\.p.*P, alpha, S, newHotSlots/],
    [{ thresholds: 0.5 }, /thresholds.*an object, got 0\.5$/],
    [{ tolerance: -0.1 }, /tolerance.*a number from 0 to 1, got -0\.1$/],
    [{ tolerance: "5%" }, /tolerance.*an object, got "5%"$/],
    [{ tolerance: { relative: 2 } }, /tolerance\.relative.*a number from 0 to 1, got 2$/],
    [{ minCalls: 0 }, /minCalls.*an integer of at least 1, got 0$/],
    [{ minGas: 0.5 }, /minGas.*an integer of at least 0, got 0\.5$/],
    [{ includeContracts: "A" }, /includeContracts.*a list of names, got "A"$/],
    [{ excludeFunctions: [""] }, /excludeFunctions.*a list of names, got \[""\]$/],
    [{ excludeSlots: ["A.x"] }, /excludeSlots\[0\].*an object, got "A\.x"$/],
    [{ excludeSlots: [{ slot: "A.x" }] }, /excludeSlots\[0\]\.reason.*why.*got undefined$/],
    [{ excludeSlots: [{ slot: "A.x", reason: " " }] }, /excludeSlots\[0\]\.reason.*got " "$/],
    [{ excludeSlots: [{ reason: "a" }] }, /excludeSlots\[0\]\.slot.*got undefined$/],
    [{ excludeSlots: [{ slot: "a", reason: "a", why: 1 }] }, /excludeSlots\[0\]\.why/],
  ] as const) {
    it(`${JSON.stringify(report)} is refused, naming key, expectation and value`, () => {
      assert.match(failure(report), message);
    });
  }

  it("PARALLEL_REPORT decides over the config whether a report follows the tests", () => {
    const on = resolveParallelConfig({ report: { enabled: true } });
    const off = resolveParallelConfig({});
    for (const value of [undefined, "", " "]) {
      const environment = value === undefined ? {} : { PARALLEL_REPORT: value };
      assert.equal(reportAfterTests(on, environment), true);
      assert.equal(reportAfterTests(off, environment), false);
    }
    assert.equal(reportAfterTests(off, { PARALLEL_REPORT: "1" }), true);
    assert.equal(reportAfterTests(on, { PARALLEL_REPORT: "0" }), false);
    assert.equal(reportAfterTests(on, { PARALLEL_REPORT: "False" }), false);
  });
});
