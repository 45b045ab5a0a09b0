/**
 * How many transactions of a window conflict at all. docs/metrics.md, "Conflict shares".
 *
 * Owns: counting. Does not own: how much the conflicts cost (critical-path.ts, slot-blame.ts).
 */
import { type DependencyGraph, forEachDependency } from "./dependency-graph";

export interface ConflictCounts {
  readonly transactions: number;
  /** transactions that depend on a lower one: conflict ratio = this / transactions */
  readonly dependent: number;
  /** transactions without any edge: independent share = this / transactions */
  readonly independent: number;
  /** gas of the heaviest connected component: group conflict rate = this / T1 */
  readonly largestGroup: number;
  /** pairs (writer, reader), however many locations they conflict on */
  readonly pairs: number;
}

export function countConflicts(graph: DependencyGraph): ConflictCounts {
  const transactions = graph.weights.length;
  const component = graph.weights.map((_, index) => index);
  const touched = new Array<boolean>(transactions).fill(false);
  let dependent = 0;
  let pairs = 0;
  for (let reader = 0; reader < transactions; reader++) {
    const writers = new Set<number>();
    forEachDependency(graph, reader, (from) => {
      writers.add(from);
    });
    pairs += writers.size;
    if (writers.size > 0) {
      dependent++;
      touched[reader] = true;
    }
    for (const writer of writers) {
      touched[writer] = true;
      component[find(component, reader)] = find(component, writer);
    }
  }
  const gasOf = new Map<number, number>();
  for (const [index, weight] of graph.weights.entries()) {
    const root = find(component, index);
    gasOf.set(root, (gasOf.get(root) ?? 0) + weight);
  }
  let largestGroup = 0;
  for (const gas of gasOf.values()) {
    largestGroup = Math.max(largestGroup, gas);
  }
  const independent = touched.filter((isTouched) => !isTouched).length;
  return { transactions, dependent, independent, largestGroup, pairs };
}

/** Representative of a component, with path halving. */
function find(component: number[], index: number): number {
  let at = index;
  for (;;) {
    const above = component[at] ?? at;
    if (above === at) {
      return at;
    }
    const next = component[above] ?? above;
    component[at] = next;
    at = next;
  }
}
