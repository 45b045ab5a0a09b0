/** The scenario that ran: one line a number of users. */
import { padStart, plainText, shorten, wrap } from "../plain-text";
import { count, percent, speedUpNumber } from "../words";
import type { Page } from "./page";

const HEAD = ["users", "transactions", "failed", "parallelism", "speed-up"] as const;

/** Nothing if the run was no scenario, or had one number of users. */
export function scenario({ report, columns, colors }: Page): string[] {
  const { scenario: ran, metrics } = report;
  if (ran === undefined || ran.sweep.length < 2) {
    return [];
  }
  const rows = ran.sweep.map((point) => [
    count(point.users),
    count(point.transactions),
    count(point.failed),
    percent(point.parallelism),
    `${speedUpNumber(point.speedUp)}x`,
  ]);
  const widths = HEAD.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => padStart(cell, widths[i] ?? 0)).join("   ")}`;
  const title = `With more and more users: ${plainText(ran.name)} (seed ${ran.seed}), each run as one block, speed-up on ${metrics.lanes} lanes`;
  return [
    ...wrap(title, columns).map((text) => colors.bold(text)),
    colors.dim(line(HEAD)),
    ...rows.map(line),
    ...(ran.alpha === null
      ? []
      : wrap(
          `The critical path grows as n^${ran.alpha.toFixed(2)} with n transactions (α; 0: not at all, 1: all one after the other).`,
          columns - 2,
        ).map((text) => `  ${shorten(text, columns)}`)),
  ];
}
