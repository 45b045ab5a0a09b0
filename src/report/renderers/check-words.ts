/**
 * What a check or a comparison found, in words that the terminal and Markdown share.
 *
 * Owns: sentences. Does not own: the judgement (check.ts), how names are marked up (given in).
 */
import type { CheckedRow, CheckResult, Failure } from "../check";
import { bareContract } from "../filters";
import type { SnapshotRow } from "../snapshot";
import { plural } from "./words";

/** How a name is shown: as it is, as code. */
export type ShowName = (name: string) => string;

/** `Token.mint(address,uint256)` */
export function rowName({
  contract,
  signature,
}: Pick<SnapshotRow, "contract" | "signature">): string {
  return `${bareContract(contract)}.${signature}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listWords(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** `Token.mint(address): P was 0.93, is 0.00; waits on Token.totalSupply` */
export function failureSentence({ row, before, failures }: CheckedRow, show: ShowName): string {
  const measures = failures.flatMap((failure) => failureWords(failure, show) ?? []);
  return `${show(rowName(row))}: ${[...measures, waitWords(row, before, show)].filter((words) => words !== "").join("; ")}`;
}

function failureWords(failure: Failure, show: ShowName): string {
  const number = (value: number): string => value.toFixed(2);
  switch (failure.kind) {
    case "regression":
      return `${measureName(failure.measure)} was ${number(failure.was)}, is ${number(failure.is)}`;
    case "threshold":
      return `${measureName(failure.measure)} is ${number(failure.is)}, ${failure.measure === "alpha" ? "at most" : "at least"} ${number(failure.limit)} is asked for`;
    case "newHotSlots":
      return `${plural(failure.slots.length, "new hot variable")} (${listWords(failure.slots.map(show))}), at most ${failure.limit} ${failure.limit === 1 ? "is" : "are"} allowed`;
  }
}

function measureName(measure: "P" | "alpha" | "S"): string {
  return { P: "P", alpha: "α", S: "speed-up" }[measure];
}

/** `waits on A, before on B` */
function waitWords(row: SnapshotRow, before: SnapshotRow | null, show: ShowName): string {
  if (row.hot.length === 0) {
    return "";
  }
  const words = `waits on ${listWords(row.hot.map(show))}`;
  if (before === null || before.hot.join("\n") === row.hot.join("\n")) {
    return words;
  }
  return `${words}, before ${before.hot.length === 0 ? "on nothing" : `on ${listWords(before.hot.map(show))}`}`;
}

/** `Token.mint(address): P was 0.93, is 0.00 …: accepted, "the supply is capped"` */
export function excusedSentence(checked: CheckedRow, show: ShowName): string {
  const reasons = checked.accepted.map(({ slot, reason }) => `${show(slot)}: ${show(reason)}`);
  return `${failureSentence(checked, show)}. Accepted (${reasons.join("; ")})`;
}

/** One line that says how the check went. */
export function checkHeadline(result: CheckResult, baseline: string, show: ShowName): string {
  const { failed, checked, ignored } = result;
  const judged = `${plural(checked, "function")} checked${ignored > 0 ? `, ${ignored} with too few calls ignored` : ""}`;
  if (failed.length === 0) {
    const against = result.baseline === null ? "thresholds only" : `against ${show(baseline)}`;
    return `Check passed: ${judged}, ${against}.`;
  }
  return `Check failed: ${plural(failed.length, "function is", "functions are")} worse than ${result.baseline === null ? "the thresholds allow" : `${show(baseline)} and the thresholds allow`} (${judged}).`;
}
