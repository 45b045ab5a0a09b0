/**
 * What the run would cost under other rules than the ones of its metrics, summed over its windows:
 * optimistic lanes, account locks, deltas that commute. docs/metrics.md, "Re-executions",
 * "Granularity penalty", "Delta dividend", "Hot-slot share".
 *
 * Owns: the sums and ratios. Does not own: the rules (optimistic-run.ts, account-locks.ts,
 * conflicts.ts).
 */
import { criticalPathLength } from "./critical-path";
import type { DependencyGraph } from "./dependency-graph";
import { runOptimistically } from "./optimistic-run";
import type { RunMetrics } from "./run-metrics";
import { comparable } from "./run-metrics";
import type { Blame } from "./slot-blame";

export interface OptimisticMetrics {
  readonly lanes: number;
  /** executions beyond the first of each transaction */
  readonly reexecutions: number;
  /** executions of the transaction that was executed most */
  readonly maxIncarnations: number;
  /** gas of executions in vain / T1 */
  readonly wastedGasShare: number;
  /** T1 / gas until the last end */
  readonly speedUp: number;
}

export interface RunComparisons {
  readonly optimistic: OptimisticMetrics;
  /** CP with account locks / CP; 1 where nothing has gas */
  readonly granularityPenalty: number;
  /** S∞ where deltas commute / S∞ */
  readonly deltaDividend: number;
  /** ΔCP of the three variables with most / ΔCP of all; null where no variable has any alone */
  readonly hotSlotShare: number | null;
}

export interface ComparedGraphs {
  readonly recorded: readonly DependencyGraph[];
  readonly accountLocks: readonly DependencyGraph[];
  readonly deltaAware: readonly DependencyGraph[];
}

/** Variables that count for the hot-slot share (product term). */
const HOT_SLOTS = 3;

export function compareRun(
  graphs: ComparedGraphs,
  metrics: RunMetrics,
  blame: Blame,
): RunComparisons {
  return {
    optimistic: optimisticMetrics(graphs.recorded, metrics),
    granularityPenalty: ratio(totalCriticalPath(graphs.accountLocks), metrics.criticalPath),
    deltaDividend: ratio(metrics.criticalPath, totalCriticalPath(graphs.deltaAware)),
    hotSlotShare: hotSlotShare(blame),
  };
}

/** @param metrics of the same graphs */
export function optimisticMetrics(
  graphs: readonly DependencyGraph[],
  { lanes, work }: Pick<RunMetrics, "lanes" | "work">,
): OptimisticMetrics {
  const runs = comparable(graphs).map((graph) => runOptimistically(graph, lanes));
  const sum = (of: (run: (typeof runs)[number]) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  return {
    lanes,
    reexecutions: sum(({ reexecutions }) => reexecutions),
    maxIncarnations: runs.reduce((most, run) => Math.max(most, run.maxIncarnations), 0),
    wastedGasShare: work === 0 ? 0 : sum(({ wastedGas }) => wastedGas) / work,
    speedUp: ratio(
      work,
      sum(({ makespan }) => makespan),
    ),
  };
}

export function hotSlotShare({ slots }: Pick<Blame, "slots">): number | null {
  const removed = slots.map(({ gasRemoved }) => gasRemoved).sort((a, b) => b - a);
  const total = removed.reduce((sum, gas) => sum + gas, 0);
  const hot = removed.slice(0, HOT_SLOTS).reduce((sum, gas) => sum + gas, 0);
  return total === 0 ? null : hot / total;
}

function totalCriticalPath(graphs: readonly DependencyGraph[]): number {
  return comparable(graphs).reduce((sum, graph) => sum + criticalPathLength(graph), 0);
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 1 : numerator / denominator;
}
