/**
 * What people use with Hardhat 2, in one project (fixture-projects/ecosystem): hardhat-ethers,
 * hardhat-viem, hardhat-chai-matchers, hardhat-network-helpers, hardhat-ignition, hardhat-deploy,
 * hardhat-upgrades, hardhat-verify, TypeChain, hardhat-gas-reporter, solidity-coverage, and ethers 5.
 * docs/ecosystem.md says what of each is tried.
 */
import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assertSameTranscript,
  compile,
  fixtureDirectory,
  hardhat,
  type NetworkRun,
  runOnBoth,
  runTests,
} from "./both-networks";
import { ROOT } from "./project-copy";

const PROJECT = "ecosystem";
/** Fewer would mean that a suite is not run. */
const FEWEST_TESTS = 75;

/** No colours, times or paths that change from run to run. */
function steady(text: string): string {
  return text.replace(/\(\d+(ms|s|m)\)/g, "(time)");
}

describe("ecosystem", function () {
  this.timeout(600_000);

  let stock: NetworkRun;
  let ours: NetworkRun;
  let directory: string;

  before(async () => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-ecosystem-"));
    await compile(PROJECT);
    ({ stock, ours } = await runOnBoth(PROJECT));
  });

  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("every plugin's tests pass on stock and on ours", () => {
    assert.deepEqual(
      stock.tests.filter(({ error }) => error !== null),
      [],
    );
    assert.deepEqual(ours.tests, stock.tests);
    assert.ok(stock.tests.length >= FEWEST_TESTS, `${stock.tests.length} tests`);
  });

  it("every request has the same answer", () => {
    assertSameTranscript(ours, stock);
  });

  it("our plugin may come last, and another may look at every request", async () => {
    const [last, wrapped, wrappedStock] = await Promise.all([
      runTests(PROJECT, { ORDER: "last" }),
      runTests(PROJECT, { ORDER: "last", WRAPPER: "1" }),
      runTests(PROJECT, { WRAPPER: "1", PARALLEL: "0" }),
    ]);
    assert.deepEqual(last.tests, stock.tests);
    assertSameTranscript(last, stock);
    assert.deepEqual(wrapped.tests, wrappedStock.tests);
    assertSameTranscript(wrapped, wrappedStock);
  });

  it("hardhat-gas-reporter prints the same table", async () => {
    const files = ["test/chai-matchers.ts", "test/typechain.ts", "test/deploy.ts"];
    const table = async (environment: Record<string, string>): Promise<string> => {
      const file = join(directory, `gas-${environment.PARALLEL ?? "ours"}.txt`);
      const run = await hardhat(
        PROJECT,
        { GAS_REPORT: file, ...environment },
        "test",
        "--no-compile",
        ...files,
      );
      assert.equal(run.code, 0, `${run.stdout}\n${run.stderr}`);
      return readFileSync(file, "utf8");
    };
    const ourTable = await table({});
    assert.match(ourTable, /Everything[\s\S]*store[\s\S]*Deployments/);
    assert.equal(ourTable, await table({ PARALLEL: "0" }));
  });

  it("solidity-coverage measures on stock, and is told so", async () => {
    const coverage = async (environment: Record<string, string>) => {
      const run = await hardhat(
        PROJECT,
        { SOLIDITY_COVERAGE: "true", ...environment },
        "coverage",
        "--testfiles",
        "test/{chai-matchers,typechain}.ts",
        "--temp",
        "coverage-artifacts",
      );
      assert.equal(run.code, 0, `${run.stdout}\n${run.stderr}`);
      const file = join(fixtureDirectory(PROJECT), "coverage.json");
      return { run, measured: JSON.parse(readFileSync(file, "utf8")) };
    };
    const ourCoverage = await coverage({});
    const stockCoverage = await coverage({ PARALLEL: "0" });
    assert.match(ourCoverage.run.stderr, /hardhat-parallel: solidity-coverage is running/);
    assert.doesNotMatch(stockCoverage.run.stderr, /hardhat-parallel/);
    assert.deepEqual(ourCoverage.measured, stockCoverage.measured);
    const percentages = (text: string) =>
      steady(text)
        .split("\n")
        .filter((line) => line.includes(".sol") && line.includes("|"));
    assert.ok(percentages(ourCoverage.run.stdout).length >= 2);
    assert.deepEqual(percentages(ourCoverage.run.stdout), percentages(stockCoverage.run.stdout));
  });
});
