/** Builds the list of findings (insights.ts). Pure. */
import { detect } from "../analysis/detectors/detect";
import type { Finding } from "../analysis/detectors/finding";
import { RULE_SETS_VERSION, type RuleSetId } from "../analysis/detectors/rule-sets";
import type { RunAnalysis } from "../analysis/run-analysis";
import type { LocateCode } from "../analysis/source-location";
import type { Workload } from "../analysis/workload";
import type { FindingReport, FindingsReport } from "./insights";
import { rounded } from "./numbers";

export function findingsReport(
  analysis: RunAnalysis,
  workload: Workload,
  locate: LocateCode,
): FindingsReport {
  return {
    ruleSetsVersion: RULE_SETS_VERSION,
    findings: detect(analysis, workload).map((finding) => findingReport(finding, analysis, locate)),
  };
}

function findingReport(
  finding: Finding,
  { groups, rows, metrics }: RunAnalysis,
  locate: LocateCode,
): FindingReport {
  const { id, label, confidence, message, remedy, caution, group, transactions } = finding;
  const speedUp = (criticalPath: number): number =>
    criticalPath === 0 ? 1 : rounded(metrics.work / criticalPath);
  const slot = group === null ? null : groups.get(group);
  const on = (kind: RuleSetId): "waits" | "free" =>
    finding.freeOn.includes(kind) ? "free" : "waits";
  const without = finding.criticalPathWithout;
  const locations = finding.places.map(locate).filter((place) => place !== null);
  return {
    id,
    label,
    confidence,
    message,
    remedy,
    caution,
    slot: slot === null ? null : { contract: slot.contract, variable: slot.variable },
    functions: finding.functions.map((row) => {
      const { contract, signature } = rows.functionName(row);
      return { contract, signature };
    }),
    transactions,
    speedUpBefore: speedUp(metrics.criticalPath),
    speedUpIfFixed: without === null ? null : speedUp(without),
    perChain: {
      version: on("version"),
      value: on("value"),
      accountLocks: on("accountLocks"),
      deltaAware: on("deltaAware"),
      accessList: on("accessList"),
    },
    locations: [...new Set(locations)],
  };
}
