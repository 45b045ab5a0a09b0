/** A scenario's runs in words, the same in every format. */
import type { ScenarioReport } from "../scenario-report";
import { count, percent, speedUpNumber } from "./words";

export const SCENARIO_COLUMNS = [
  "users",
  "transactions",
  "failed",
  "parallelism",
  "speed-up",
] as const;

/** One row a number of users; `times` is the sign after a speed-up. */
export function scenarioRows({ sweep }: ScenarioReport, times: "x" | "×"): string[][] {
  return sweep.map((point) => [
    count(point.users),
    count(point.transactions),
    count(point.failed),
    percent(point.parallelism),
    `${speedUpNumber(point.speedUp)}${times}`,
  ]);
}

/** What each run counts as; `name` is the scenario's, ready for the format. */
export function scenarioTitle(name: string, { seed }: ScenarioReport, lanes: number): string {
  return `With more and more users: ${name} (seed ${seed}), each run as one block, speed-up on ${lanes} lanes`;
}

/** How the critical path grew; null if there was one run. */
export function exponentWords({ alpha }: ScenarioReport): string | null {
  return alpha === null
    ? null
    : `The critical path grows as n^${alpha.toFixed(2)} with n transactions (α; 0: not at all, 1: all one after the other).`;
}
