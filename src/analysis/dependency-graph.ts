/**
 * The dependency graph of a window: transactions with their gas, edges from writer to reader.
 * Acyclic by construction: every edge goes from a lower to a higher index.
 *
 * Owns: which conflicts are dependencies. Does not own: finding them (conflicts.ts).
 */
import type { AccessSet, Cause, Conflicts } from "./conflicts";
import { CAUSE } from "./conflicts";

export interface DependencyGraph {
  /** gas of each transaction */
  readonly weights: readonly number[];
  /** dependencies of j are those from start[j] to start[j + 1] */
  readonly start: readonly number[];
  /** lower end of each dependency */
  readonly from: readonly number[];
  /** location that makes it; two transactions may depend through several */
  readonly location: readonly number[];
}

/** What counts as a contract's dependency: everything but the sender's nonce and fees. */
export const CONTRACT_CAUSES: ReadonlySet<Cause> = new Set([CAUSE.contract]);

/** With the order that a chain keeps between transactions of one sender. */
export const CONTRACT_AND_SENDER_CAUSES: ReadonlySet<Cause> = new Set([
  CAUSE.contract,
  CAUSE.sender,
]);

/** The graph of those conflicts whose cause is given. */
export function dependencyGraph(
  window: readonly AccessSet[],
  conflicts: Conflicts,
  causes: ReadonlySet<Cause> = CONTRACT_CAUSES,
): DependencyGraph {
  const start = [0];
  const from: number[] = [];
  const location: number[] = [];
  for (let reader = 0; reader < conflicts.size; reader++) {
    const end = conflicts.start[reader + 1] ?? 0;
    for (let edge = conflicts.start[reader] ?? 0; edge < end; edge++) {
      const [writer, place, cause] = [
        conflicts.from[edge],
        conflicts.location[edge],
        conflicts.cause[edge],
      ];
      if (writer !== undefined && place !== undefined && cause !== undefined && causes.has(cause)) {
        from.push(writer);
        location.push(place);
      }
    }
    start.push(from.length);
  }
  return { weights: window.map((set) => set.weight), start, from, location };
}

/** Calls `visit` with each dependency of a transaction. */
export function forEachDependency(
  graph: DependencyGraph,
  transaction: number,
  visit: (from: number, location: number) => void,
): void {
  const end = graph.start[transaction + 1] ?? 0;
  for (let edge = graph.start[transaction] ?? 0; edge < end; edge++) {
    const from = graph.from[edge];
    const location = graph.location[edge];
    if (from !== undefined && location !== undefined) {
      visit(from, location);
    }
  }
}
