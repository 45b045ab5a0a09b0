/**
 * Everything the report needs to know of a run, from its workload and the names.
 *
 * Owns: putting the parts of this room together. Does not own: words and formats (report/).
 */
import { accountLockGraph } from "./account-locks";
import { type NamedAssumption, resolveAssumptions } from "./assumption";
import { type AccessSet, findConflicts } from "./conflicts";
import {
  CONTRACT_AND_SENDER_CAUSES,
  type DependencyGraph,
  dependencyGraph,
} from "./dependency-graph";
import { EdgeCounter, type EdgeCounts } from "./edge-counts";
import { type FunctionPair, functionMatrix } from "./function-matrix";
import { type Rollup, rollUp } from "./function-rollup";
import { FunctionRows } from "./function-rows";
import { compareRun, type RunComparisons } from "./run-comparisons";
import { comparable, measureRun, type RunMetrics } from "./run-metrics";
import { type Blame, blameSlots } from "./slot-blame";
import { SlotGroups } from "./slot-groups";
import type { FunctionName, Naming } from "./slot-name";
import { type SlotUse, slotUse } from "./slot-use";
import type { ValueProbes } from "./value-probes/value-probes";
import { unaskedAssumptions, type WhatIf, whatIf } from "./what-if";
import { groupIntoWindows, type WindowMode, type Windows } from "./windows";
import { type GasMode, transactionWeight, type Workload } from "./workload";
import { classifyWrites, countClasses, type WriteClass, type WriteClasses } from "./write-class";

export interface AnalysisOptions {
  readonly window: WindowMode;
  /** p of the speed-up with p lanes */
  readonly lanes: number;
  readonly gasMode: GasMode;
  /** fixes to look for over the whole run */
  readonly maxFixes: number;
  /** what to assume of variables, all together */
  readonly assumptions?: readonly NamedAssumption[];
  /** what executing calls again on other values showed; absent = the log alone is judged */
  readonly probes?: ValueProbes;
}

export interface FunctionAnalysis extends Rollup {
  readonly name: FunctionName;
}

export interface ContractAnalysis extends Rollup {
  readonly contract: string;
  readonly functions: readonly FunctionAnalysis[];
}

export interface RunAnalysis {
  readonly options: AnalysisOptions;
  readonly windows: Windows;
  /** transactions in the windows, also those that were alone in theirs */
  readonly transactions: number;
  /** distinct senders in the windows */
  readonly senders: number;
  readonly failed: number;
  readonly metrics: RunMetrics;
  /** the same if transactions of one sender keep their order */
  readonly withSenderOrder: RunMetrics;
  /** the same on chains where a write that puts the old value back is no conflict */
  readonly comparingValues: RunMetrics;
  /** what other rules would cost */
  readonly comparisons: RunComparisons;
  readonly writeClasses: WriteClasses;
  /** By group of storage slots that were written. */
  readonly classCounts: ReadonlyMap<number, Readonly<Record<WriteClass, number>>>;
  /** the metrics under the assumptions of the options; null if there are none */
  readonly assumed: WhatIf | null;
  /** for the variables that cost most, each assumption alone */
  readonly whatIfs: readonly WhatIf[];
  /** what each transaction did, window by window */
  readonly sets: readonly (readonly AccessSet[])[];
  readonly edges: EdgeCounts;
  readonly groups: SlotGroups;
  readonly blame: Blame;
  /** By group with dependencies: who uses it. */
  readonly slotUse: ReadonlyMap<number, SlotUse>;
  readonly rows: FunctionRows;
  /** functions that transactions call, two by two */
  readonly matrix: readonly FunctionPair[];
  readonly contracts: readonly ContractAnalysis[];
  /** transactions to accounts without code */
  readonly plainTransfers: number;
  /** transactions whose frames were not recorded */
  readonly untraced: number;
}

export function analyseRun(
  workload: Workload,
  naming: Naming,
  options: AnalysisOptions,
): RunAnalysis {
  const windows = groupIntoWindows(workload, options.window);
  const groups = new SlotGroups(workload, naming);
  const groupOf = (location: number): number => groups.groupOf(location);
  const graphs: DependencyGraph[] = [];
  const ordered: DependencyGraph[] = [];
  const byValue: DependencyGraph[] = [];
  const accountLocks: DependencyGraph[] = [];
  const setsOfWindows: AccessSet[][] = [];
  const rows = new FunctionRows(workload, naming);
  const edges = new EdgeCounter(workload);
  const senders = new Set<string>();
  let [failed, plainTransfers, untraced] = [0, 0, 0];
  for (const { transactions } of windows.windows) {
    const sets: AccessSet[] = transactions.map((transaction) => ({
      transaction,
      reads: transaction.reads,
      writes: transaction.writes,
      weight: transactionWeight(transaction, options.gasMode),
    }));
    setsOfWindows.push(sets);
    const conflicts = findConflicts(sets, workload);
    edges.add(conflicts);
    graphs.push(dependencyGraph(sets, conflicts));
    ordered.push(dependencyGraph(sets, conflicts, CONTRACT_AND_SENDER_CAUSES));
    byValue.push(dependencyGraph(sets, findConflicts(sets, workload, "value")));
    accountLocks.push(accountLockGraph(sets, workload));
    for (const transaction of transactions) {
      senders.add(transaction.sender);
      failed += transaction.failed ? 1 : 0;
      plainTransfers += transaction.entries[0]?.plainTransfer === true ? 1 : 0;
      untraced += transaction.entries.length === 0 ? 1 : 0;
    }
  }
  const metrics = measureRun(graphs, options.lanes);
  const blame = blameSlots(comparable(graphs), groupOf, { maxFixes: options.maxFixes });
  const writeClasses = classifyWrites(windows, groups, rows, options.probes);
  const deltaAware = setsOfWindows.map((sets) =>
    dependencyGraph(
      sets,
      findConflicts(sets, workload, "version", (transaction, location) =>
        writeClasses.of(transaction, location) === "delta" ? "delta" : "recorded",
      ),
    ),
  );
  const classCounts = countClasses(windows, groups, writeClasses);
  const use = slotUse(windows, graphs, groups, rows);
  const input = { sets: setsOfWindows, workload, groupOf, lanes: options.lanes };
  const { assumptions = [] } = options;
  const unasked = unaskedAssumptions(blame.slots, (group) => {
    const counts = classCounts.get(group);
    return {
      onlyDeltas:
        counts !== undefined && counts.delta > 0 && counts.append + counts.overwrite === 0,
      restored: use.get(group)?.restored === true,
    };
  });
  return {
    options,
    windows,
    transactions: windows.windows.reduce((sum, window) => sum + window.transactions.length, 0),
    senders: senders.size,
    failed,
    metrics,
    withSenderOrder: measureRun(ordered, options.lanes),
    comparingValues: measureRun(byValue, options.lanes),
    comparisons: compareRun({ recorded: graphs, accountLocks, deltaAware }, metrics, blame),
    writeClasses,
    classCounts,
    assumed:
      assumptions.length === 0
        ? null
        : whatIf(input, resolveAssumptions(assumptions, groups.all())),
    whatIfs: unasked.map((assumption) => whatIf(input, [assumption])),
    sets: setsOfWindows,
    edges: edges.counts(),
    groups,
    blame,
    slotUse: use,
    rows,
    matrix: functionMatrix(windows, workload, groups, rows, options.probes),
    contracts: analyseContracts(workload, rows, windows, groups, options),
    plainTransfers,
    untraced,
  };
}

function analyseContracts(
  workload: Workload,
  names: FunctionRows,
  windows: Windows,
  groups: SlotGroups,
  options: AnalysisOptions,
): ContractAnalysis[] {
  const rollupOptions = {
    lanes: options.lanes,
    gasMode: options.gasMode,
    groupOf: (location: number) => groups.groupOf(location),
    isKeyed: (group: number) => groups.get(group).keyed,
  };
  const functions = rollUp(
    windows.windows,
    workload,
    (entry) => names.functionRow(entry),
    rollupOptions,
  ).map((rollup) => ({ ...rollup, name: names.functionName(rollup.row) }));
  return rollUp(windows.windows, workload, (entry) => names.contractRow(entry), rollupOptions).map(
    (rollup) => {
      const contract = names.contractName(rollup.row);
      return {
        ...rollup,
        contract,
        functions: functions.filter(({ name }) => name.contract === contract),
      };
    },
  );
}
