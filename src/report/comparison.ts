/**
 * Two snapshots, function by function.
 *
 * Owns: what changed and in which order it matters. Does not own: whether that is bad (check.ts).
 */
import { compare } from "./numbers";
import type { Report } from "./report";
import { byName, type Snapshot, type SnapshotRow } from "./snapshot";

export interface RowChange {
  readonly before: SnapshotRow;
  readonly after: SnapshotRow;
  /** of the comparable calls afterwards; 0 if not known */
  readonly gas: number;
}

export interface Comparison {
  /** largest |ΔP| · gas first, then by name */
  readonly changed: readonly RowChange[];
  readonly unchanged: number;
  /** not in the earlier one */
  readonly added: readonly SnapshotRow[];
  /** not in the later one */
  readonly removed: readonly SnapshotRow[];
}

export function rowKey({ contract, signature }: Pick<SnapshotRow, "contract" | "signature">) {
  return `${contract}:${signature}`;
}

/** Gas of comparable calls, by row key. */
export function gasByRow({ contracts }: Report): ReadonlyMap<string, number> {
  return new Map(
    contracts.flatMap(({ name, functions }) =>
      functions.map(({ signature, metrics }): [string, number] => [
        rowKey({ contract: name, signature }),
        metrics.gas,
      ]),
    ),
  );
}

export function compareSnapshots(
  before: Snapshot,
  after: Snapshot,
  gas: ReadonlyMap<string, number>,
): Comparison {
  const earlier = new Map(before.rows.map((row) => [rowKey(row), row]));
  const later = new Set(after.rows.map(rowKey));
  const both = after.rows.flatMap((row): RowChange[] => {
    const old = earlier.get(rowKey(row));
    return old === undefined ? [] : [{ before: old, after: row, gas: gas.get(rowKey(row)) ?? 0 }];
  });
  const changed = both.filter((change) => isChanged(change));
  return {
    changed: changed.sort((a, b) => weight(b) - weight(a) || byName(a.after, b.after)),
    unchanged: both.length - changed.length,
    added: after.rows.filter((row) => !earlier.has(rowKey(row))),
    removed: before.rows.filter((row) => !later.has(rowKey(row))),
  };
}

function isChanged({ before, after }: RowChange): boolean {
  return (
    before.parallelism !== after.parallelism ||
    before.alpha !== after.alpha ||
    compare(before.hot.join("\n"), after.hot.join("\n")) !== 0
  );
}

function weight({ before, after, gas }: RowChange): number {
  return Math.abs(after.parallelism - before.parallelism) * gas;
}
