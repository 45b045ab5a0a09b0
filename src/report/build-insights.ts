/** Builds the parts of the report that say why, and what if (insights.ts). Pure. */
import { treatmentText } from "../analysis/assumption";
import type { FunctionPair } from "../analysis/function-matrix";
import type { RunAnalysis } from "../analysis/run-analysis";
import type { RunMetrics } from "../analysis/run-metrics";
import type { WhatIf } from "../analysis/what-if";
import type { Workload } from "../analysis/workload";
import type {
  ComparisonReport,
  FunctionPairReport,
  TransactionReference,
  WhatIfReport,
} from "./insights";
import { compare, rounded, roundedOrNull } from "./numbers";
import type { FunctionReference, Metrics } from "./report";

export function metricsReport(metrics: RunMetrics): Metrics {
  return {
    transactions: metrics.transactions,
    alone: metrics.alone,
    gas: metrics.work,
    criticalPath: metrics.criticalPath,
    longestChain: metrics.longestChain,
    speedUpBound: rounded(metrics.speedUpBound),
    lanes: metrics.lanes,
    speedUp: rounded(metrics.speedUp),
    parallelism: roundedOrNull(metrics.parallelism),
    conflictRatio: rounded(metrics.conflictRatio),
    independentShare: rounded(metrics.independentShare),
    groupConflictRate: rounded(metrics.groupConflictRate),
  };
}

export function comparisonReport({ comparisons }: RunAnalysis): ComparisonReport {
  const { optimistic, granularityPenalty, deltaDividend, hotSlotShare } = comparisons;
  return {
    optimistic: {
      ...optimistic,
      wastedGasShare: rounded(optimistic.wastedGasShare),
      speedUp: rounded(optimistic.speedUp),
    },
    granularityPenalty: rounded(granularityPenalty),
    deltaDividend: rounded(deltaDividend),
    hotSlotShare: roundedOrNull(hotSlotShare),
  };
}

export function whatIfReport(
  { assumptions, metrics }: WhatIf,
  { groups }: RunAnalysis,
): WhatIfReport {
  return {
    assumptions: assumptions.map(({ group, treatment }) => {
      const { contract, variable } = groups.get(group);
      return { contract, variable, treatment: treatmentText(treatment) };
    }),
    metrics: metricsReport(metrics),
  };
}

function textOf({ contract, signature }: FunctionReference): string {
  return `${contract}\n${signature}`;
}

/** By the functions' names. */
export function matrixReport(analysis: RunAnalysis, workload: Workload): FunctionPairReport[] {
  const key = ({ functions: [first, second] }: FunctionPairReport): string =>
    `${textOf(first)}\n${textOf(second)}`;
  return analysis.matrix
    .map((pair) => pairReport(pair, analysis, workload))
    .sort((a, b) => compare(key(a), key(b)));
}

function pairReport(
  { functions, pairs, conflicting, kind, senderPairs, slots }: FunctionPair,
  { rows, groups }: RunAnalysis,
  workload: Workload,
): FunctionPairReport {
  const [first, second] = functions.map((row): FunctionReference => {
    const { contract, signature } = rows.functionName(row);
    return { contract, signature };
  }) as [FunctionReference, FunctionReference]; // two rows in, two out
  const transaction = (position: number): TransactionReference => {
    const at = workload.transactions[position];
    const block = workload.blocks[at?.block ?? -1]?.number ?? 0n;
    return { block: block.toString(), transactionIndex: at?.transactionIndex ?? 0 };
  };
  return {
    functions: compare(textOf(first), textOf(second)) <= 0 ? [first, second] : [second, first],
    pairs,
    conflicting,
    probability: pairs === 0 ? null : rounded(conflicting / pairs),
    kind,
    senderPairs,
    slots: slots.map(({ group, cause, pairs: between, example: [lower, higher] }) => ({
      contract: groups.get(group).contract,
      variable: groups.get(group).variable,
      pairs: between,
      cause,
      example: [transaction(lower), transaction(higher)],
    })),
  };
}
