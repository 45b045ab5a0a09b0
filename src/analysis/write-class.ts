/**
 * What kind of write each write is. docs/metrics.md, "Write class".
 *
 * `delta` is claimed only where the log shows it: every write of the variable by the same function
 * changes it by the same thing (a constant, one argument of the call, the ether sent), from at least
 * two different values before, and the value is not seen to be used elsewhere. Everything else that
 * changes a value is an `overwrite`.
 *
 * Owns: the classes. Does not own: what they are good for (conflicts.ts, what-if.ts, detectors/).
 */
import type { FunctionRows } from "./function-rows";
import type { SlotGroups } from "./slot-groups";
import type { SlotPart } from "./slot-name";
import { argumentDigits, VALUE_USE, words } from "./value-use";
import type { Windows } from "./windows";
import type { SlotChange, WorkloadTransaction } from "./workload";

export type WriteClass = "silent" | "delta" | "append" | "overwrite";

export interface WriteClasses {
  /** Null where the transaction did not write the slot; balances and nonces have no class. */
  of(transaction: WorkloadTransaction, location: number): WriteClass | null;
}

/** One part of a slot changed by one call. */
interface Observation {
  readonly transaction: WorkloadTransaction;
  readonly location: number;
  readonly before: bigint;
  /** what the change may be due to; empty if nothing fits */
  readonly explanations: readonly string[];
  readonly use: number;
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

const WORD = 1n << 256n;
/** Uses that say nothing against a delta. */
const HARMLESS = ~VALUE_USE.hashChain;

export function classifyWrites(
  windows: Windows,
  groups: SlotGroups,
  rows: FunctionRows,
): WriteClasses {
  const classes = new Map<number, Map<number, WriteClass>>();
  const observations = new Map<string, Observation[]>();
  for (const { transactions } of windows.windows) {
    for (const transaction of transactions) {
      const own = new Map<number, WriteClass>();
      classes.set(transaction.position, own);
      const entryOf = writingEntries(transaction);
      for (const [location, change] of transaction.changes) {
        const part = changedPart(change, groups.parts(location));
        own.set(location, classAlone(change, groups.groupOf(location), part, groups));
        const entry = transaction.entries[entryOf.get(location) ?? -1];
        const row = entry === undefined ? null : rows.functionRow(entry);
        if (own.get(location) !== "overwrite" || entry === undefined || row === null) {
          continue;
        }
        const name = part === null ? groups.groupOf(location) : (part?.variable ?? "");
        const key = `${row}:${groups.groupOf(location)}:${name}`;
        const seen = observations.get(key);
        const observation = {
          transaction,
          location,
          before: partOf(change.before, part),
          explanations:
            part === undefined ? [] : explanations(change, part, entry.frame, transaction),
          use: change.use,
        };
        if (seen === undefined) {
          observations.set(key, [observation]);
        } else {
          seen.push(observation);
        }
      }
    }
  }
  for (const seen of observations.values()) {
    if (isDelta(seen)) {
      for (const { transaction, location } of seen) {
        classes.get(transaction.position)?.set(location, "delta");
      }
    }
  }
  return {
    of: ({ position }, location) => classes.get(position)?.get(location) ?? null,
  };
}

/** By slot: the entry that wrote it; -1 where several did. */
function writingEntries({ accesses }: WorkloadTransaction): Map<number, number> {
  const found = new Map<number, number>();
  for (const { entry, location, write } of accesses) {
    if (write) {
      const before = found.get(location);
      found.set(location, before === undefined || before === entry ? entry : -1);
    }
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
function changedPart(
  { before, after }: SlotChange,
  parts: readonly SlotPart[],
): SlotPart | null | undefined {
  if (parts.length === 0) {
    return null;
  }
  const changed = parts.filter((part) => partOf(before ^ after, part) !== 0n);
  return changed.length > 1 ? undefined : (changed[0] ?? parts[0]);
}

function partOf(slot: bigint, part: SlotPart | null | undefined): bigint {
  return part === null || part === undefined
    ? slot
    : (slot >> BigInt(8 * part.offset)) & ((1n << BigInt(8 * part.bytes)) - 1n);
}

/** Everything in the call that equals the change, or its opposite. */
function explanations(
  { before, after }: SlotChange,
  part: SlotPart | null,
  frame: { readonly input: `0x${string}`; readonly value: bigint },
  { value }: WorkloadTransaction,
): string[] {
  const size = part === null ? WORD : 1n << BigInt(8 * part.bytes);
  const up = (partOf(after, part) - partOf(before, part) + size) % size;
  const down = (size - up) % size;
  const found = [`${up}`];
  const note = (what: string, amount: bigint): void => {
    if (amount === up) {
      found.push(`+${what}`);
    }
    if (amount === down) {
      found.push(`-${what}`);
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
  return found;
}

function isDelta(seen: readonly Observation[]): boolean {
  if (new Set(seen.map(({ before }) => before)).size < 2) {
    return false;
  }
  const [first, ...others] = seen;
  const explained = first?.explanations.some((explanation) =>
    others.every(({ explanations: own }) => own.includes(explanation)),
  );
  const usedInAll = seen.reduce((bits, { use }) => bits & use, HARMLESS);
  return explained === true && usedInAll === 0;
}
