/**
 * The answer in three sentences: is it parallel, if not why, and what to do. Pure words, the same in
 * every format.
 */
import type { FindingReport } from "../insights";
import type { FixReport, Report } from "../report";
import { plainText } from "./plain-text";
import { count, slotName, slotNames, speedUpNumber, withShortAddresses } from "./words";

export type AnswerKind = "parallel" | "partly" | "serial" | "unmeasured";

export interface Answer {
  readonly kind: AnswerKind;
  /** `Partly` */
  readonly short: string;
  /** what follows it */
  readonly isIt: string;
  /** a sentence on the run's speed-up; empty where nothing was measured */
  readonly speedUp: string;
  /** empty if there is nothing to explain */
  readonly why: string;
  readonly todo: string;
  /** the step that `why` is about */
  readonly fix: FixReport | null;
  /** the finding that `todo` is about */
  readonly finding: FindingReport | null;
}

/** From this parallelism on, and up to this one, the answer is yes or no. */
const YES = 0.9;
const NO = 0.1;

export function answerOf(report: Report): Answer {
  const { metrics, fixes } = report;
  const nothing = { why: "", todo: "", speedUp: "", fix: null, finding: null };
  if (metrics.parallelism === null) {
    return {
      ...nothing,
      kind: "unmeasured",
      short: "Not measured",
      isIt: "every window holds one transaction, so there is nothing to compare",
      todo: "Put more transactions into a window (--window 64), or mine several in one block.",
    };
  }
  const kind: AnswerKind =
    metrics.parallelism >= YES ? "parallel" : metrics.parallelism <= NO ? "serial" : "partly";
  const speedUp = `In parallel the run is ${speedUpNumber(metrics.speedUpBound)} times as fast at most.`;
  const said = {
    parallel: { short: "Yes", isIt: "nearly everything can run at the same time" },
    partly: { short: "Partly", isIt: "some transactions wait for others" },
    serial: { short: "No", isIt: "the transactions wait for one another" },
  }[kind];
  const [fix] = fixes;
  if (fix === undefined) {
    const why =
      report.slots.length === 0
        ? "No transaction waits for another."
        : "No single variable, nor any few together, hold the transactions up.";
    return { ...nothing, ...said, speedUp, kind, why, todo: "Nothing to fix." };
  }
  const finding = findingFor(report, fix);
  return {
    ...said,
    speedUp,
    kind,
    fix,
    finding,
    why: whyOf(report, fix),
    todo: todoOf(fix, finding),
  };
}

function whyOf(report: Report, fix: FixReport): string {
  const waiting = fix.slots.map(
    ({ contract, variable }) =>
      report.slots.find((slot) => slot.contract === contract && slot.variable === variable)
        ?.dependents ?? 0,
  );
  const most = Math.max(0, ...waiting);
  const names = slotNames(fix.slots.map(slotName));
  return most === 1
    ? `1 transaction waits on ${names}.`
    : `${count(most)} transactions wait on ${names}.`;
}

/** What is said of a variable of this step; else what is said first of what is the contract's. */
function findingFor({ findings: { findings } }: Report, fix: FixReport): FindingReport | null {
  const own = findings.filter(({ label }) => label !== "infra");
  return (
    own.find(({ slot }) =>
      fix.slots.some(
        ({ contract, variable }) => slot?.contract === contract && slot.variable === variable,
      ),
    ) ??
    own[0] ??
    null
  );
}

function todoOf(fix: FixReport, finding: FindingReport | null): string {
  const gain = `${speedUpNumber(fix.speedUpBefore)} → ${speedUpNumber(fix.speedUpAfter)}`;
  if (finding === null) {
    return `Keep it apart for each user or in several parts: speed-up ${gain}.`;
  }
  const text = withShortAddresses(plainText(finding.remedy));
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return finding.label === "inherent"
    ? `Inherent to what it does; if it matters: ${text}.`
    : `${sentence} Speed-up ${gain}.`;
}
