/**
 * What kind of write each write of a run is. docs/metrics.md, "Write class".
 *
 * What the log is too short to judge counts as an `overwrite`: here the observed transactions speak
 * for themselves only.
 *
 * Owns: the classes of transactions. Does not own: the rule (write-rule.ts), what classes are good for
 * (conflicts.ts, what-if.ts, detectors/).
 */
import type { FunctionRows } from "./function-rows";
import type { SlotGroups } from "./slot-groups";
import type { SlotPart } from "./slot-name";
import type { ValueProbes } from "./value-probes/value-probes";
import { argumentDigits, words } from "./value-use";
import type { Windows } from "./windows";
import type { SlotChange, WorkloadTransaction } from "./workload";
import {
  differenceText,
  judgeChanges,
  type PartChange,
  type PartPlace,
  partValue,
  WHOLE_SLOT,
} from "./write-rule";

export type WriteClass = "silent" | "delta" | "append" | "overwrite";

export interface WriteClasses {
  /** Null where the transaction did not write the slot; balances and nonces have no class. */
  of(transaction: WorkloadTransaction, location: number): WriteClass | null;
}

/** One part of a slot changed by one call. */
interface Observation {
  readonly transaction: WorkloadTransaction;
  readonly location: number;
  readonly change: PartChange;
}

/** All changes of one part of a variable by one function. */
interface Observed {
  readonly place: PartPlace;
  readonly observations: Observation[];
}

/** By group: how many writes of its slots are of each class. */
export function countClasses(
  windows: Windows,
  groups: SlotGroups,
  classes: WriteClasses,
): Map<number, Record<WriteClass, number>> {
  const counts = new Map<number, Record<WriteClass, number>>();
  for (const transaction of windows.windows.flatMap((window) => window.transactions)) {
    for (const location of transaction.changes.keys()) {
      const group = groups.groupOf(location);
      const kind = classes.of(transaction, location);
      const count = counts.get(group) ?? { silent: 0, delta: 0, append: 0, overwrite: 0 };
      counts.set(group, count);
      if (kind !== null) {
        count[kind]++;
      }
    }
  }
  return counts;
}

export function classifyWrites(
  windows: Windows,
  groups: SlotGroups,
  rows: FunctionRows,
  probes?: ValueProbes,
): WriteClasses {
  const classes = new Map<number, Map<number, WriteClass>>();
  const observed = new Map<string, Observed>();
  for (const { transactions } of windows.windows) {
    for (const transaction of transactions) {
      const own = new Map<number, WriteClass>();
      classes.set(transaction.position, own);
      const users = entriesOf(transaction);
      for (const [location, change] of transaction.changes) {
        const part = changedPart(change, groups.parts(location));
        own.set(location, classAlone(change, groups.groupOf(location), part, groups));
        const { writer = -1, readElsewhere = false } = users.get(location) ?? {};
        const entry = transaction.entries[writer];
        const row = entry === undefined ? null : rows.functionRow(entry);
        if (
          own.get(location) !== "overwrite" ||
          entry === undefined ||
          row === null ||
          part === undefined
        ) {
          continue;
        }
        const group = groups.groupOf(location);
        const variable = part?.variable ?? groups.get(group).variable;
        const key = `${row}:${group}:${part?.variable ?? ""}`;
        const seen: Observed = observed.get(key) ?? { place: part ?? WHOLE_SLOT, observations: [] };
        observed.set(key, seen);
        seen.observations.push({
          transaction,
          location,
          change: {
            ...explained(change, seen.place, entry.frame, transaction),
            use: change.use,
            readElsewhere,
            isDelta: probes?.isDelta(entry.functionKey, variable),
          },
        });
      }
    }
  }
  for (const { place, observations } of observed.values()) {
    const verdict = judgeChanges(
      place,
      observations.map(({ change }) => change),
    );
    if (verdict.class === "delta") {
      for (const { transaction, location } of observations) {
        classes.get(transaction.position)?.set(location, "delta");
      }
    }
  }
  return {
    of: ({ position }, location) => classes.get(position)?.get(location) ?? null,
  };
}

interface Users {
  /** the entry that wrote it; -1 where several did */
  writer: number | undefined;
  readonly readers: Set<number>;
  readElsewhere: boolean;
}

/** By location: who wrote it, and whether another function read it. */
export function entriesOf({ accesses }: WorkloadTransaction): ReadonlyMap<number, Readonly<Users>> {
  const found = new Map<number, Users>();
  for (const { entry, location, read, write } of accesses) {
    const users = found.get(location) ?? {
      writer: undefined,
      readers: new Set<number>(),
      readElsewhere: false,
    };
    found.set(location, users);
    if (write) {
      users.writer = users.writer === undefined || users.writer === entry ? entry : -1;
    }
    if (read) {
      users.readers.add(entry);
    }
  }
  for (const users of found.values()) {
    users.readElsewhere = [...users.readers].some((reader) => reader !== users.writer);
  }
  return found;
}

/** What can be said of a write without looking at others. */
function classAlone(
  { before, after }: SlotChange,
  group: number,
  part: SlotPart | null | undefined,
  groups: SlotGroups,
): WriteClass {
  if (before === after) {
    return "silent";
  }
  const isLength = part?.holds === "length" || groups.get(group).variable.endsWith(".length");
  return isLength && after > before ? "append" : "overwrite";
}

/** The part that changed; null if the slot holds one thing, undefined if several changed. */
export function changedPart(
  { before, after }: SlotChange,
  parts: readonly SlotPart[],
): SlotPart | null | undefined {
  if (parts.length === 0) {
    return null;
  }
  const changed = parts.filter((part) => partValue(part, before ^ after) !== 0n);
  return changed.length > 1 ? undefined : (changed[0] ?? parts[0]);
}

/** Everything in the call that equals the change, or the new value. */
function explained(
  change: SlotChange,
  place: PartPlace,
  frame: { readonly input: `0x${string}`; readonly value: bigint },
  { value }: WorkloadTransaction,
): Pick<PartChange, "before" | "after" | "amounts" | "assignments"> {
  const [before, after] = [partValue(place, change.before), partValue(place, change.after)];
  const size = 8 * place.bytes;
  const up = BigInt.asUintN(size, after - before);
  const down = BigInt.asUintN(size, before - after);
  const amounts: string[] = [];
  const assignments: string[] = [];
  const note = (what: string, amount: bigint): void => {
    if (amount === up) {
      amounts.push(`+ ${what}`);
    }
    if (amount === down) {
      amounts.push(`- ${what}`);
    }
    if (amount === after) {
      assignments.push(`= ${what}`);
    }
  };
  for (const [index, digits] of words(argumentDigits(frame.input)).entries()) {
    note(`argument ${index}`, BigInt(`0x${digits}`));
  }
  if (frame.value > 0n) {
    note("ether of the call", frame.value);
  }
  if (value > 0n) {
    note("ether of the transaction", value);
  }
  amounts.push(differenceText(after - before));
  assignments.push(`= ${after}`);
  return { before, after, amounts, assignments };
}
