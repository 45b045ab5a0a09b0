/**
 * The report: a plain, versioned object. Every output format is made from it and from nothing else.
 *
 * All gas is in gas units; all shares and speed-ups are rounded to four decimals; what each number
 * means is in docs/metrics.md. What is under `observed` may differ from run to run, everything else
 * is the same for any number of workers.
 *
 * Owns: the shape. Does not own: how it is computed (build-report.ts), how it looks (renderers/).
 */
import type { VerdictKind } from "../analysis/verdict";
import type { WindowMode } from "../analysis/windows";
import type { GasMode } from "../analysis/workload";
import type { WriteClass } from "../analysis/write-class";
import type { LocationKind } from "../state/location";
import type { ReportDetails } from "./details";
import type { FiltersReport } from "./filters";
import type { FootprintFields, RedrawnReport } from "./footprint-report";
import type {
  ComparisonReport,
  FindingsReport,
  FunctionPairReport,
  WhatIfReport,
} from "./insights";
import type { ScenarioReport } from "./scenario-report";

export const REPORT_SCHEMA = "hardhat-parallel/report";
export const REPORT_VERSION = 1;

export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly version: typeof REPORT_VERSION;
  readonly tool: { readonly name: string; readonly version: string };
  readonly workload: WorkloadSummary;
  readonly network: { readonly chainId: string; readonly hardforks: readonly string[] };
  readonly metrics: Metrics;
  /** The metrics if transactions of one sender keep their order, as on most chains. */
  readonly withSenderOrder: Metrics;
  /** The metrics on chains that compare values: a write that puts the old value back is no conflict. */
  readonly comparingValues: Metrics;
  /** What other rules than those of the metrics would cost. */
  readonly comparisons: ComparisonReport;
  /** The recorded calls by other users or with other keys, if that was asked for. */
  readonly redrawn?: RedrawnReport;
  /** The scenario that ran, if one did; all else is about its largest run. */
  readonly scenario?: ScenarioReport;
  /** most gas first */
  readonly contracts: readonly ContractReport[];
  /** Variables on which transactions wait: most critical path removed first. */
  readonly slots: readonly SlotReport[];
  /** What to fix, in order: each step assumes the earlier ones. */
  readonly fixes: readonly FixReport[];
  /** Known patterns among what holds the transactions up, with their remedies. */
  readonly findings: FindingsReport;
  /** For the variables that cost most: the metrics if they were kept in another way, one by one. */
  readonly whatIf: readonly WhatIfReport[];
  /** The metrics under what was asked to be assumed; null if nothing was. */
  readonly assumed: WhatIfReport | null;
  /** Functions that transactions call, two by two, by name. */
  readonly matrix: readonly FunctionPairReport[];
  readonly conflicts: ConflictSummary;
  readonly unresolved: UnresolvedSummary;
  /** Functions that no transaction called; absent where the contracts' ABIs are not known. */
  readonly uncalled?: UncalledSummary;
  /** What the report leaves out because it was told to. */
  readonly filters: FiltersReport;
  readonly rootCheck: RootCheckSummary;
  readonly recording: RecordingSummary;
  readonly observed: ObservedSummary;
}

/** With what charts and pages need, if it was asked for; the JSON report does not hold that. */
export interface DetailedReport extends Report {
  readonly details?: ReportDetails;
}

export interface WorkloadSummary {
  /** what was run: `test`, a script's name */
  readonly source: string;
  /** transactions that were put into windows; deployments are not among them */
  readonly transactions: number;
  readonly deployments: number;
  readonly failed: number;
  readonly blocks: number;
  readonly senders: number;
  /** transactions to accounts without code */
  readonly plainTransfers: number;
  /** transactions whose calls were not recorded */
  readonly untraced: number;
  readonly gasMode: GasMode;
  readonly window: {
    readonly mode: WindowMode;
    readonly count: number;
    /** transactions in the largest window */
    readonly largest: number;
    /** windows of one transaction: they say nothing about conflicts */
    readonly single: number;
  };
}

/** Of the windows that hold at least two transactions (of the row): only there is something to compare. */
export interface Metrics {
  readonly transactions: number;
  /** transactions that were alone in their window, and their gas: in none of the other numbers */
  readonly alone: { readonly transactions: number; readonly gas: number };
  /** T1, gas */
  readonly gas: number;
  /** CP, gas */
  readonly criticalPath: number;
  /** transactions of the longest chain in any window */
  readonly longestChain: number;
  /** S∞ */
  readonly speedUpBound: number;
  readonly lanes: number;
  /** S_p with p = lanes */
  readonly speedUp: number;
  /** P; null where nothing can be compared */
  readonly parallelism: number | null;
  readonly conflictRatio: number;
  readonly independentShare: number;
  readonly groupConflictRate: number;
}

export interface RowReport {
  readonly calls: number;
  /** transactions that called it themselves, not through another contract */
  readonly direct: number;
  readonly failed: number;
  readonly senders: number;
  /** deployments whose storage it worked on */
  readonly instances: number;
  readonly metrics: Metrics;
  readonly parallelismPerInstance: number | null;
  readonly parallelismIgnoringKeys: number | null;
  readonly verdict: VerdictKind;
  /** True if everything that waits, waits for the same sender's transaction. */
  readonly onlySameSender: boolean;
  /** What this row waits on most; null if nothing waits. */
  readonly topFix: FixReport | null;
}

/** The fields of its footprint are there in reports made from logs. */
export interface FunctionReport extends RowReport, FootprintFields {
  /** `transfer(address,uint256)` */
  readonly signature: string;
  readonly resolved: boolean;
}

export interface ContractReport extends RowReport {
  /** fully qualified name, or the address where it is unknown */
  readonly name: string;
  /** most gas first */
  readonly functions: readonly FunctionReport[];
}

/** `Token.balances[*]` */
export interface SlotReference {
  readonly contract: string;
  readonly variable: string;
}

export interface FunctionReference {
  /** fully qualified name, or the address where it is unknown */
  readonly contract: string;
  readonly signature: string;
}

export interface FixReport {
  /** One variable, or several that only help together. */
  readonly slots: readonly SlotReference[];
  /** S∞ before and after */
  readonly speedUpBefore: number;
  readonly speedUpAfter: number;
  /** gas */
  readonly criticalPathRemoved: number;
}

export interface SlotReport extends SlotReference {
  readonly kind: LocationKind;
  readonly resolved: boolean;
  /** chosen by a key: mapping entry, array element, account */
  readonly keyed: boolean;
  /** ΔCP of this variable alone, gas */
  readonly criticalPathRemoved: number;
  /** S∞ if this variable alone were fixed */
  readonly speedUpIfFixed: number;
  /** transactions that wait on it */
  readonly dependents: number;
  /** different slots and accounts of it that some transaction waits on */
  readonly locations: number;
  /** the one most waited on, by its full name: `balances[0xa11c…]` */
  readonly example: string;
  /** Every write, but a constructor's, puts back the value that was there (reentrancy guard). */
  readonly restored: boolean;
  /** transactions' writes by class; null for what is no storage or was not written */
  readonly writes: Readonly<Record<WriteClass, number>> | null;
  /** functions whose own code reads it, and whose writes it */
  readonly readers: readonly FunctionReference[];
  readonly writers: readonly FunctionReference[];
}

export interface ConflictSummary {
  /** pairs of transactions that conflict through a contract */
  readonly pairs: number;
  /** dependencies by kind of location */
  readonly byKind: Readonly<Record<LocationKind, number>>;
  /** pairs that conflict on nothing but the sender's nonce or balance: no contract's conflict */
  readonly senderOnlyPairs: number;
  /** pairs that conflict on nothing but a balance changed by a fee */
  readonly feeOnlyPairs: number;
}

export interface UnresolvedSummary {
  /** storage slots without a name */
  readonly slots: number;
  /** storage slots touched */
  readonly ofSlots: number;
  /** some of them, as they are shown */
  readonly examples: readonly string[];
  /** calls of functions without a name */
  readonly calls: number;
}

export interface UncalledSummary {
  /** functions that change state, of contracts that the run called, and that the run did not call */
  readonly functions: number;
  /** all functions that change state of these contracts */
  readonly ofFunctions: number;
  /** some of them */
  readonly examples: readonly FunctionReference[];
}

export interface RootCheckSummary {
  readonly blocks: number;
  readonly checkedBlocks: number;
  readonly equalBlocks: number;
  readonly answer: "yes" | "no" | "notChecked";
  /** number of the first block whose roots differ */
  readonly firstUnequalBlock: string | null;
}

export interface RecordingSummary {
  readonly logs: number;
  /** False if a log had no end marker: the run was interrupted. */
  readonly complete: boolean;
  /** mined but not kept because a log had reached its limit */
  readonly droppedBlocks: number;
  readonly droppedTransactions: number;
  /** The run continued another chain: absent or false = it had a chain of its own. */
  readonly forked?: boolean;
}

export interface ObservedSummary {
  readonly blocksParallel: number;
  readonly blocksInThread: number;
  readonly blocksSequential: number;
  readonly aborts: number;
  readonly reexecutions: number;
  readonly fallbacks: readonly { readonly reason: string; readonly blocks: number }[];
}
