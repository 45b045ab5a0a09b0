/** What every detector is given, and the words they share. */

import { variableName } from "../assumption";
import type { RunAnalysis } from "../run-analysis";
import type { Workload } from "../workload";
import type { Advice, Confidence, Finding, FindingId } from "./finding";
import type { RuleSetId } from "./rule-sets";
import { freeOn } from "./rule-sets";
import type { VariableFacts } from "./variable-facts";

export interface DetectorContext {
  readonly analysis: RunAnalysis;
  readonly workload: Workload;
  /** of all variables that someone waits on */
  readonly variables: readonly VariableFacts[];
}

/** At most one finding a variable: detectors of variables are asked in order. */
export type VariableDetector = (
  variable: VariableFacts,
  context: DetectorContext,
) => Finding | null;

export type RunDetector = (context: DetectorContext) => readonly Finding[];

/** Transactions that a pattern needs: fewer may be chance. */
export const MIN_TRANSACTIONS = 3;

/** `64 transactions` */
export function transactionsText(count: number): string {
  return count === 1 ? "1 transaction" : `${count} transactions`;
}

/** A finding about a variable; its functions are those that write it, or with `readers` read it. */
export function variableFinding(
  id: FindingId,
  variable: VariableFacts,
  advice: Advice,
  said: {
    readonly message: (name: string) => string;
    readonly transactions?: number;
    readonly confidence?: Confidence;
    readonly freeOn?: readonly RuleSetId[];
    readonly withReaders?: boolean;
  },
): Finding {
  const { readers, writers } = variable.use;
  return {
    ...advice,
    id,
    group: variable.group.id,
    functions: [...new Set([...writers, ...(said.withReaders === true ? readers : [])])],
    transactions: said.transactions ?? variable.writers.size,
    message: said.message(variableName(variable.group)),
    confidence: said.confidence ?? "high",
    criticalPathWithout: variable.criticalPathWithout,
    freeOn: freeOn(...(said.freeOn ?? [])),
    places: variable.places,
  };
}
