/**
 * Of the variables that transactions wait on: who uses them, which keys, and their values over time.
 * Owns: collecting, in one pass over the run. Does not own: which variables (Report.slots).
 */
import type { RunAnalysis } from "../../analysis/run-analysis";
import type { SlotPart } from "../../analysis/slot-name";
import type { WorkloadTransaction } from "../../analysis/workload";
import type { WriteClass } from "../../analysis/write-class";
import { MAX_KEYS, MAX_VALUES, type ValueSeries, type VariableDetails } from "../details";
import { hexWord } from "./hex-word";
import type { ReferenceTables } from "./reference-tables";

interface Use {
  reads: number;
  writes: number;
  readonly classes: Record<WriteClass, number>;
}

interface Key {
  readers: number;
  writers: number;
  waits: number;
  readonly written: WorkloadTransaction[];
}

interface Collected {
  readonly uses: Map<number, Use>;
  readonly keys: Map<number, Key>;
}

/** @param waits dependencies by location */
export function variableDetails(
  shown: readonly number[],
  waits: ReadonlyMap<number, number>,
  analysis: RunAnalysis,
  tables: ReferenceTables,
): VariableDetails[] {
  const byGroup = new Map<number, Collected>(
    shown.map((group) => [group, { uses: new Map(), keys: new Map() }]),
  );
  for (const { transactions } of analysis.windows.windows) {
    for (const transaction of transactions) {
      collectKeys(transaction, byGroup, analysis);
      collectUses(transaction, byGroup, analysis);
    }
  }
  return shown.map((group) => {
    const { uses, keys } = byGroup.get(group) ?? { uses: new Map(), keys: new Map() };
    for (const [location, key] of keys) {
      key.waits = waits.get(location) ?? 0;
    }
    const ranked = [...keys].sort(
      ([, a], [, b]) => b.waits - a.waits || b.writers - a.writers || b.readers - a.readers,
    );
    const { contract, variable } = analysis.groups.get(group);
    const [top] = ranked;
    return {
      contract,
      variable,
      uses: [...uses]
        .map(([row, use]) => ({ function: tables.function(row), ...use }))
        .sort((a, b) => b.writes - a.writes || b.reads - a.reads),
      keys: ranked.slice(0, MAX_KEYS).map(([location, { readers, writers, waits: on }]) => ({
        label: analysis.groups.name(location).label,
        readers,
        writers,
        waits: on,
      })),
      keysLeftOut: Math.max(0, ranked.length - MAX_KEYS),
      values: top === undefined ? null : valueSeries(top[0], top[1].written, analysis, tables),
    };
  });
}

function collectKeys(
  transaction: WorkloadTransaction,
  byGroup: ReadonlyMap<number, Collected>,
  { groups }: RunAnalysis,
): void {
  const keyOf = (location: number): Key | undefined => {
    const collected = byGroup.get(groups.groupOf(location));
    if (collected === undefined) {
      return undefined;
    }
    const key = collected.keys.get(location) ?? { readers: 0, writers: 0, waits: 0, written: [] };
    collected.keys.set(location, key);
    return key;
  };
  for (const location of transaction.reads) {
    const key = keyOf(location);
    if (key !== undefined) {
      key.readers++;
    }
  }
  for (const location of transaction.writes) {
    const key = keyOf(location);
    if (key !== undefined) {
      key.writers++;
      if (transaction.changes.has(location)) {
        key.written.push(transaction);
      }
    }
  }
}

/** Once for each call, however often its code touches the variable. */
function collectUses(
  transaction: WorkloadTransaction,
  byGroup: ReadonlyMap<number, Collected>,
  { groups, rows, writeClasses }: RunAnalysis,
): void {
  const seen = new Set<string>();
  for (const { entry, location, read, write } of transaction.accesses) {
    const group = groups.groupOf(location);
    const collected = byGroup.get(group);
    const called = transaction.entries[entry];
    const row = called === undefined ? null : rows.functionRow(called);
    if (collected === undefined || row === null) {
      continue;
    }
    const use = collected.uses.get(row) ?? {
      reads: 0,
      writes: 0,
      classes: { silent: 0, delta: 0, append: 0, overwrite: 0 },
    };
    collected.uses.set(row, use);
    const isNew = (what: string): boolean => {
      const key = `${entry} ${group} ${what}`;
      const fresh = !seen.has(key);
      seen.add(key);
      return fresh;
    };
    use.reads += read && isNew("read") ? 1 : 0;
    if (write && isNew("write")) {
      use.writes++;
      const kind = writeClasses.of(transaction, location);
      if (kind !== null) {
        use.classes[kind]++;
      }
    }
  }
}

function valueSeries(
  location: number,
  written: readonly WorkloadTransaction[],
  { groups }: RunAnalysis,
  tables: ReferenceTables,
): ValueSeries | null {
  const [first] = written;
  if (first === undefined) {
    return null;
  }
  const shown = evenly(written, MAX_VALUES);
  return {
    label: groups.name(location).label,
    parts: groups.parts(location).map(({ label, offset, bytes }: SlotPart) => ({
      label,
      offset,
      bytes,
    })),
    writes: written.length,
    first: hexWord(first.changes.get(location)?.before ?? 0n),
    block: shown.map(({ block }) => tables.block(block)),
    transactionIndex: shown.map(({ transactionIndex }) => transactionIndex),
    function: shown.map((transaction) => tables.called(transaction)),
    value: shown.map(({ changes }) => hexWord(changes.get(location)?.after ?? 0n)),
  };
}

/** At most `limit` of them, the first and the last among them. */
function evenly<T>(values: readonly T[], limit: number): T[] {
  if (values.length <= limit) {
    return [...values];
  }
  const step = (values.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, place) => values[Math.round(place * step)] as T); // in range
}
