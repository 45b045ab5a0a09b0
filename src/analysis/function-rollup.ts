/**
 * The run seen by one contract, or one function of it: only what happened inside its calls, as if
 * nothing else had been in the windows. docs/metrics.md, "Per contract and function".
 *
 * A function counts wherever it was entered, by a transaction or by another contract. What it did
 * includes what it called. As the transaction's own message it weighs the whole transaction, as an
 * internal call the gas of that call.
 *
 * Owns: selecting calls and their accesses. Does not own: metrics, verdicts (verdict.ts).
 */
import type { CallEntry } from "./call-entries";
import type { AccessSet } from "./conflicts";
import { findConflicts } from "./conflicts";
import { type DependencyGraph, dependencyGraph } from "./dependency-graph";
import { comparable, measureRun, type RunMetrics } from "./run-metrics";
import { type Blame, blameSlots, type GroupOf } from "./slot-blame";
import type { Window } from "./windows";
import {
  type GasMode,
  transactionWeight,
  type Workload,
  type WorkloadTransaction,
} from "./workload";

/** Which row a call belongs to: a function's or a contract's number; null = none. */
export type RowOf = (entry: CallEntry) => number | null;

export interface Rollup {
  readonly row: number;
  /** entries, also several in one transaction */
  readonly calls: number;
  /** transactions with at least one call */
  readonly transactions: number;
  /** of these, how many called it themselves, not through another contract */
  readonly direct: number;
  readonly failed: number;
  /** different senders of those transactions */
  readonly senders: number;
  /** different accounts whose storage it worked on, per segment of the chain */
  readonly instances: number;
  readonly metrics: RunMetrics;
  /** P among calls on the same instance; null if no window has two of them */
  readonly parallelismPerInstance: number | null;
  /** The same without dependencies on slots that are chosen by a key. */
  readonly parallelismIgnoringKeys: number | null;
  /** Every dependency is between two transactions of one sender. */
  readonly onlySameSender: boolean;
  readonly blame: Blame;
}

export interface RollupOptions {
  readonly lanes: number;
  readonly gasMode: GasMode;
  readonly groupOf: GroupOf;
  /** Is the group chosen by a key (mapping, array index, account)? */
  readonly isKeyed: (group: number) => boolean;
}

interface Collected {
  calls: number;
  transactions: number;
  direct: number;
  failed: number;
  readonly senders: Set<string>;
  readonly instances: Set<string>;
  /** what the row did, window by window */
  readonly windows: { readonly sets: AccessSet[]; readonly instances: string[] }[];
}

/** One rollup per row that was called, in the order of first call. */
export function rollUp(
  windows: readonly Window[],
  workload: Workload,
  rowOf: RowOf,
  options: RollupOptions,
): Rollup[] {
  const rows = new Map<number, Collected>();
  for (const window of windows) {
    const opened = new Set<number>();
    for (const transaction of window.transactions) {
      for (const [row, entries] of outermostCalls(transaction, rowOf)) {
        let collected = rows.get(row);
        if (collected === undefined) {
          collected = emptyRow();
          rows.set(row, collected);
        }
        if (!opened.has(row)) {
          opened.add(row);
          collected.windows.push({ sets: [], instances: [] });
        }
        collect(collected, transaction, entries, workload, options.gasMode);
      }
    }
    for (const entry of window.transactions.flatMap((transaction) => transaction.entries)) {
      const row = rowOf(entry);
      const collected = row === null ? undefined : rows.get(row);
      if (collected !== undefined) {
        collected.calls++;
      }
    }
  }
  return [...rows].map(([row, collected]) => summarise(row, collected, workload, options));
}

function emptyRow(): Collected {
  return {
    calls: 0,
    transactions: 0,
    direct: 0,
    failed: 0,
    senders: new Set(),
    instances: new Set(),
    windows: [],
  };
}

/** By row: its calls that are not inside another call of the same row. */
function outermostCalls(
  transaction: WorkloadTransaction,
  rowOf: RowOf,
): Map<number, { readonly index: number; readonly entry: CallEntry }[]> {
  const calls = new Map<number, { readonly index: number; readonly entry: CallEntry }[]>();
  for (const [index, entry] of transaction.entries.entries()) {
    const row = rowOf(entry);
    if (row === null) {
      continue;
    }
    const list = calls.get(row);
    if (list === undefined) {
      calls.set(row, [{ index, entry }]);
    } else if (index >= (list.at(-1)?.entry.end ?? 0)) {
      list.push({ index, entry });
    }
  }
  return calls;
}

function collect(
  row: Collected,
  transaction: WorkloadTransaction,
  calls: readonly { readonly index: number; readonly entry: CallEntry }[],
  workload: Workload,
  gasMode: GasMode,
): void {
  const segment = workload.blocks[transaction.block]?.segment ?? 0;
  const instance = `${segment}:${calls[0]?.entry.storageOwner}`;
  row.transactions++;
  row.direct += calls[0]?.index === 0 ? 1 : 0;
  row.failed += transaction.failed ? 1 : 0;
  row.senders.add(transaction.sender);
  row.instances.add(instance);
  const window = row.windows.at(-1);
  window?.sets.push(accessesOf(transaction, calls, gasMode));
  window?.instances.push(instance);
}

function accessesOf(
  transaction: WorkloadTransaction,
  calls: readonly { readonly index: number; readonly entry: CallEntry }[],
  gasMode: GasMode,
): AccessSet {
  if (calls[0]?.index === 0) {
    return {
      transaction,
      reads: transaction.reads,
      writes: transaction.writes,
      weight: transactionWeight(transaction, gasMode),
    };
  }
  const reads = new Set<number>();
  const writes = new Set<number>();
  for (const access of transaction.accesses) {
    if (calls.some(({ index, entry }) => access.entry >= index && access.entry < entry.end)) {
      if (access.read) {
        reads.add(access.location);
      }
      if (access.write) {
        writes.add(access.location);
      }
    }
  }
  return {
    transaction,
    reads: [...reads],
    writes: [...writes],
    weight: calls.reduce((gas, { entry }) => gas + entry.gas, 0),
  };
}

function summarise(
  row: number,
  collected: Collected,
  workload: Workload,
  { lanes, groupOf, isKeyed }: RollupOptions,
): Rollup {
  const graphOf = (sets: readonly AccessSet[]): DependencyGraph =>
    dependencyGraph(sets, findConflicts(sets, workload));
  const graphs = collected.windows.map(({ sets }) => graphOf(sets));
  const perInstance = collected.windows.flatMap(splitByInstance).map(graphOf);
  return {
    row,
    calls: collected.calls,
    transactions: collected.transactions,
    direct: collected.direct,
    failed: collected.failed,
    senders: collected.senders.size,
    instances: collected.instances.size,
    metrics: measureRun(graphs, lanes),
    parallelismPerInstance: measureRun(perInstance, lanes).parallelism,
    parallelismIgnoringKeys: measureRun(
      perInstance.map((graph) => withoutKeyed(graph, groupOf, isKeyed)),
      lanes,
    ).parallelism,
    onlySameSender: collected.windows.every(({ sets }, index) =>
      joinsOneSenderOnly(sets, graphs[index]),
    ),
    blame: blameSlots(comparable(graphs), groupOf, { maxFixes: 1 }),
  };
}

function splitByInstance(window: Collected["windows"][number]): AccessSet[][] {
  const parts = new Map<string, AccessSet[]>();
  for (const [index, set] of window.sets.entries()) {
    const instance = window.instances[index] ?? "";
    const part = parts.get(instance);
    if (part === undefined) {
      parts.set(instance, [set]);
    } else {
      part.push(set);
    }
  }
  return [...parts.values()];
}

/** The graph without dependencies on keyed groups. */
function withoutKeyed(
  graph: DependencyGraph,
  groupOf: GroupOf,
  isKeyed: (group: number) => boolean,
): DependencyGraph {
  const start = [0];
  const from: number[] = [];
  const location: number[] = [];
  for (let reader = 0; reader < graph.weights.length; reader++) {
    const end = graph.start[reader + 1] ?? 0;
    for (let edge = graph.start[reader] ?? 0; edge < end; edge++) {
      const [writer, place] = [graph.from[edge], graph.location[edge]];
      if (writer !== undefined && place !== undefined && !isKeyed(groupOf(place))) {
        from.push(writer);
        location.push(place);
      }
    }
    start.push(from.length);
  }
  return { weights: graph.weights, start, from, location };
}

function joinsOneSenderOnly(
  sets: readonly AccessSet[],
  graph: DependencyGraph | undefined,
): boolean {
  return sets.every((reader, index) => {
    const end = graph?.start[index + 1] ?? 0;
    for (let edge = graph?.start[index] ?? 0; edge < end; edge++) {
      if (sets[graph?.from[edge] ?? -1]?.transaction.sender !== reader.transaction.sender) {
        return false;
      }
    }
    return true;
  });
}
