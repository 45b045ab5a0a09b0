/**
 * A snapshot: of every function what is compared with later runs, rounded so that the same code gives
 * the same text. A baseline is a snapshot in a file (snapshot-file.ts).
 *
 * Owns: which functions and numbers. Does not own: the text, what is a regression (check.ts).
 */
import { slotText } from "./filters";
import { compare } from "./numbers";
import type { FunctionReport, Report } from "./report";

export interface SnapshotRow {
  /** fully qualified name, or the address where it is unknown */
  readonly contract: string;
  readonly signature: string;
  /** P, two decimals */
  readonly parallelism: number;
  /** α, two decimals; null if not known */
  readonly alpha: number | null;
  /** the variables it waits on most, as they are printed, by name; empty if nothing waits */
  readonly hot: readonly string[];
}

export interface Snapshot {
  /** what was run: `test`, a script's name */
  readonly source: string;
  readonly window: "mined" | number;
  /** by contract and signature */
  readonly rows: readonly SnapshotRow[];
}

/** Functions below it say too little to be compared. */
export interface NoiseFloor {
  /** calls that could be compared with another */
  readonly minCalls: number;
  /** gas of those calls */
  readonly minGas: number;
}

/** Was it called often enough to be compared? */
export function isMeasured({ metrics, verdict }: FunctionReport, floor: NoiseFloor): boolean {
  return (
    metrics.parallelism !== null &&
    verdict !== "unmeasured" &&
    metrics.transactions >= floor.minCalls &&
    metrics.gas >= floor.minGas
  );
}

export function snapshotOf(report: Report, floor: NoiseFloor): Snapshot {
  const rows = report.contracts.flatMap(({ name, functions }) =>
    functions.filter((row) => isMeasured(row, floor)).map((row) => snapshotRow(name, row)),
  );
  return {
    source: report.workload.source,
    window: report.workload.window.mode,
    rows: rows.sort(byName),
  };
}

export function snapshotRow(contract: string, row: FunctionReport): SnapshotRow {
  return {
    contract,
    signature: row.signature,
    parallelism: twoDecimals(row.metrics.parallelism ?? 0),
    alpha: row.alpha === undefined || row.alpha === null ? null : twoDecimals(row.alpha),
    hot: [...new Set(row.topFix?.slots.map(slotText) ?? [])].sort(compare),
  };
}

export function byName(
  a: Pick<SnapshotRow, "contract" | "signature">,
  b: Pick<SnapshotRow, "contract" | "signature">,
): number {
  return compare(a.contract, b.contract) || compare(a.signature, b.signature);
}

/** Without negative zero, which JSON and text do not tell from zero. */
function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
