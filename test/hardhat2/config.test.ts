import { strict as assert } from "node:assert";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import { disabledByEnvironment, engineOf, resolveParallelConfig } from "../../src/hardhat2/config";
import { withEnvironment } from "./hardhat-environment";

function failure(config: unknown): { code: string; message: string } {
  try {
    resolveParallelConfig(config);
  } catch (error) {
    assert.ok(isParallelError(error));
    return { code: error.code, message: error.shortMessage };
  }
  throw new Error(`accepted ${JSON.stringify(config)}`);
}

describe("hardhat2/config", () => {
  it("everything is optional", () => {
    const config = resolveParallelConfig(undefined);
    assert.equal(config.enabled, true);
    assert.equal(config.engine, "fast");
    assert.equal(config.verify, false);
    assert.equal(config.prefetch, true);
    assert.ok(config.workers >= 1 && config.workers <= 8);
    assert.deepEqual(config.report, {
      enabled: false,
      window: 64,
      json: null,
      html: null,
      markdown: null,
      sarif: null,
      layoutFiles: [],
      slotResolver: null,
      check: false,
      baseline: ".parallel-snapshot",
      rules: {
        thresholds: { P: null, alpha: null, S: null, newHotSlots: null },
        tolerance: { absolute: 0.05, relative: 0.05 },
        minCalls: 8,
        minGas: 0,
      },
      filters: {
        includeContracts: [],
        excludeContracts: [],
        excludeFunctions: [],
        excludeSlots: [],
      },
    });
    assert.deepEqual(resolveParallelConfig({}), config);
    assert.deepEqual(resolveParallelConfig({ report: {} }), config);
  });

  it("given values are taken", () => {
    const slotResolver = () => null;
    const config = {
      enabled: false,
      workers: 3,
      minTransactionsForThreads: 1,
      engine: "fast",
      verify: true,
      prefetch: false,
    };
    const report = { window: "mined", json: "report.json", layoutFiles: ["a.json"], slotResolver };
    const resolved = resolveParallelConfig({ ...config, report });
    assert.deepEqual({ ...resolved, report: null }, { ...config, report: null });
    const { window, json, layoutFiles } = resolved.report;
    assert.deepEqual(
      { window, json, layoutFiles, slotResolver: resolved.report.slotResolver },
      report,
    );
  });

  for (const workers of [0, -1, 1.5, 65, "many", "2", null, Number.NaN, 2n, [2]]) {
    const shown = typeof workers === "bigint" ? `${workers}n` : JSON.stringify(workers);
    it(`workers: ${shown} is refused, naming key, expectation and value`, () => {
      const { code, message } = failure({ workers });
      assert.equal(code, ERRORS.CONFIG_INVALID_VALUE.code);
      assert.match(message, /parallel\.workers/);
      assert.match(message, /an integer from 1 to 64/);
      assert.ok(message.endsWith(`got ${Number.isNaN(workers) ? "NaN" : shown}`), message);
    });
  }

  it("wrong types of the other keys are refused", () => {
    assert.match(failure({ enabled: 1 }).message, /parallel\.enabled.*true or false, got 1$/);
    assert.match(failure({ verify: "yes" }).message, /parallel\.verify.*got "yes"$/);
    assert.match(failure({ prefetch: 0 }).message, /parallel\.prefetch.*true or false, got 0$/);
    assert.match(failure({ engine: "evm" }).message, /parallel\.engine.*"fast", got "evm"$/);
    assert.match(
      failure({ minTransactionsForThreads: 0 }).message,
      /parallel\.minTransactionsForThreads.*at least 1, got 0$/,
    );
    assert.match(failure({ report: { window: 0 } }).message, /parallel\.report\.window.*got 0$/);
    assert.match(failure({ report: { json: 5 } }).message, /parallel\.report\.json.*got 5$/);
    assert.match(failure({ report: { html: "" } }).message, /parallel\.report\.html.*got ""$/);
    for (const layoutFiles of ["a.json", [""], [1], {}]) {
      assert.match(
        failure({ report: { layoutFiles } }).message,
        /parallel\.report\.layoutFiles.*a list of paths/,
      );
    }
    assert.match(
      failure({ report: { slotResolver: "x" } }).message,
      /parallel\.report\.slotResolver.*a function, got "x"$/,
    );
    assert.match(failure({ report: true }).message, /parallel\.report.*an object, got true$/);
    assert.match(failure("on").message, /parallel .*an object, got "on"$/);
    assert.match(failure([]).message, /an object, got \[\]$/);
  });

  it("verify checks transactions with the other engine, where there is another", () => {
    const engines = [
      ["fast", false, "fast"],
      ["fast", true, "verified"],
      ["ethereumjs", false, "ethereumjs"],
      ["ethereumjs", true, "ethereumjs"],
    ] as const;
    for (const [engine, verify, expected] of engines) {
      assert.equal(engineOf({ engine, verify }), expected);
    }
  });

  it("unknown keys are refused with the known ones listed", () => {
    const top = failure({ worker: 2 });
    assert.equal(top.code, ERRORS.CONFIG_UNKNOWN_KEY.code);
    assert.match(top.message, /parallel\.worker .*enabled, workers, /);
    assert.match(failure({ report: { pdf: "a" } }).message, /parallel\.report\.pdf .*window, json/);
  });

  it("PARALLEL=0 and PARALLEL=false disable, anything else does not", () => {
    for (const [value, disabled] of [
      ["0", true],
      ["false", true],
      ["1", false],
      ["", false],
      ["-j 4", false],
    ] as const) {
      assert.equal(disabledByEnvironment({ PARALLEL: value }), disabled, value);
    }
    assert.equal(disabledByEnvironment({}), false);
  });

  it("a wrong config reaches the user as a plugin error of Hardhat", async () => {
    await assert.rejects(
      withEnvironment("require(PLUGIN); module.exports = { parallel: { workers: 0 } };", () => {}),
      (error: Error) =>
        error.name === "HardhatPluginError" && /HHP102.*parallel\.workers/.test(error.message),
    );
  });

  it("the resolved config is at hre.config.parallel", async () => {
    await withEnvironment(
      "require(PLUGIN); module.exports = { parallel: { workers: 2 } };",
      ({ hre }) => {
        assert.equal(hre.config.parallel.workers, 2);
      },
    );
  });
});
