/** The drawn workload: the same calls by other users or with other keys. */
import { wrap } from "../plain-text";
import { percent, plural, speedUpNumber } from "../words";
import type { Page } from "./page";

const SENDERS = { distinct: "each call by a user of its own", "as-is": "users as recorded" };

/** Nothing if no workload was drawn. */
export function redrawn({ report, columns, colors }: Page): string[] {
  const { redrawn: run } = report;
  if (run === undefined) {
    return [];
  }
  const keys = run.keys === "as-is" ? "keys as recorded" : `keys ${run.keys}`;
  const head = `If the recorded calls came otherwise: ${SENDERS[run.senders]}, ${keys} (seed ${run.seed}), windows of ${plural(run.window, "call")}`;
  const numbers = `speed-up at most ${speedUpNumber(run.speedUpBound)}x, ${speedUpNumber(run.speedUp)}x on ${plural(run.lanes, "lane")}, parallelism ${percent(run.parallelism)}`;
  const doubts = [
    run.standIns > 0
      ? `${plural(run.standIns, "call is", "calls are")} stood in for by another of the same function`
      : "",
    run.unknownKeys > 0
      ? `${plural(run.unknownKeys, "key")} of unknown source left as recorded`
      : "",
  ].filter((text) => text !== "");
  const basis = `computed on ${run.basis}, not executed${doubts.length > 0 ? `; ${doubts.join("; ")}` : ""}`;
  return [
    ...wrap(head, columns).map((line) => colors.bold(line)),
    ...wrap(numbers, columns - 2).map((line) => `  ${line}`),
    ...wrap(basis, columns - 2).map((line) => colors.dim(`  ${line}`)),
  ];
}
