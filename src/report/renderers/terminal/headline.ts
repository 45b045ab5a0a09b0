/** The first lines: how much of the run could happen at the same time. */
import { answerOf } from "../answer";
import { padEnd, padStart, plainText, shorten, width, wrap } from "../plain-text";
import { percent, plural, speedUpNumber } from "../words";
import type { Page } from "./page";

export function headline({ report, columns, colors }: Page): string[] {
  const { metrics, workload } = report;
  const title = `Parallel report: ${plural(workload.transactions, "transaction")} of ${plainText(workload.source)}`;
  const lines = [colors.bold(shorten(title, columns)), ""];
  if (metrics.parallelism === null) {
    return [
      ...lines,
      ...wrap(
        "Nothing can be compared: every window holds one transaction. Put more transactions into a window (--window 64), or mine several in one block.",
        columns,
      ),
    ];
  }
  const { short, isIt } = answerOf(report);
  const facts: [string, string, string][] = [
    ["Is it parallel?", short.toLowerCase(), isIt],
    ["Speed-up at most", `${speedUpNumber(metrics.speedUpBound)}x`, "with any number of lanes"],
    [
      `Speed-up on ${plural(metrics.lanes, "lane")}`,
      `${speedUpNumber(metrics.speedUp)}x`,
      `with ${plural(metrics.lanes, "transaction")} at a time`,
    ],
    ["Parallelism", percent(metrics.parallelism), "0%: one after the other, 100%: all at once"],
    ["Waiting", percent(metrics.conflictRatio), "of transactions read what an earlier one wrote"],
  ];
  const [first, second] = [0, 1].map((column) =>
    Math.max(...facts.map((fact) => width(fact[column] ?? ""))),
  );
  for (const [label, value, meaning] of facts) {
    const padded = padStart(value, second ?? 0);
    const room = columns - (first ?? 0) - width(padded) - 7;
    lines.push(
      `  ${padEnd(label, first ?? 0)}   ${colors.bold(padded)}  ${colors.dim(shorten(meaning, room))}`,
    );
  }
  return lines;
}
