/**
 * Parts of the report that say why, and what if. What each number means is in docs/metrics.md.
 *
 * Owns: the shape. Does not own: how it is computed (build-insights.ts).
 */
import type { PairClass } from "../analysis/function-matrix";
import type { MatrixCause } from "../analysis/pair-cause";
import type { FunctionReference, Metrics, SlotReference } from "./report";

/** The run under other rules than the ones of its metrics. */
export interface ComparisonReport {
  /** p lanes that know no conflicts beforehand */
  readonly optimistic: {
    readonly lanes: number;
    readonly reexecutions: number;
    /** executions of the transaction that was executed most */
    readonly maxIncarnations: number;
    /** gas of executions in vain / T1 */
    readonly wastedGasShare: number;
    readonly speedUp: number;
  };
  /** CP with account locks / CP */
  readonly granularityPenalty: number;
  /** S∞ where deltas commute / S∞ */
  readonly deltaDividend: number;
  /** ΔCP of the three variables with most / ΔCP of all; null where none has any alone */
  readonly hotSlotShare: number | null;
}

/** Where a transaction was mined. */
export interface TransactionReference {
  /** decimal */
  readonly block: string;
  readonly transactionIndex: number;
}

export interface PairSlotReport extends SlotReference {
  readonly pairs: number;
  readonly cause: MatrixCause;
  readonly example: readonly [TransactionReference, TransactionReference];
}

/** Two functions that transactions call; the first comes first by name. */
export interface FunctionPairReport {
  readonly functions: readonly [FunctionReference, FunctionReference];
  /** pairs observed */
  readonly pairs: number;
  readonly conflicting: number;
  /** conflicting / pairs; null where no pair was observed */
  readonly probability: number | null;
  readonly kind: PairClass;
  readonly senderPairs: number;
  readonly slots: readonly PairSlotReport[];
}

export interface AssumptionReport extends SlotReference {
  /** `sharded:16`, `delta`, `per-sender`, `removed` */
  readonly treatment: string;
}

export interface WhatIfReport {
  readonly assumptions: readonly AssumptionReport[];
  readonly metrics: Metrics;
}
