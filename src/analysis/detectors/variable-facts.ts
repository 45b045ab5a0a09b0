/**
 * What detectors know of a variable that transactions wait on: who reads and writes it, how its
 * value changes, where the code does it.
 *
 * Owns: collecting. Does not own: what follows (the detectors).
 */
import type { RunAnalysis } from "../run-analysis";
import type { SlotGroup } from "../slot-groups";
import type { SlotUse } from "../slot-use";
import type { SlotChange, WorkloadTransaction } from "../workload";
import { changedPart, type WriteClass } from "../write-class";
import { partValue, WHOLE_SLOT } from "../write-rule";
import type { CodePlace } from "./finding";

/** A change of one location by one transaction that did not put the old value back. */
export interface ObservedChange {
  readonly transaction: WorkloadTransaction;
  readonly location: number;
  readonly change: SlotChange;
  /** before and after, of the part that changed where that is known */
  readonly before: bigint;
  readonly after: bigint;
}

export interface VariableFacts {
  readonly group: SlotGroup;
  /** the last part of its name, without length: `_orders` of `book._orders.length` */
  readonly name: string;
  readonly use: SlotUse;
  readonly counts: Readonly<Record<WriteClass, number>> | null;
  /** different transactions */
  readonly writers: ReadonlySet<WorkloadTransaction>;
  /** transactions that read it and do not write it */
  readonly readers: ReadonlySet<WorkloadTransaction>;
  readonly changes: readonly ObservedChange[];
  /** uses of the value that every change has in common (value-use.ts) */
  readonly usedInAll: number;
  /** CP without it, gas */
  readonly criticalPathWithout: number;
  readonly places: readonly CodePlace[];
}

export const MAX_PLACES = 3;

interface Collected {
  readonly writers: Set<WorkloadTransaction>;
  readonly readers: Set<WorkloadTransaction>;
  readonly changes: ObservedChange[];
  readonly places: Map<string, CodePlace>;
}

/** By most critical path removed, as in the blame. */
export function variableFacts(analysis: RunAnalysis): VariableFacts[] {
  const { blame, groups, slotUse, classCounts } = analysis;
  const collected = new Map<number, Collected>(
    blame.slots.map(({ group }) => [
      group,
      { writers: new Set(), readers: new Set(), changes: [], places: new Map() },
    ]),
  );
  for (const transaction of analysis.windows.windows.flatMap((window) => window.transactions)) {
    collect(transaction, collected, analysis);
  }
  return blame.slots.flatMap(({ group, gasRemoved }): VariableFacts[] => {
    const [own, use] = [collected.get(group), slotUse.get(group)];
    if (own === undefined || use === undefined) {
      return [];
    }
    return [
      {
        group: groups.get(group),
        name: lastName(groups.get(group).variable),
        use,
        counts: classCounts.get(group) ?? null,
        writers: own.writers,
        readers: own.readers,
        changes: own.changes,
        usedInAll: own.changes.reduce((bits, { change }) => bits & change.use, ~0),
        criticalPathWithout: blame.criticalPath - gasRemoved,
        places: [...own.places.values()].slice(0, MAX_PLACES),
      },
    ];
  });
}

function collect(
  transaction: WorkloadTransaction,
  collected: ReadonlyMap<number, Collected>,
  { groups }: RunAnalysis,
): void {
  const of = (location: number): Collected | undefined => collected.get(groups.groupOf(location));
  for (const location of transaction.writes) {
    const own = of(location);
    own?.writers.add(transaction);
    const change = transaction.changes.get(location);
    if (own !== undefined && change !== undefined && change.before !== change.after) {
      const part = changedPart(change, groups.parts(location)) ?? WHOLE_SLOT;
      own.changes.push({
        transaction,
        location,
        change,
        before: partValue(part, change.before),
        after: partValue(part, change.after),
      });
    }
  }
  for (const location of transaction.reads) {
    const own = of(location);
    if (own?.writers.has(transaction) === false) {
      own.readers.add(transaction);
    }
  }
  for (const { location, write, codeHash, writePc } of transaction.accesses) {
    if (write && writePc >= 0) {
      of(location)?.places.set(`${codeHash}:${writePc}`, { codeHash, pc: writePc });
    }
  }
}

function lastName(variable: string): string {
  return (
    variable
      .replace(/\.length$/, "")
      .replaceAll("[*]", "")
      .split(".")
      .at(-1) ?? variable
  );
}
