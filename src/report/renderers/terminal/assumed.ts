/** What the numbers would be under the assumptions that were asked for. */
import { wrap } from "../plain-text";
import { percent, plural, slotName, speedUpNumber } from "../words";
import type { Page } from "./page";

const TREATMENTS: Readonly<Record<string, string>> = {
  delta: "were only added to",
  "per-sender": "were kept for each sender",
  removed: "were gone",
};

function treatmentWords(treatment: string): string {
  const [, shards] = treatment.split(":");
  return shards === undefined
    ? (TREATMENTS[treatment] ?? treatment)
    : `were split into ${shards} parts`;
}

export function assumed({ report, columns, colors }: Page): string[] {
  const { metrics, assumed: result } = report;
  if (result === null || metrics.parallelism === null) {
    return [];
  }
  const list = result.assumptions
    .map((assumption) => `${slotName(assumption)} ${treatmentWords(assumption.treatment)}`)
    .join(" and ");
  const then = result.metrics;
  const text = `If ${list}: speed-up at most ${speedUpNumber(metrics.speedUpBound)} → ${speedUpNumber(then.speedUpBound)}, on ${plural(then.lanes, "lane")} ${speedUpNumber(metrics.speedUp)} → ${speedUpNumber(then.speedUp)}, parallelism ${percent(metrics.parallelism)} → ${percent(then.parallelism)}.`;
  return [
    colors.bold("What you asked to assume"),
    ...wrap(text, columns - 2).map((line) => `  ${line}`),
  ];
}
