/** The drawn workload: the same calls by other users or with other keys. */
import { OBSTACLES, type Obstacle } from "../../../analysis/workload-redraw/execution-replay";
import type { ReplayedFunction } from "../../../analysis/workload-redraw/redrawn-run";
import { plainText, wrap } from "../plain-text";
import { basisWords } from "../redrawn-words";
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
  const basis = [basisWords(run), ...doubts].join("; ");
  return [
    ...wrap(head, columns).map((line) => colors.bold(line)),
    ...wrap(numbers, columns - 2).map((line) => `  ${line}`),
    ...wrap(basis, columns - 2).map((line) => colors.dim(`  ${line}`)),
    ...run.functions
      .filter(({ calls, executed, otherPath }) => executed < calls || otherPath > 0)
      .flatMap((row) => wrap(functionText(row), columns - 4))
      .map((line) => colors.dim(`    ${line}`)),
  ];
}

const OBSTACLE_TEXTS: Readonly<Record<Obstacle, string>> = {
  failed: "failed in the recording",
  reverted: "failed with the drawn users and keys",
  notRecorded: "lack their code or calldata in the recording",
  undecoded: "have arguments that are not known",
};

function functionText(row: ReplayedFunction): string {
  const { contract, signature, calls, executed, otherPath } = row;
  const name = plainText(
    `${contract.slice(contract.lastIndexOf(":") + 1)}.${signature.split("(")[0]}`,
  );
  const reasons = OBSTACLES.filter((one) => row.obstacles[one] > 0).map(
    (one) => `${row.obstacles[one]} ${OBSTACLE_TEXTS[one]}`,
  );
  const other = otherPath > 0 ? [`${otherPath} took another path than recorded`] : [];
  return `${name}: ${executed} of ${calls} executed; ${[...reasons, ...other].join(", ")}`;
}
