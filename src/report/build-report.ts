/**
 * Builds the report from a workload and the names. Pure: the same input gives the same object.
 *
 * Owns: what goes into the report and in which order. Does not own: the analysis, reading logs
 * (report-logs.ts), formats (renderers/).
 */

import type { NamedAssumption } from "../analysis/assumption";
import type { ContractMetadata } from "../analysis/contract-metadata";
import type { Rollup } from "../analysis/function-rollup";
import { type AnalysisOptions, analyseRun, type RunAnalysis } from "../analysis/run-analysis";
import type { RunMetrics } from "../analysis/run-metrics";
import type { Fix } from "../analysis/slot-blame";
import type { Naming } from "../analysis/slot-name";
import type { LocateCode } from "../analysis/source-location";
import { uncalledFunctions } from "../analysis/uncalled-functions";
import { countUnresolved } from "../analysis/unresolved";
import type { ValueProbes } from "../analysis/value-probes/value-probes";
import { judge } from "../analysis/verdict";
import type { WindowMode } from "../analysis/windows";
import type { GasMode, Workload } from "../analysis/workload";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { buildDetails, type DetailsInput } from "./build-details";
import { findingsReport } from "./build-findings";
import { comparisonReport, matrixReport, metricsReport, whatIfReport } from "./build-insights";
import { filterReport, NO_FILTERS, type ReportFilters } from "./filters";
import { type FootprintInput, footprintFields, redrawnReport } from "./footprint-report";
import { compare, rounded, roundedOrNull } from "./numbers";
import {
  type ContractReport,
  type DetailedReport,
  type FixReport,
  type FunctionReference,
  type FunctionReport,
  type Metrics,
  REPORT_SCHEMA,
  REPORT_VERSION,
  type RecordingSummary,
  type Report,
  type RootCheckSummary,
  type RowReport,
  type SlotReport,
  type UncalledSummary,
} from "./report";

/** p of the speed-up with p lanes, unless asked otherwise. */
export const DEFAULT_LANES = 8;
/** Examples of functions that were not called. */
const MAX_UNCALLED_SHOWN = 20;
/** Steps of the list of fixes. */
const MAX_FIXES = 10;

export interface ReportOptions {
  readonly window: WindowMode;
  /** default DEFAULT_LANES */
  readonly lanes?: number;
  /** default "total" */
  readonly gasMode?: GasMode;
  /** absent = rows without footprints */
  readonly footprints?: FootprintInput;
  /** what to assume of variables, all together; see docs/metrics.md, "What if" */
  readonly assumptions?: readonly NamedAssumption[];
  /** what executing calls again on other values showed */
  readonly probes?: ValueProbes;
  /** file and line of accesses, for findings; without it they have none */
  readonly locate?: LocateCode;
  /** of the project's compiler; without it nothing is said of functions that were not called */
  readonly contracts?: readonly ContractMetadata[];
  /** what the report leaves out; absent = nothing */
  readonly filters?: ReportFilters;
  /** absent = a report without details */
  readonly details?: DetailsInput;
}

/** What is known of the run besides its transactions. */
export interface RunInfo {
  readonly tool: string;
  readonly toolVersion: string;
  readonly chainId: bigint;
  readonly hardforks: readonly string[];
  readonly source: string;
  readonly recording: RecordingSummary;
}

/**
 * Throws ParallelError REPORT_EMPTY if there is nothing to compare, and what resolveAssumptions
 * throws of variables that are not there.
 */
export function buildReport(
  workload: Workload,
  naming: Naming,
  run: RunInfo,
  options: ReportOptions,
): DetailedReport {
  const analysisOptions: AnalysisOptions = {
    window: options.window,
    lanes: options.lanes ?? DEFAULT_LANES,
    gasMode: options.gasMode ?? "total",
    maxFixes: MAX_FIXES,
    ...(options.assumptions === undefined ? {} : { assumptions: options.assumptions }),
    ...(options.probes === undefined ? {} : { probes: options.probes }),
  };
  requireTransactions(workload);
  const analysis = analyseRun(workload, naming, analysisOptions);
  const { windows, edges, metrics } = analysis;
  const locate: LocateCode = options.locate ?? (() => null);
  const redrawn =
    options.footprints === undefined
      ? null
      : redrawnReport(options.footprints, analysisOptions.lanes);
  const sizes = windows.windows.map(({ transactions }) => transactions.length);
  const report: Omit<Report, "filters"> = {
    schema: REPORT_SCHEMA,
    version: REPORT_VERSION,
    tool: { name: run.tool, version: run.toolVersion },
    workload: {
      source: run.source,
      transactions: analysis.transactions,
      deployments: windows.setup,
      failed: analysis.failed,
      blocks: workload.blocks.length,
      senders: analysis.senders,
      plainTransfers: analysis.plainTransfers,
      untraced: analysis.untraced,
      gasMode: analysisOptions.gasMode,
      window: {
        mode: windows.mode,
        count: sizes.length,
        largest: sizes.reduce((largest, size) => Math.max(largest, size), 0),
        single: sizes.filter((size) => size === 1).length,
      },
    },
    network: { chainId: run.chainId.toString(), hardforks: run.hardforks },
    metrics: metricsReport(metrics),
    withSenderOrder: metricsReport(analysis.withSenderOrder),
    comparingValues: metricsReport(analysis.comparingValues),
    comparisons: comparisonReport(analysis),
    ...(redrawn === null ? {} : { redrawn }),
    contracts: contractReports(analysis, footprintFields(options.footprints?.models ?? [])),
    slots: slotReports(analysis),
    fixes: fixReports(analysis.blame.fixes, metrics, analysis),
    findings: findingsReport(analysis, workload, locate),
    whatIf: analysis.whatIfs.map((result) => whatIfReport(result, analysis)),
    assumed: analysis.assumed === null ? null : whatIfReport(analysis.assumed, analysis),
    matrix: matrixReport(analysis, workload),
    conflicts: {
      pairs: metrics.conflictingPairs,
      byKind: { ...edges.byKind },
      senderOnlyPairs: edges.senderPairs,
      feeOnlyPairs: edges.feePairs,
    },
    unresolved: countUnresolved(workload, windows, analysis.groups, analysis.rows),
    ...(options.contracts === undefined
      ? {}
      : { uncalled: uncalledSummary(options.contracts, analysis) }),
    rootCheck: rootCheckSummary(workload),
    recording: run.recording,
    observed: {
      ...workload.observed,
      fallbacks: [...workload.observed.fallbacks].map(([reason, blocks]) => ({ reason, blocks })),
    },
  };
  return {
    ...filterReport(report, options.filters ?? NO_FILTERS),
    ...(options.details === undefined
      ? {}
      : { details: buildDetails(analysis, workload, locate, options.details) }),
  };
}

function requireTransactions({ transactions, blocks }: Workload): void {
  if (transactions.some(({ setup }) => !setup)) {
    return;
  }
  const reason =
    blocks.length === 0
      ? "the run mined no block"
      : transactions.length === 0
        ? `every block of the run is empty (${blocks.length})`
        : `every transaction of the run deploys a contract (${transactions.length})`;
  throw new ParallelError(ERRORS.REPORT_EMPTY, { reason });
}

/** S∞; 1 where there is no gas at all. */
function speedUp(work: number, criticalPath: number): number {
  return criticalPath === 0 ? 1 : rounded(work / criticalPath);
}

/** Each fix with what it adds to the ones before it. */
function fixReports(
  fixes: readonly Fix[],
  { work, criticalPath }: RunMetrics,
  { groups, slotUse }: RunAnalysis,
): FixReport[] {
  // what all calls share comes before what depends on a key, and both before locks
  const rank = (group: number): number =>
    (slotUse.get(group)?.restored === true ? 2 : 0) + (groups.get(group).keyed ? 1 : 0);
  let before = criticalPath;
  return fixes.map((fix) => {
    const report: FixReport = {
      slots: [...fix.groups]
        .sort((a, b) => rank(a) - rank(b) || a - b)
        .map((group) => {
          const { contract, variable } = groups.get(group);
          return { contract, variable };
        }),
      speedUpBefore: speedUp(work, before),
      speedUpAfter: speedUp(work, fix.criticalPath),
      criticalPathRemoved: before - fix.criticalPath,
    };
    before = fix.criticalPath;
    return report;
  });
}

function rowReport(rollup: Rollup, analysis: RunAnalysis): RowReport {
  return {
    calls: rollup.calls,
    direct: rollup.direct,
    failed: rollup.failed,
    senders: rollup.senders,
    instances: rollup.instances,
    metrics: metricsReport(rollup.metrics),
    parallelismPerInstance: roundedOrNull(rollup.parallelismPerInstance),
    parallelismIgnoringKeys: roundedOrNull(rollup.parallelismIgnoringKeys),
    verdict: judge(rollup),
    onlySameSender: rollup.onlySameSender && rollup.metrics.dependent > 0,
    topFix: fixReports(rollup.blame.fixes, rollup.metrics, analysis)[0] ?? null,
  };
}

function gasOf({ gas, alone }: Metrics): number {
  return gas + alone.gas;
}

/** Most gas first; of equals by name, so that the order is one function of the content. */
function byGas<T extends { readonly metrics: Metrics }>(nameOf: (row: T) => string) {
  return (a: T, b: T): number =>
    gasOf(b.metrics) - gasOf(a.metrics) || compare(nameOf(a), nameOf(b));
}

function contractReports(
  analysis: RunAnalysis,
  fieldsOf: ReturnType<typeof footprintFields>,
): ContractReport[] {
  return analysis.contracts
    .map((contract) => ({
      name: contract.contract,
      ...rowReport(contract, analysis),
      functions: contract.functions
        .map(
          (row): FunctionReport => ({
            signature: row.name.signature,
            resolved: row.name.resolved,
            ...rowReport(row, analysis),
            ...fieldsOf(row.name.contract, row.name.signature),
          }),
        )
        .sort(byGas((row) => row.signature)),
    }))
    .sort(byGas((row) => row.name));
}

function slotReports({
  blame,
  groups,
  slotUse,
  rows,
  metrics,
  classCounts,
}: RunAnalysis): SlotReport[] {
  const references = (used: ReadonlySet<number> = new Set()): FunctionReference[] =>
    [...used]
      .map((row) => {
        const { contract, signature } = rows.functionName(row);
        return { contract, signature };
      })
      .sort((a, b) => compare(a.contract, b.contract) || compare(a.signature, b.signature));
  return blame.slots.map(({ group, gasRemoved, dependents }) => {
    const { contract, variable, kind, resolved, keyed } = groups.get(group);
    const use = slotUse.get(group);
    return {
      contract,
      variable,
      kind,
      resolved,
      keyed,
      criticalPathRemoved: gasRemoved,
      speedUpIfFixed: speedUp(metrics.work, metrics.criticalPath - gasRemoved),
      dependents,
      locations: use?.locations ?? 0,
      example: use?.example ?? variable,
      restored: use?.restored ?? false,
      writes: classCounts.get(group) ?? null,
      readers: references(use?.readers),
      writers: references(use?.writers),
    };
  });
}

function uncalledSummary(
  metadata: readonly ContractMetadata[],
  { contracts }: RunAnalysis,
): UncalledSummary {
  const called = new Map(
    contracts.map(({ contract, functions }) => [
      contract,
      new Set(functions.map(({ name }) => name.signature)),
    ]),
  );
  const { functions, of } = uncalledFunctions(metadata, called);
  const sorted = [...functions].sort(
    (a, b) => compare(a.contract, b.contract) || compare(a.signature, b.signature),
  );
  return {
    functions: sorted.length,
    ofFunctions: of,
    examples: sorted.slice(0, MAX_UNCALLED_SHOWN),
  };
}

function rootCheckSummary({ rootChecks, blocks }: Workload): RootCheckSummary {
  const { checkedBlocks, equalBlocks, firstUnequal } = rootChecks;
  return {
    blocks: blocks.length,
    checkedBlocks,
    equalBlocks,
    answer: checkedBlocks === 0 ? "notChecked" : checkedBlocks === equalBlocks ? "yes" : "no",
    firstUnequalBlock: firstUnequal === null ? null : firstUnequal.toString(),
  };
}
