/** From hand-made transactions to conflicts and graphs, for the tests of the metrics. */
import { type AccessSet, type ConflictRule, findConflicts } from "../../src/analysis/conflicts";
import { type DependencyGraph, dependencyGraph } from "../../src/analysis/dependency-graph";
import type { Workload } from "../../src/analysis/workload";
import { collectWorkload } from "../../src/analysis/workload-builder";
import {
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  type Touch,
} from "../helpers/hand-made-log";

export const SOME = new HandMadeContract("Some");

/** A transaction of a sender of its own that touches these locations. */
export function touching(sender: string, gas: number, ...touches: Touch[]): HandMadeTransaction {
  return { from: sender, gas, call: { contract: SOME, fn: "run()", touches } };
}

export function wholeSets(workload: Workload): AccessSet[] {
  return workload.transactions.map((transaction) => ({
    transaction,
    reads: transaction.reads,
    writes: transaction.writes,
    weight: transaction.gas,
  }));
}

/** `1→2 storage contract`: edges with 1-based transactions, kind of location and cause. */
export function edgesOf(
  transactions: readonly HandMadeTransaction[],
  rule?: ConflictRule,
): string[] {
  const workload = collectWorkload(handMadeLog([{ transactions }]));
  const conflicts = findConflicts(wholeSets(workload), workload, rule);
  const edges: string[] = [];
  for (let reader = 0; reader < conflicts.size; reader++) {
    for (let e = conflicts.start[reader] ?? 0; e < (conflicts.start[reader + 1] ?? 0); e++) {
      const kind = workload.locations.kind(conflicts.location[e] ?? -1);
      const cause = ["contract", "sender", "fee"][conflicts.cause[e] ?? -1];
      edges.push(`${(conflicts.from[e] ?? -1) + 1}→${reader + 1} ${kind} ${cause}`);
    }
  }
  return edges.sort();
}

export function graphOf(transactions: readonly HandMadeTransaction[]): {
  graph: DependencyGraph;
  workload: Workload;
} {
  const workload = collectWorkload(handMadeLog([{ transactions }]));
  const sets = wholeSets(workload);
  return { graph: dependencyGraph(sets, findConflicts(sets, workload)), workload };
}
