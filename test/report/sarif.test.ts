/**
 * SARIF by the rules of its specification (OASIS, SARIF 2.1.0) and of GitHub's code scanning, which
 * takes a part of it.
 */
import { expect } from "chai";
import { NO_FILTERS } from "../../src/report/filters";
import type { FindingReport } from "../../src/report/insights";
import { renderSarif } from "../../src/report/renderers/sarif";
import type { Report } from "../../src/report/report";
import { BUY, saleReport } from "../helpers/hand-made-report";

const FINDING: FindingReport = {
  id: "D1",
  label: "fixable",
  confidence: "high",
  message: "Sale.sold is written by 10 transactions and only ever added to",
  remedy: "emit an event instead",
  caution: "views cannot read it",
  slot: { contract: "Sale", variable: "sold" },
  functions: [{ contract: "contracts/Sale.sol:Sale", signature: BUY }],
  transactions: 10,
  speedUpBefore: 1,
  speedUpIfFixed: 10,
  perChain: {
    version: "waits",
    value: "waits",
    accountLocks: "waits",
    deltaAware: "free",
    accessList: "free",
  },
  locations: ["contracts/Sale.sol:12"],
};

function withFindings(findings: readonly Partial<FindingReport>[], filters = NO_FILTERS): Report {
  const report = saleReport({ contended: true, filters });
  return {
    ...report,
    findings: { ...report.findings, findings: findings.map((one) => ({ ...FINDING, ...one })) },
  };
}

function sarif(report: Report, sourcePath: (name: string) => string | null = (name) => name) {
  return JSON.parse(renderSarif(report, sourcePath));
}

describe("SARIF", () => {
  it("has what code scanning asks for", () => {
    const log = sarif(withFindings([{}, { id: "D6", message: "{a, b} of [x](1)" }, {}]));
    expect(Object.keys(log)).to.deep.equal(["$schema", "version", "runs"]);
    expect(log.version).to.equal("2.1.0");
    const [{ tool, results }] = log.runs;
    const { name, version, rules } = tool.driver;
    expect([name, version]).to.deep.equal(["hardhat-parallel", "0.1.0"]);
    expect(rules.map(({ id }: { id: string }) => id)).to.deep.equal(["D1", "D6"]);
    for (const rule of rules) {
      expect(rule.name).to.match(/^[A-Z][A-Za-z]+$/);
      for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text]) {
        expect(text).to.match(/^[A-Z].*\.$/s);
      }
      expect(rule.help.markdown).to.be.a("string");
      expect(["none", "note", "warning", "error"]).to.include(rule.defaultConfiguration.level);
    }
    expect(results).to.have.length(3);
    for (const result of results) {
      expect(rules[result.ruleIndex].id).to.equal(result.ruleId);
      expect(result.level).to.equal("warning");
      expect(result.message.text).to.match(/^\S.*\.$/s);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uriBaseId).to.equal("%SRCROOT%");
      expect(physicalLocation.artifactLocation.uri).to.equal("contracts/Sale.sol");
      expect(physicalLocation.region.startLine).to.equal(12);
      expect(Object.values(result.partialFingerprints)).to.have.length(1);
    }
    // §3.11.5: braces are doubled; §3.11.6: no link
    expect(results[1].message.text).to.equal(
      "{{a, b}} of [x\\](1). Speed-up 1.0 → 10.0 without it.",
    );
  });

  it("a fingerprint is of pattern, variable and functions, not of lines, numbers or words", () => {
    const fingerprint = (change: Partial<FindingReport>): string =>
      sarif(withFindings([change])).runs[0].results[0].partialFingerprints[
        "hardhatParallelFinding/v1"
      ];
    const same = fingerprint({});
    expect(same).to.match(/^[0-9a-f]{32}$/);
    for (const change of [
      { locations: ["contracts/Sale.sol:99"] },
      { transactions: 3, message: "other words", speedUpIfFixed: 2 },
    ]) {
      expect(fingerprint(change)).to.equal(same);
    }
    for (const change of [
      { id: "D6" as const },
      { slot: { contract: "Sale", variable: "other" } },
      { functions: [] },
    ]) {
      expect(fingerprint(change)).to.not.equal(same);
    }
  });

  it("only fixable findings are results; those outside the repository are notifications", () => {
    const report = withFindings([
      { label: "inherent" },
      { label: "infra" },
      { locations: ["@openzeppelin/contracts/Lib.sol:3"] },
      { locations: [] },
      { locations: ["@openzeppelin/contracts/Lib.sol:3", "contracts/Sale.sol:7"] },
    ]);
    const [run] = sarif(report, (name) => (name.startsWith("@") ? null : name)).runs;
    expect(run.results).to.have.length(1);
    expect(run.results[0].locations[0].physicalLocation.region.startLine).to.equal(7);
    const [invocation] = run.invocations;
    expect(invocation.executionSuccessful).to.equal(true);
    expect(invocation.toolExecutionNotifications).to.have.length(2);
  });

  it("an accepted variable is a suppressed result, with the reason", () => {
    const filters = { ...NO_FILTERS, excludeSlots: [{ slot: "Sale.sold", reason: "it is few" }] };
    const [run] = sarif(withFindings([{}], filters)).runs;
    expect(run.results[0].suppressions).to.deep.equal([
      { kind: "external", justification: "it is few" },
    ]);
  });

  it("paths are URIs", () => {
    const [run] = sarif(withFindings([{}]), () => "my contracts/a#b/ü%.sol").runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).to.equal(
      "my%20contracts/a%23b/%C3%BC%25.sol",
    );
  });
});
