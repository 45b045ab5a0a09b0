/**
 * Asks all detectors. Of a variable the first that answers speaks: those that know most of it come
 * first. docs/metrics.md, "Findings".
 *
 * Owns: the order. Does not own: the patterns.
 */
import type { RunAnalysis } from "../run-analysis";
import type { Workload } from "../workload";
import { arrayPush, currentIndex, enumerableSet } from "./collections";
import type { DetectorContext, RunDetector, VariableDetector } from "./context";
import { hashChain, nextId, supply, total } from "./counters";
import type { Finding } from "./finding";
import { falseSharing, guard } from "./locks";
import { senderFlood } from "./senders";
import { accrual, hotRead, poolPrice } from "./shared-values";
import { contractBalance, etherSink, pushPayments } from "./transfers";
import { variableFacts } from "./variable-facts";

const OF_VARIABLES: readonly VariableDetector[] = [
  guard,
  falseSharing,
  hashChain,
  supply,
  currentIndex,
  nextId,
  accrual,
  total,
  arrayPush,
  enumerableSet,
  hotRead,
  poolPrice,
  contractBalance,
];

const OF_THE_RUN: readonly RunDetector[] = [pushPayments, etherSink, senderFlood];

/** Most gain first: by the steps of the fixes, then by what each gains alone, then in order found. */
export function detect(analysis: RunAnalysis, workload: Workload): Finding[] {
  const variables = variableFacts(analysis);
  const context: DetectorContext = { analysis, workload, variables };
  const found = variables.flatMap((variable): Finding[] => {
    for (const detector of OF_VARIABLES) {
      const finding = detector(variable, context);
      if (finding !== null) {
        return [finding];
      }
    }
    return [];
  });
  const all = [...found, ...OF_THE_RUN.flatMap((detector) => detector(context))];
  const steps = analysis.blame.fixes;
  const step = ({ id, group }: Finding): number => {
    const at = id === "D4" ? -1 : steps.findIndex(({ groups }) => groups.includes(group ?? -1));
    return at === -1 ? steps.length : at;
  };
  const left = ({ criticalPathWithout }: Finding): number =>
    criticalPathWithout ?? analysis.blame.criticalPath;
  return all
    .map((finding, order) => ({ finding, order }))
    .sort(
      (a, b) =>
        step(a.finding) - step(b.finding) || left(a.finding) - left(b.finding) || a.order - b.order,
    )
    .map(({ finding }) => finding);
}
