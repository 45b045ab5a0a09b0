/** What the benchmark has to show: peer `fast` is at least `factor` times as fast as peer `slow`. */
import { ANVIL, HARDHAT_2, OURS_1, OURS_1_TWICE, OURS_2 } from "./peer-list";
import { ratioTo, type WorkloadResult } from "./rounds";
import type { WorkloadName } from "./workload";

export interface Goal {
  readonly workload: WorkloadName;
  readonly fast: string;
  readonly slow: string;
  readonly factor: number;
}

export interface GoalResult extends Goal {
  /** median over rounds of wall times, slow / fast; null = the workload or one of the peers was not measured */
  readonly ratio: number | null;
  /** the same of CPU times of all threads; null where it cannot be read */
  readonly cpuRatio: number | null;
  /**
   * Of a comparison of two threads with one: how many times as much two processes of one thread got done at
   * the same time, by wall time. What the machine's cores give; null = another comparison, or not measured.
   */
  readonly ceiling: number | null;
  /** by wall time; null = not measured */
  readonly reached: boolean | null;
}

const atLeast = (
  factor: number,
  fast: string,
  slow: string,
  ...workloads: readonly WorkloadName[]
): Goal[] => workloads.map((workload) => ({ workload, fast, slow, factor }));

const GOALS: readonly Goal[] = [
  ...atLeast(6, OURS_2, HARDHAT_2, "transfers"),
  ...atLeast(10, OURS_2, HARDHAT_2, "keccak"),
  ...atLeast(50, OURS_2, HARDHAT_2, "arithmetic"),
  ...atLeast(1, OURS_2, ANVIL, "keccak", "arithmetic"),
  ...atLeast(0.95, OURS_2, OURS_1, "mint", "nft", "swaps-1"),
  ...atLeast(1.7, OURS_2, OURS_1, "keccak", "arithmetic"),
  ...atLeast(1.4, OURS_2, OURS_1, "transfers"),
];

/** All goals, those too whose workload or peers were not measured. */
export function judge(results: readonly WorkloadResult[]): GoalResult[] {
  return GOALS.map((goal) => {
    const peers = results.find(({ workload }) => workload === goal.workload)?.peers;
    const fast = peers?.find(({ id }) => id === goal.fast);
    const slow = peers?.find(({ id }) => id === goal.slow);
    if (fast === undefined || slow === undefined) {
      return { ...goal, ratio: null, cpuRatio: null, ceiling: null, reached: null };
    }
    const { wall: ratio, cpu: cpuRatio } = ratioTo(fast, slow);
    const twice = goal.slow === OURS_1 ? peers?.find(({ id }) => id === OURS_1_TWICE) : undefined;
    const ceiling = twice === undefined ? null : ratioTo(twice, slow).wall;
    return { ...goal, ratio, cpuRatio, ceiling, reached: ratio >= goal.factor };
  });
}

export function printGoals(goals: readonly GoalResult[]): void {
  process.stdout.write("\nGoals (wall time; medians of the rounds' ratios)\n");
  for (const { reached, workload, fast, slow, ratio, cpuRatio, ceiling, factor } of goals) {
    if (ratio === null) {
      process.stdout.write(
        `not measured ${workload}: ${fast} at least ${factor} times as fast as ${slow}\n`,
      );
      continue;
    }
    const cpu = cpuRatio === null ? "" : `, ${cpuRatio.toFixed(2)} by CPU time of all threads`;
    const most =
      ceiling === null ? "" : `; two processes get ${ceiling.toFixed(2)} times as much done as one`;
    process.stdout.write(
      `${reached ? "reached" : "MISSED "} ${workload}: ${fast} is ${ratio.toFixed(2)} times as fast as ${slow}, goal ${factor}${cpu}${most}\n`,
    );
  }
}
