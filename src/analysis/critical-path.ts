/**
 * The critical path of a window: the heaviest chain of dependent transactions, in gas. No number
 * of lanes runs the window in less. docs/metrics.md, "Critical path".
 *
 * Owns: lengths and one path. Does not own: the graph.
 */
import { type DependencyGraph, forEachDependency } from "./dependency-graph";

/** Dependencies to leave out: those through a location for which it answers true. */
export type Ignored = (location: number) => boolean;

export interface CriticalPath {
  /** gas */
  readonly length: number;
  /** Transactions of one heaviest chain, ascending; of several, the one with the lowest indices. */
  readonly transactions: readonly number[];
  /** Earliest possible end of each transaction, in gas from the window's start. */
  readonly finish: readonly number[];
}

/** One pass in transaction order; every dependency has a lower index. */
export function finishTimes(graph: DependencyGraph, ignored?: Ignored): number[] {
  const finish: number[] = [];
  for (const [transaction, weight] of graph.weights.entries()) {
    let ready = 0;
    const end = graph.start[transaction + 1] ?? 0;
    for (let edge = graph.start[transaction] ?? 0; edge < end; edge++) {
      if (ignored?.(graph.location[edge] ?? -1) === true) {
        continue;
      }
      const writerEnds = finish[graph.from[edge] ?? -1] ?? 0;
      if (writerEnds > ready) {
        ready = writerEnds;
      }
    }
    finish.push(ready + weight);
  }
  return finish;
}

/** Length of the critical path, gas; 0 for an empty window. */
export function criticalPathLength(graph: DependencyGraph, ignored?: Ignored): number {
  return finishTimes(graph, ignored).reduce((longest, end) => Math.max(longest, end), 0);
}

/** Transactions of the longest chain of dependent ones, whatever they weigh; 0 for an empty window. */
export function longestChain(graph: DependencyGraph): number {
  return criticalPathLength({ ...graph, weights: graph.weights.map(() => 1) });
}

export function criticalPath(graph: DependencyGraph, ignored?: Ignored): CriticalPath {
  const finish = finishTimes(graph, ignored);
  const length = finish.reduce((longest, end) => Math.max(longest, end), 0);
  const transactions: number[] = [];
  let at = finish.indexOf(length);
  while (at !== -1) {
    transactions.push(at);
    const ready = (finish[at] ?? 0) - (graph.weights[at] ?? 0);
    let previous = -1;
    forEachDependency(graph, at, (from, location) => {
      const isTight = finish[from] === ready && ignored?.(location) !== true;
      if (isTight && (previous === -1 || from < previous)) {
        previous = from;
      }
    });
    at = previous;
  }
  return { length, transactions: transactions.reverse(), finish };
}
