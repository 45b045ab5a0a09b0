/**
 * The metrics of a run: windows are executed one after the other, so gas, critical paths and
 * makespans of its windows add up. A window of one transaction says nothing about conflicts and is
 * left out of every number but its own. docs/metrics.md, "Several windows".
 *
 * Owns: the sum. Does not own: the parts of it.
 */
import { countConflicts } from "./conflict-share";
import { criticalPathLength, longestChain } from "./critical-path";
import type { DependencyGraph } from "./dependency-graph";
import { scheduleOnLanes } from "./lane-schedule";
import { parallelism } from "./parallelism";

export interface RunMetrics {
  /** windows of two and more transactions: all other numbers are of these */
  readonly windows: number;
  readonly transactions: number;
  /** transactions that were alone in their window, and their gas: in no other number */
  readonly alone: { readonly transactions: number; readonly gas: number };
  /** T1, gas */
  readonly work: number;
  /** CP, gas */
  readonly criticalPath: number;
  /** transactions of the longest chain in any window */
  readonly longestChain: number;
  /** sum of each window's largest transaction, gas */
  readonly largest: number;
  /** S∞ = T1 / CP: the speed-up that no number of lanes exceeds; 1 for an empty run */
  readonly speedUpBound: number;
  readonly lanes: number;
  /** S_p = T1 / T_p */
  readonly speedUp: number;
  /** P; null where no window holds two transactions */
  readonly parallelism: number | null;
  /** transactions that depend on a lower one */
  readonly dependent: number;
  /** transactions without any conflict */
  readonly independent: number;
  /** dependent / transactions */
  readonly conflictRatio: number;
  /** independent / transactions */
  readonly independentShare: number;
  /** gas of each window's heaviest group of transactions that hang together / T1 */
  readonly groupConflictRate: number;
  /** pairs of transactions that conflict */
  readonly conflictingPairs: number;
}

/** The windows in which there is something to compare. */
export function comparable(graphs: readonly DependencyGraph[]): DependencyGraph[] {
  return graphs.filter(({ weights }) => weights.length > 1);
}

/** @param lanes p of S_p, at least 1 */
export function measureRun(graphs: readonly DependencyGraph[], lanes: number): RunMetrics {
  const compared = comparable(graphs);
  const alone = graphs.flatMap(({ weights }) => (weights.length > 1 ? [] : weights));
  const sum = {
    transactions: 0,
    work: 0,
    criticalPath: 0,
    longestChain: 0,
    largest: 0,
    makespan: 0,
    dependent: 0,
    independent: 0,
    largestGroup: 0,
    pairs: 0,
  };
  for (const graph of compared) {
    const counts = countConflicts(graph);
    sum.transactions += counts.transactions;
    sum.dependent += counts.dependent;
    sum.independent += counts.independent;
    sum.largestGroup += counts.largestGroup;
    sum.pairs += counts.pairs;
    sum.work += graph.weights.reduce((total, gas) => total + gas, 0);
    sum.largest += graph.weights.reduce((most, gas) => Math.max(most, gas), 0);
    sum.criticalPath += criticalPathLength(graph);
    sum.longestChain = Math.max(sum.longestChain, longestChain(graph));
    sum.makespan += scheduleOnLanes(graph, lanes).makespan;
  }
  return {
    windows: compared.length,
    transactions: sum.transactions,
    alone: { transactions: alone.length, gas: alone.reduce((total, gas) => total + gas, 0) },
    work: sum.work,
    criticalPath: sum.criticalPath,
    longestChain: sum.longestChain,
    largest: sum.largest,
    speedUpBound: ratio(sum.work, sum.criticalPath, 1),
    lanes,
    speedUp: ratio(sum.work, sum.makespan, 1),
    parallelism: parallelism(sum),
    dependent: sum.dependent,
    independent: sum.independent,
    conflictRatio: ratio(sum.dependent, sum.transactions, 0),
    independentShare: ratio(sum.independent, sum.transactions, 1),
    groupConflictRate: ratio(sum.largestGroup, sum.work, 0),
    conflictingPairs: sum.pairs,
  };
}

function ratio(numerator: number, denominator: number, ifNothing: number): number {
  return denominator === 0 ? ifNothing : numerator / denominator;
}
