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
import {
  type ExecutionReplay,
  OBSTACLES,
  type Obstacle,
  type ReplayedCall,
} from "./execution-replay";
import { FootprintReplay, type ReplayBasis } from "./footprint-replay";
import type { RedrawOptions } from "./redraw-options";
import { type PlacedCall, redrawCalls } from "./redrawn-calls";

/** How many of a function's drawn calls were executed, and why the others were not. */
export interface ReplayedFunction {
  readonly contract: string;
  readonly signature: string;
  readonly calls: number;
  readonly executed: number;
  /** executed, but by another path through the code than the recorded call */
  readonly otherPath: number;
  /** calls drawn from the footprint instead, by reason */
  readonly obstacles: Readonly<Record<Obstacle, number>>;
}

export interface RedrawnRun {
  /** `mixed`: some calls were executed, the others are drawn from footprints. */
  readonly basis: ReplayBasis;
  readonly options: RedrawOptions;
  readonly metrics: RunMetrics;
  /** in the order of first call; empty if nothing was to be executed */
  readonly functions: readonly ReplayedFunction[];
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
  const calls = redrawCalls(models, direct, options);
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
    functions: [],
    standIns: calls.filter(({ standIn }) => standIn).length,
    unknownKeys: replay.unknownKeys,
  };
}

/**
 * The metrics of drawn calls that were executed where possible. Null if no user called a contract.
 * @param replay after the last block of the run
 */
export function executedRun(
  calls: readonly PlacedCall[],
  replay: ExecutionReplay,
  options: RedrawOptions,
  lanes: number,
): RedrawnRun | null {
  const { replayed } = replay;
  if (replayed.length === 0) {
    return null;
  }
  const workload = replay.workload();
  const windows: WorkloadTransaction[][] = workload.blocks.map(() => []);
  for (const transaction of workload.transactions) {
    windows[transaction.block]?.push(transaction);
  }
  const executed = replayed.filter(({ obstacle }) => obstacle === null).length;
  return {
    basis: executed === 0 ? "footprints" : executed === replayed.length ? "execution" : "mixed",
    options,
    metrics: measureRun(
      windows.map((transactions) => graphOf(transactions, workload)),
      lanes,
    ),
    functions: replayedFunctions(replay),
    standIns: replayed.filter(({ obstacle }, index) => obstacle !== null && calls[index]?.standIn)
      .length,
    unknownKeys: replayed.reduce((sum, { unknownKeys }) => sum + unknownKeys, 0),
  };
}

function replayedFunctions({ replayed }: ExecutionReplay): ReplayedFunction[] {
  const models = new Map(replayed.map(({ model }) => [model, [] as ReplayedCall[]]));
  for (const call of replayed) {
    models.get(call.model)?.push(call);
  }
  return [...models].map(([{ footprint }, calls]) => {
    const counts = OBSTACLES.map((one) => [
      one,
      calls.filter(({ obstacle }) => obstacle === one).length,
    ]);
    return {
      contract: footprint.contract,
      signature: footprint.signature,
      calls: calls.length,
      executed: calls.filter(({ obstacle }) => obstacle === null).length,
      otherPath: calls.filter(({ otherPath }) => otherPath).length,
      // every obstacle is among the entries
      obstacles: Object.fromEntries(counts) as Record<Obstacle, number>,
    };
  });
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
