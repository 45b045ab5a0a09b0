/**
 * Parts of the report that say why, and what if. What each number means is in docs/metrics.md.
 *
 * Owns: the shape. Does not own: how it is computed (build-insights.ts).
 */
import type { Confidence, FindingId, FindingLabel } from "../analysis/detectors/finding";
import type { RuleSetId } from "../analysis/detectors/rule-sets";
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

/** A known pattern that makes transactions wait, and what to do about it. docs/metrics.md, "Findings". */
export interface FindingReport {
  readonly id: FindingId;
  readonly label: FindingLabel;
  readonly confidence: Confidence;
  readonly message: string;
  readonly remedy: string;
  readonly caution: string;
  /** null if it is not about a variable */
  readonly slot: SlotReference | null;
  readonly functions: readonly FunctionReference[];
  /** transactions that do it */
  readonly transactions: number;
  /** S∞ as it is */
  readonly speedUpBefore: number;
  /** S∞ without it; null where the run's own rules do not wait for it */
  readonly speedUpIfFixed: number | null;
  /** Does it make transactions wait on this kind of chain? */
  readonly perChain: Readonly<Record<RuleSetId, "waits" | "free">>;
  /** `contracts/Token.sol:12`; empty where the compiler's source map is not at hand */
  readonly locations: readonly string[];
}

export interface FindingsReport {
  /** of the table of kinds of chains */
  readonly ruleSetsVersion: number;
  /** most gain first */
  readonly findings: readonly FindingReport[];
}
