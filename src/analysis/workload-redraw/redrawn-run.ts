/**
 * The metrics of a drawn workload, and how a function's critical path grows with the number of calls.
 * docs/metrics.md, "Drawn workloads", "Scaling exponent".
 *
 * Owns: windows and measuring. Does not own: the draw, the replay.
 */
import { type AccessSet, findConflicts } from "../conflicts";
import { type DependencyGraph, dependencyGraph } from "../dependency-graph";
import type { FunctionModel } from "../footprints/infer-footprints";
import type { DirectCall } from "../footprints/observed-calls";
import { measureRun, type RunMetrics } from "../run-metrics";
import type { Workload, WorkloadTransaction } from "../workload";
import { FootprintReplay, type ReplayBasis } from "./footprint-replay";
import type { RedrawOptions } from "./redraw-options";
import { redrawCalls } from "./redrawn-calls";

export interface RedrawnRun {
  readonly basis: ReplayBasis;
  readonly options: RedrawOptions;
  readonly metrics: RunMetrics;
  /** calls that a sampled call of the same function stands in for */
  readonly standIns: number;
  /** accesses left at their recorded place because their key's source is not known */
  readonly unknownKeys: number;
}

/**
 * Draws the run's calls anew and replays them on footprints, `options.window` calls at a time. Null
 * if no user called a contract.
 * @param lanes p of the speed-up with p lanes
 */
export function redrawRun(
  models: readonly FunctionModel[],
  direct: readonly DirectCall[],
  options: RedrawOptions,
  lanes: number,
): RedrawnRun | null {
  const { calls, standIns } = redrawCalls(models, direct, options);
  const replay = new FootprintReplay();
  const transactions = calls.map((call) => replay.add(call));
  if (transactions.length === 0) {
    return null;
  }
  const workload = replay.workload();
  const graphs: DependencyGraph[] = [];
  for (let start = 0; start < transactions.length; start += options.window) {
    graphs.push(graphOf(transactions.slice(start, start + options.window), workload));
  }
  return {
    basis: "footprints",
    options,
    metrics: measureRun(graphs, lanes),
    standIns,
    unknownKeys: replay.unknownKeys,
  };
}

/** The dependency graph of calls in one window. */
export function graphOf(
  transactions: readonly WorkloadTransaction[],
  workload: Workload,
): DependencyGraph {
  const sets: AccessSet[] = transactions.map((transaction) => ({
    transaction,
    reads: transaction.reads,
    writes: transaction.writes,
    weight: transaction.gas,
  }));
  return dependencyGraph(sets, findConflicts(sets, workload));
}
