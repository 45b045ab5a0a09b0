/**
 * The metrics of the run if variables were kept in another way, before anyone edits a contract.
 * docs/metrics.md, "What if".
 *
 * Owns: what a treatment does to reads and writes, and which ones are tried unasked. Does not own:
 * conflicts (conflicts.ts), text (assumption.ts).
 */
import type { Assumption, Treatment } from "./assumption";
import { type AccessSet, findConflicts, type UseOf } from "./conflicts";
import { dependencyGraph } from "./dependency-graph";
import { measureRun, type RunMetrics } from "./run-metrics";
import type { GroupOf, SlotBlame } from "./slot-blame";
import type { Workload } from "./workload";

export interface WhatIf {
  readonly assumptions: readonly Assumption[];
  readonly metrics: RunMetrics;
}

/** Variables for which treatments are tried unasked. */
export const UNASKED_VARIABLES = 3;
/** Shards that are tried unasked. */
export const UNASKED_SHARDS = 16;

export interface WhatIfInput {
  readonly sets: readonly (readonly AccessSet[])[];
  readonly workload: Workload;
  readonly groupOf: GroupOf;
  readonly lanes: number;
}

/** The metrics under all of the assumptions together. */
export function whatIf(
  { sets, workload, groupOf, lanes }: WhatIfInput,
  assumptions: readonly Assumption[],
): WhatIf {
  const treatments = new Map(assumptions.map(({ group, treatment }) => [group, treatment]));
  const useOf = treatedUse(treatments, groupOf);
  const graphs = sets.map((window) =>
    dependencyGraph(window, findConflicts(window, workload, "version", useOf)),
  );
  return { assumptions, metrics: measureRun(graphs, lanes) };
}

function treatedUse(treatments: ReadonlyMap<number, Treatment>, groupOf: GroupOf): UseOf {
  const senders = new Map<string, number>();
  return ({ sender }, location) => {
    const treatment = treatments.get(groupOf(location));
    switch (treatment?.kind) {
      case undefined:
        return "recorded";
      case "removed":
        return "ignored";
      case "delta":
        return "delta";
      case "sharded":
        // as `counter[uint160(msg.sender) % N]`
        return Number(BigInt(sender) % BigInt(treatment.shards));
      case "per-sender": {
        const own = senders.get(sender) ?? senders.size;
        senders.set(sender, own);
        return own;
      }
    }
  };
}

/**
 * What is worth trying for the variables that cost most: `removed` for all; `delta` where all writes
 * are deltas, otherwise shards; neither for a lock, which puts its value back.
 */
export function unaskedAssumptions(
  slots: readonly SlotBlame[],
  known: (group: number) => { readonly onlyDeltas: boolean; readonly restored: boolean },
): Assumption[] {
  return slots.slice(0, UNASKED_VARIABLES).flatMap(({ group }) => {
    const { onlyDeltas, restored } = known(group);
    const other: Treatment = onlyDeltas
      ? { kind: "delta" }
      : { kind: "sharded", shards: UNASKED_SHARDS };
    const treatments: Treatment[] = restored ? [{ kind: "removed" }] : [other, { kind: "removed" }];
    return treatments.map((treatment) => ({ group, treatment }));
  });
}
