/**
 * The report of a hand-made run, in every format, against files. The numbers in the files are those
 * worked out in token-and-pool.ts; they are asserted here one by one. After a wanted change of words
 * or layout: UPDATE_GOLDEN=1, then read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { collectWorkload } from "../../src/analysis/workload-builder";
import { buildReport, type ReportOptions } from "../../src/report/build-report";
import { checkReport } from "../../src/report/check";
import { compareSnapshots, gasByRow } from "../../src/report/comparison";
import { NO_FILTERS } from "../../src/report/filters";
import { renderJson } from "../../src/report/renderers/json";
import { renderMarkdown } from "../../src/report/renderers/markdown";
import { renderSarif } from "../../src/report/renderers/sarif";
import { renderTerminal } from "../../src/report/renderers/terminal";
import type { FunctionReport, Report } from "../../src/report/report";
import { snapshotOf } from "../../src/report/snapshot";
import { parseSnapshot, renderSnapshot } from "../../src/report/snapshot-file";
import { handMadeLog, handMadeNaming } from "../helpers/hand-made-log";
import { CONTRACTS, FUNCTIONS, TOKEN_AND_POOL } from "./token-and-pool";

function report(options: Partial<ReportOptions> = {}): Report {
  return buildReport(
    collectWorkload(handMadeLog(TOKEN_AND_POOL)),
    handMadeNaming(CONTRACTS, FUNCTIONS),
    {
      tool: "hardhat-parallel",
      toolVersion: "0.1.0",
      chainId: 31337n,
      hardforks: ["prague"],
      source: "test",
      recording: { logs: 1, complete: true, droppedBlocks: 0, droppedTransactions: 0 },
    },
    { window: 64, ...options },
  );
}

const REPORT = report();

function expectGolden(name: string, actual: string): void {
  const path = join(__dirname, "expected", name);
  if (process.env.UPDATE_GOLDEN === "1") {
    writeFileSync(path, actual);
  }
  expect(actual).to.equal(readFileSync(path, "utf8"));
}

function row(signature: string): FunctionReport {
  const found = REPORT.contracts
    .flatMap(({ functions }) => functions)
    .find((candidate) => candidate.signature.startsWith(`${signature}(`));
  if (found === undefined) {
    throw new Error(`no function ${signature}`);
  }
  return found;
}

describe("golden report", () => {
  it("the run's numbers are those worked out by hand", () => {
    expect(REPORT.metrics).to.deep.equal({
      transactions: 14,
      alone: { transactions: 0, gas: 0 },
      gas: 880,
      criticalPath: 510,
      longestChain: 6,
      speedUpBound: 1.7255,
      lanes: 8,
      speedUp: 1.7255,
      parallelism: 0.4744,
      conflictRatio: 0.7857,
      independentShare: 0.1429,
      groupConflictRate: 0.9545,
    });
    expect(REPORT.withSenderOrder.criticalPath).to.equal(510);
    expect(REPORT.conflicts).to.deep.equal({
      pairs: 14,
      byKind: { storage: 20, balance: 0, nonce: 0, code: 0, existence: 0 },
      senderOnlyPairs: 1,
      feeOnlyPairs: 0,
    });
  });

  it("the fixes are those worked out by hand", () => {
    expect(
      REPORT.fixes.map(({ slots, speedUpBefore, speedUpAfter, criticalPathRemoved }) => [
        slots.map(({ contract, variable }) => `${contract}.${variable}`),
        speedUpBefore,
        speedUpAfter,
        criticalPathRemoved,
      ]),
    ).to.deep.equal([
      [["Token.balances[*]"], 1.7255, 2.2, 110],
      [["Pool.reserve", "Pool.unlocked"], 2.2, 3.6667, 160],
      [["Token.totalSupply"], 3.6667, 8.8, 140],
    ]);
    expect(
      REPORT.slots.map(({ variable, dependents, criticalPathRemoved, restored }) => [
        variable,
        dependents,
        criticalPathRemoved,
        restored,
      ]),
    ).to.deep.equal([
      ["balances[*]", 8, 110, false],
      ["totalSupply", 3, 0, false],
      ["unlocked", 3, 0, true],
      ["reserve", 3, 0, false],
    ]);
  });

  it("other rules cost what was worked out by hand", () => {
    expect(REPORT.comparisons).to.deep.equal({
      optimistic: {
        lanes: 8,
        reexecutions: 15,
        maxIncarnations: 3,
        wastedGasShare: 1.1818,
        speedUp: 1.6,
      },
      granularityPenalty: 1.7255,
      deltaDividend: 1,
      hotSlotShare: 1,
    });
    expect(
      REPORT.whatIf.map(({ assumptions, metrics }) => [
        assumptions.map(({ variable, treatment }) => `${variable}=${treatment}`).join(),
        metrics.criticalPath,
      ]),
    ).to.deep.equal([
      ["balances[*]=sharded:16", 450],
      ["balances[*]=removed", 400],
      ["totalSupply=sharded:16", 510],
      ["totalSupply=removed", 510],
      ["unlocked=removed", 510],
    ]);
    expect(REPORT.assumed).to.equal(null);
  });

  it("the findings are those worked out by hand", () => {
    expect(
      REPORT.findings.findings.map(
        ({ id, label, slot, transactions, speedUpIfFixed, perChain }) => [
          id,
          label,
          slot?.variable,
          transactions,
          speedUpIfFixed,
          Object.entries(perChain).flatMap(([kind, effect]) => (effect === "free" ? [kind] : [])),
        ],
      ),
    ).to.deep.equal([
      ["D6", "fixable", "unlocked", 4, 1.7255, ["value", "accessList"]],
      ["D12", "inherent", "reserve", 4, 1.7255, ["accessList"]],
      ["D10", "fixable", "totalSupply", 4, 1.7255, ["accessList"]],
    ]);
  });

  it("the matrix of functions is the one worked out by hand", () => {
    const name = (signature: string): string => signature.replace(/\(.*/, "");
    expect(
      REPORT.matrix.map(({ functions, conflicting, pairs, kind, slots }) =>
        [
          `${functions.map(({ signature }) => name(signature)).join(" × ")}: ${conflicting} of ${pairs}, ${kind}`,
          ...slots.map((slot) => `${slot.variable} ${slot.cause}`),
        ].join("; "),
      ),
    ).to.deep.equal([
      "swap × swap: 6 of 6, always; balances[*] KEYED; unlocked GUARD; reserve STRUCTURAL",
      "swap × approve: 0 of 8, never",
      "swap × mint: 4 of 16, keyDependent; balances[*] KEYED",
      "swap × transfer: 4 of 16, keyDependent; balances[*] SENDER",
      "approve × approve: 0 of 1, never",
      "approve × mint: 0 of 8, never",
      "approve × transfer: 0 of 8, never",
      "mint × mint: 6 of 6, always; totalSupply STRUCTURAL",
      "mint × transfer: 4 of 16, keyDependent; balances[*] KEYED",
      "transfer × transfer: 0 of 6, never",
    ]);
  });

  it("the functions' numbers and verdicts are those worked out by hand", () => {
    const numbers = (name: string): unknown[] => {
      const { calls, direct, metrics, verdict, topFix } = row(name);
      const { gas, criticalPath, parallelism, speedUp } = metrics;
      return [
        calls,
        direct,
        gas,
        criticalPath,
        parallelism,
        speedUp,
        verdict,
        topFix?.speedUpAfter,
      ];
    };
    expect(numbers("mint")).to.deep.equal([4, 4, 240, 240, 0, 1, "serial", 4]);
    expect(numbers("transfer")).to.deep.equal([8, 4, 320, 170, 0.5556, 1.8824, "keyBound", 6.4]);
    expect(numbers("approve")).to.deep.equal([2, 2, 40, 20, 1, 2, "parallel", undefined]);
    expect(numbers("swap")).to.deep.equal([4, 4, 400, 400, 0, 1, "serial", 4]);
    expect(
      REPORT.contracts.map(({ metrics }) => [
        metrics.gas,
        metrics.criticalPath,
        metrics.parallelism,
      ]),
    ).to.deep.equal([
      [600, 320, 0.5185],
      [400, 400, 0],
    ]);
  });

  for (const columns of [80, 120]) {
    it(`terminal, ${columns} columns, no colour`, () => {
      const text = renderTerminal(REPORT, { columns, color: false });
      expectGolden(`token-and-pool.${columns}.txt`, text);
      for (const line of text.split("\n")) {
        expect([...line].length, line).to.be.at.most(columns);
      }
    });
  }

  it("terminal, 120 columns, with scaling exponents and functions that were not called", () => {
    // as footprints give them: mint's counter can be kept otherwise, a pool's reserve cannot
    const kinds = { mint: "serialFixable", swap: "serialInherent" } as const;
    const contracts = REPORT.contracts.map((contract) => ({
      ...contract,
      functions: contract.functions.map((fn) => {
        const kind = Object.entries(kinds).find(([name]) =>
          fn.signature.startsWith(`${name}(`),
        )?.[1];
        return {
          ...fn,
          alpha: kind === undefined ? 0 : 1,
          ...(kind === undefined ? {} : { verdictFromFootprint: { kind, on: [] } }),
        };
      }),
    }));
    const examples = [{ contract: "contracts/Token.sol:Token", signature: "burn(uint256)" }];
    const uncalled = { functions: 1, ofFunctions: 5, examples };
    const text = renderTerminal({ ...REPORT, contracts, uncalled }, { columns: 120, color: false });
    expectGolden("token-and-pool.full.120.txt", text);
  });

  it("colour adds nothing but colour", () => {
    const colored = renderTerminal(REPORT, { columns: 80, color: true });
    expect(colored).to.not.equal(stripVTControlCharacters(colored));
    expect(stripVTControlCharacters(colored)).to.equal(
      renderTerminal(REPORT, { columns: 80, color: false }),
    );
  });

  it("JSON", () => {
    const text = renderJson(REPORT);
    expectGolden("token-and-pool.json", text);
    expect(JSON.parse(text)).to.deep.equal(REPORT);
  });

  const RULES = {
    thresholds: { P: null, alpha: null, S: null, newHotSlots: 0 },
    tolerance: { absolute: 0.05, relative: 0.05 },
    minCalls: 2,
    minGas: 0,
  };

  /** mint was parallel, transfer waited on another variable, burn is gone, swap is new. */
  const BEFORE = parseSnapshot(
    [
      "# hardhat-parallel snapshot 1, window=64, source=test",
      "contracts/Token.sol:Token:approve(address,uint256) P=1.00 alpha=- hot=-",
      "contracts/Token.sol:Token:burn(uint256) P=0.25 alpha=- hot=Token.totalSupply",
      "contracts/Token.sol:Token:mint(address,uint256) P=1.00 alpha=- hot=-",
      "contracts/Token.sol:Token:transfer(address,uint256) P=0.56 alpha=- hot=Token.paused",
      "",
    ].join("\n"),
    "before",
  );

  it("snapshot", () => {
    expectGolden("token-and-pool.parallel-snapshot", renderSnapshot(snapshotOf(REPORT, RULES)));
  });

  it("Markdown, without and with a baseline", () => {
    expectGolden("token-and-pool.md", renderMarkdown(REPORT));
    const filters = {
      ...NO_FILTERS,
      excludeContracts: ["Oracle"],
      excludeFunctions: ["Token.approve"],
      excludeSlots: [{ slot: "Token.totalSupply", reason: "one supply | for all" }],
    };
    const filtered = report({ filters });
    const after = snapshotOf(filtered, RULES);
    expectGolden(
      "token-and-pool.changed.md",
      renderMarkdown(filtered, {
        baseline: ".parallel-snapshot",
        comparison: compareSnapshots(BEFORE, after, gasByRow(filtered)),
        check: checkReport(filtered, BEFORE, RULES),
      }),
    );
  });

  it("SARIF", () => {
    const filters = {
      ...NO_FILTERS,
      excludeSlots: [{ slot: "Token.totalSupply", reason: "one supply" }],
    };
    const plain = report({ filters });
    // hand-made accesses have no position in the code
    const findings = plain.findings.findings.map((finding, index) => ({
      ...finding,
      locations: ["contracts/Pool.sol:12", `contracts/Pool.sol:${20 + index}`],
    }));
    const places = { ...plain, findings: { ...plain.findings, findings } };
    expectGolden(
      "token-and-pool.sarif",
      renderSarif(places, (name) => `packages/a b/${name}`),
    );
  });
});
