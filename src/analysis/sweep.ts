/**
 * A load that was executed with several numbers of users: how its critical path grows with them.
 * docs/metrics.md, "Scaling exponent".
 *
 * Each run is one window, whatever blocks it was mined in: α is about the calls, not about the size of
 * blocks.
 *
 * Owns: the points and the fit over executed runs. Does not own: the exponent from footprints
 * (workload-redraw/scaling-exponent.ts).
 */
import { findConflicts } from "./conflicts";
import { dependencyGraph } from "./dependency-graph";
import { rollUp } from "./function-rollup";
import { FunctionRows } from "./function-rows";
import { measureRun } from "./run-metrics";
import { SlotGroups } from "./slot-groups";
import type { FunctionName, Naming } from "./slot-name";
import { groupIntoWindows, type Window } from "./windows";
import { type GasMode, transactionWeight, type Workload } from "./workload";
import { slope } from "./workload-redraw/scaling-exponent";

export interface SweepRun {
  readonly users: number;
  readonly workload: Workload;
}

export interface SweepPoint {
  readonly users: number;
  readonly transactions: number;
  /** transactions that reverted */
  readonly failed: number;
  /** T1, gas */
  readonly gas: number;
  /** CP, gas */
  readonly criticalPath: number;
  /** S_p on the lanes asked for */
  readonly speedUp: number;
  /** P; null for less than two transactions */
  readonly parallelism: number | null;
}

export interface SweptFunction {
  readonly name: FunctionName;
  /** null unless it was called in two runs, different numbers of times */
  readonly alpha: number | null;
  readonly points: readonly { readonly calls: number; readonly criticalPath: number }[];
}

export interface Sweep {
  readonly points: readonly SweepPoint[];
  /** of all transactions; null unless there are two points */
  readonly alpha: number | null;
  /** in order of first call */
  readonly functions: readonly SweptFunction[];
}

export interface SweepOptions {
  /** p of the speed-up */
  readonly lanes: number;
  readonly gasMode: GasMode;
}

/** @param runs by ascending number of users */
export function measureSweep(
  runs: readonly SweepRun[],
  naming: Naming,
  options: SweepOptions,
): Sweep {
  const functions = new Map<
    string,
    { name: FunctionName; points: SweptFunction["points"][number][] }
  >();
  const points = runs.map(({ users, workload }) => {
    const windows = oneWindow(workload);
    for (const { name, calls, criticalPath } of functionsOf(windows, workload, naming, options)) {
      const key = `${name.contract}\n${name.signature}`;
      const known = functions.get(key) ?? { name, points: [] };
      known.points.push({ calls, criticalPath });
      functions.set(key, known);
    }
    return pointOf(users, windows, workload, options);
  });
  return {
    points,
    alpha: exponent(points.map(({ transactions, criticalPath }) => [transactions, criticalPath])),
    functions: [...functions.values()].map(({ name, points: own }) => ({
      name,
      points: own,
      alpha: exponent(own.map(({ calls, criticalPath }) => [calls, criticalPath])),
    })),
  };
}

function oneWindow(workload: Workload): readonly Window[] {
  return groupIntoWindows(workload, Math.max(1, workload.transactions.length)).windows;
}

function pointOf(
  users: number,
  windows: readonly Window[],
  workload: Workload,
  { lanes, gasMode }: SweepOptions,
): SweepPoint {
  const transactions = windows.flatMap((window) => window.transactions);
  const graphs = windows.map((window) => {
    const sets = window.transactions.map((transaction) => ({
      transaction,
      reads: transaction.reads,
      writes: transaction.writes,
      weight: transactionWeight(transaction, gasMode),
    }));
    return dependencyGraph(sets, findConflicts(sets, workload));
  });
  const { work, criticalPath, speedUp, parallelism } = measureRun(graphs, lanes);
  return {
    users,
    transactions: transactions.length,
    failed: transactions.filter(({ failed }) => failed).length,
    gas: work,
    criticalPath,
    speedUp,
    parallelism,
  };
}

function functionsOf(
  windows: readonly Window[],
  workload: Workload,
  naming: Naming,
  { lanes, gasMode }: SweepOptions,
) {
  const rows = new FunctionRows(workload, naming);
  const groups = new SlotGroups(workload, naming);
  return rollUp(windows, workload, (entry) => rows.functionRow(entry), {
    lanes,
    gasMode,
    groupOf: (location) => groups.groupOf(location),
    isKeyed: (group) => groups.get(group).keyed,
  }).map(({ row, calls, metrics }) => ({
    name: rows.functionName(row),
    calls,
    criticalPath: metrics.criticalPath,
  }));
}

/** α: the slope of log CP over log n; null without two different n, or without gas. */
function exponent(points: readonly (readonly [number, number])[]): number | null {
  const measured = points.filter(([n, criticalPath]) => n > 0 && criticalPath > 0);
  return new Set(measured.map(([n]) => n)).size < 2
    ? null
    : slope(measured.map(([n, criticalPath]) => [Math.log(n), Math.log(criticalPath)]));
}
