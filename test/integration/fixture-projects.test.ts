/**
 * The report of every fixture project's load against numbers worked out by hand: those in the
 * project's expected.json, derived in its README from contract and load script, never from output.
 *
 * A verdict is what is true of the function. Where the measured verdict cannot tell it, `shownAs` is
 * what that one says, and the README why; the verdict from the footprint tells it there. Fixable and
 * inherent are one word in the measured verdict.
 */
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FunctionReport, Report, RowReport } from "../../src/report/report";
import { galleryText } from "./gallery";
import { linkPackage, ROOT, type Run, withProjectCopy } from "./project-copy";

type Verdict = "parallel" | "byKey" | "serialFixable" | "serialInherent";

interface ExpectedFunction {
  readonly calls: number;
  /** transactions, among calls of this function */
  readonly longestChain: number;
  /** P if all calls used the same gas */
  readonly parallelism: number;
  readonly verdict: Verdict;
  readonly shownAs?: Verdict;
  /**
   * The scaling exponent, where it is exact: 1 if every call meets every other in a place without a
   * key, 0 if calls by different users with other arguments meet nowhere.
   */
  readonly alpha?: 0 | 1;
}

interface ExpectedContract {
  readonly longestChain: number;
  readonly functions: Readonly<Record<string, ExpectedFunction>>;
  /** By variable: transactions that wait on it. No other variable is waited on. */
  readonly waitingOn: Readonly<Record<string, number>>;
  /** Those of them that every transaction leaves as it found them (locks); none if absent. */
  readonly locks?: readonly string[];
  /**
   * What is said of its variables and where, read off the source: `"D1 totalSold":
   * "contracts/TicketSale.sol:39"`, several places parted by commas. Not compared if absent.
   */
  readonly findings?: Readonly<Record<string, string>>;
}

/** By script and contract. */
type Expected = Readonly<Record<string, Readonly<Record<string, ExpectedContract>>>>;

const PROJECTS = [
  "orderbook",
  "lending",
  "nft",
  "airdrop",
  "game",
  "crowdsale",
  "referral",
  "rollup-inbox",
  "token",
  "amm",
  "counter",
];
/** The report of their own suites is looked at, too; that of counter's in hardhat2.test.ts. */
const SUITES_REPORTED = ["token", "amm"];
const ROOTS_EQUAL = /parallel state root = sequential state root: yes/;
const TRANSACTIONS = 64;
/** The gas of calls differs a little: the first one in a slot pays more. */
const PARALLELISM_TOLERANCE = 0.05;
/** Hardhat processes at a time. */
const AT_A_TIME = 2;

const SHOWN: Readonly<Record<Verdict, RowReport["verdict"]>> = {
  parallel: "parallel",
  byKey: "keyBound",
  serialFixable: "serial",
  serialInherent: "serial",
};

function expectedOf(project: string): Expected {
  // written by hand beside the project; a missing field fails the comparison
  return JSON.parse(
    readFileSync(join(ROOT, "fixture-projects", project, "expected.json"), "utf8"),
  ) as Expected;
}

function succeeded(run: Run): string {
  assert.equal(run.code, 0, `exit code ${run.code}\n${run.stdout}\n${run.stderr}`);
  return run.stdout;
}

interface Result {
  /** by script */
  readonly reports: ReadonlyMap<string, Report>;
  /** "12 passing" of the project's own suite on both networks */
  readonly passing: { readonly ours: string; readonly stock: string };
  /** what `parallel-report` prints for that suite; null where it is not looked at */
  readonly suiteReport: string | null;
}

async function runProject(name: string): Promise<Result> {
  const reports = new Map<string, Report>();
  let passing = { ours: "", stock: "" };
  let suiteReport: string | null = null;
  await withProjectCopy(name, linkPackage, async (project) => {
    for (const script of Object.keys(expectedOf(name))) {
      const flags = ["--script", script, "--window", "mined", "--json", "report.json"];
      succeeded(await project.hardhat("parallel-report", ...flags));
      const report: Report = JSON.parse(
        readFileSync(join(project.directory, "report.json"), "utf8"),
      );
      reports.set(script, report);
    }
    const summary = (run: Run) => /\d+ passing/.exec(succeeded(run))?.[0] ?? run.stdout;
    passing = {
      ours: summary(await project.hardhat("test", "--no-compile")),
      stock: summary(await project.hardhatWith({ PARALLEL: "0" }, "test", "--no-compile")),
    };
    if (SUITES_REPORTED.includes(name)) {
      suiteReport = succeeded(await project.hardhat("parallel-report", "--no-compile"));
    }
  });
  return { reports, passing, suiteReport };
}

/** Starts every project, a few at a time, in order. */
function runAll(): Map<string, Promise<Result>> {
  const results = new Map<string, Promise<Result>>();
  const lanes = Array.from({ length: AT_A_TIME }, () => Promise.resolve());
  for (const [i, name] of PROJECTS.entries()) {
    const lane = lanes[i % AT_A_TIME] ?? Promise.resolve();
    const result = lane.then(() => runProject(name));
    results.set(name, result);
    // a failure is reported by the test that awaits it; the next project runs all the same
    lanes[i % AT_A_TIME] = result.then(
      () => undefined,
      () => undefined,
    );
  }
  return results;
}

/** Compared as a whole, so that a difference shows everything around it. */
function numbersOf(row: RowReport): object {
  return {
    calls: row.calls,
    longestChain: row.metrics.longestChain,
    verdict: row.verdict,
  };
}

function checkReport(report: Report, contracts: Expected[string]): void {
  assert.equal(report.rootCheck.answer, "yes");
  assert.equal(report.workload.failed, 0);
  assert.equal(report.unresolved.slots, 0, report.unresolved.examples.join());
  assert.ok(report.workload.window.largest >= TRANSACTIONS);

  const waitingOn: Record<string, number> = {};
  for (const { contract, variable, dependents } of report.slots) {
    waitingOn[`${contract}.${variable}`] = dependents;
  }
  const expectedWaiting: Record<string, number> = {};
  for (const [contract, expected] of Object.entries(contracts)) {
    for (const [variable, dependents] of Object.entries(expected.waitingOn)) {
      expectedWaiting[`${contract}.${variable}`] = dependents;
    }
  }
  assert.deepEqual(waitingOn, expectedWaiting);
  const locks = report.slots.filter(({ restored }) => restored);
  assert.deepEqual(
    locks.map(({ contract, variable }) => `${contract}.${variable}`).sort(),
    Object.entries(contracts)
      .flatMap(([contract, expected]) =>
        (expected.locks ?? []).map((lock) => `${contract}.${lock}`),
      )
      .sort(),
  );

  for (const [name, { findings }] of Object.entries(contracts)) {
    if (findings !== undefined) {
      const said = report.findings.findings.flatMap(({ id, slot, locations }) =>
        slot?.contract === name ? [[`${id} ${slot.variable}`, locations.join(", ")]] : [],
      );
      assert.deepEqual(Object.fromEntries(said), findings);
    }
  }
  for (const [name, expected] of Object.entries(contracts)) {
    const contract = report.contracts.find((row) => row.name.split(":").at(-1) === name);
    assert.ok(contract !== undefined, `no contract ${name}`);
    assert.equal(contract.metrics.longestChain, expected.longestChain, name);
    for (const [signature, expectedRow] of Object.entries(expected.functions)) {
      const row: FunctionReport | undefined = contract.functions.find(
        (candidate) => candidate.signature === signature,
      );
      assert.ok(row !== undefined, `no function ${name}.${signature}`);
      const { calls, longestChain, parallelism, verdict, shownAs, alpha } = expectedRow;
      assert.deepEqual(
        numbersOf(row),
        { calls, longestChain, verdict: SHOWN[shownAs ?? verdict] },
        `${name}.${signature}`,
      );
      if (alpha !== undefined) {
        assert.equal(row.alpha, alpha, `α of ${name}.${signature}`);
      }
      if (shownAs !== undefined) {
        assert.equal(row.verdictFromFootprint?.kind, verdict, `${name}.${signature}`);
      }
      const measured: number = row.metrics.parallelism ?? Number.NaN;
      assert.ok(
        Math.abs(measured - parallelism) <= PARALLELISM_TOLERANCE,
        `${name}.${signature}: P ${measured}, expected about ${parallelism}`,
      );
      // a chain of all calls, and no chain at all, leave no room for gas
      if (parallelism === 0 || parallelism === 1) {
        assert.equal(measured, parallelism, `${name}.${signature}`);
      }
    }
  }
}

describe("fixture projects", function () {
  this.timeout(300_000);

  let results: ReadonlyMap<string, Promise<Result>>;

  before(() => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
    results = runAll();
  });

  async function resultOf(name: string): Promise<Result> {
    const result = await results.get(name);
    assert.ok(result !== undefined);
    return result;
  }

  for (const name of PROJECTS) {
    const expected = expectedOf(name);
    for (const [script, contracts] of Object.entries(expected)) {
      it(`${name}: the report of ${script} says what was worked out by hand`, async () => {
        const report = (await resultOf(name)).reports.get(script);
        assert.ok(report !== undefined);
        checkReport(report, contracts);
      });
    }
    it(`${name}: the project's tests pass on the parallel network and on the stock one`, async () => {
      const { passing } = await resultOf(name);
      assert.match(passing.ours, /^\d+ passing$/);
      assert.equal(passing.ours, passing.stock);
    });
    if (SUITES_REPORTED.includes(name)) {
      it(`${name}: the report of the project's tests runs all of them, and its roots are the sequential ones`, async () => {
        const { passing, suiteReport } = await resultOf(name);
        assert.match(suiteReport ?? "", ROOTS_EQUAL);
        assert.equal(/\d+ passing/.exec(suiteReport ?? "")?.[0], passing.ours);
      });
    }
  }

  it("docs/gallery.md is what the reports say", async () => {
    const text = await galleryText(async (project, script) => {
      const report = (await resultOf(project)).reports.get(script);
      assert.ok(report !== undefined, `${project} ${script}`);
      return report;
    });
    const path = join(ROOT, "docs", "gallery.md");
    if (process.env.UPDATE_GALLERY === "1") {
      writeFileSync(path, text);
    }
    assert.equal(readFileSync(path, "utf8"), text);
  });
});
