/**
 * The check: is any function worse than the baseline or a threshold allows?
 *
 * - A threshold is a limit on the function as it is, with or without a baseline.
 * - A regression is P lower or α higher than the baseline by more than both tolerances.
 * - A failure whose variables are all accepted (filters.ts) is excused, with the reason.
 * - Functions below the noise floor, and those that are not in the baseline, have no regression.
 *
 * Owns: this judgement. Does not own: numbers (snapshot.ts), words (renderers/check-words.ts).
 */
import { rowKey } from "./comparison";
import { type AcceptedSlot, acceptedSlot } from "./filters";
import type { Report } from "./report";
import {
  isMeasured,
  type NoiseFloor,
  type Snapshot,
  type SnapshotRow,
  snapshotRow,
} from "./snapshot";

/** null = no limit */
export interface Thresholds {
  /** least P */
  readonly P: number | null;
  /** largest α */
  readonly alpha: number | null;
  /** least speed-up on the report's lanes */
  readonly S: number | null;
  /** how many variables that it does not wait on in the baseline */
  readonly newHotSlots: number | null;
}

/** How much worse than the baseline is no regression; what stays within either is none. */
export interface Tolerance {
  /** in P and α */
  readonly absolute: number;
  /** share of the baseline's value */
  readonly relative: number;
}

export interface CheckRules extends NoiseFloor {
  readonly thresholds: Thresholds;
  readonly tolerance: Tolerance;
}

export type Failure =
  | {
      readonly kind: "regression";
      readonly measure: "P" | "alpha";
      readonly was: number;
      readonly is: number;
    }
  | {
      readonly kind: "threshold";
      readonly measure: "P" | "alpha" | "S";
      readonly limit: number;
      readonly is: number;
    }
  | { readonly kind: "newHotSlots"; readonly slots: readonly string[]; readonly limit: number };

export interface CheckedRow {
  readonly row: SnapshotRow;
  /** null if it is not in the baseline */
  readonly before: SnapshotRow | null;
  readonly failures: readonly Failure[];
  /** the variables that excuse the failures; empty if they are not excused */
  readonly accepted: readonly AcceptedSlot[];
}

export interface CheckResult {
  readonly passed: boolean;
  /** by contract and signature */
  readonly failed: readonly CheckedRow[];
  readonly excused: readonly CheckedRow[];
  /** functions that were judged */
  readonly checked: number;
  /** functions with too few calls or too little gas to be judged */
  readonly ignored: number;
  /** null if there is no baseline */
  readonly baseline: {
    /** functions that are not in it */
    readonly added: number;
    /** functions of it that were not measured in this run */
    readonly missing: readonly SnapshotRow[];
  } | null;
}

/** Rounding of two decimals leaves nothing smaller than this. */
const EPSILON = 1e-9;

/** A report; `baseline` null = there is none. */
export function checkReport(
  report: Report,
  baseline: Snapshot | null,
  rules: CheckRules,
): CheckResult {
  const rows = report.contracts.flatMap(({ name, functions }) =>
    functions
      .filter((fn) => isMeasured(fn, rules))
      .map((fn): JudgedRow => {
        const slots = fn.topFix?.slots ?? [];
        return {
          row: snapshotRow(name, fn),
          speedUp: fn.metrics.speedUp,
          accepted: slots.map((slot) => acceptedSlot(report.filters.acceptedSlots, slot)),
        };
      }),
  );
  const functions = report.contracts.reduce((sum, contract) => sum + contract.functions.length, 0);
  return judgeRows(rows, functions - rows.length, baseline, rules);
}

/** A snapshot, which has no speed-ups and no calls: only regressions and new variables. */
export function checkSnapshot(
  after: Snapshot,
  baseline: Snapshot,
  rules: CheckRules,
  accepted: readonly AcceptedSlot[],
): CheckResult {
  const rows = after.rows.map(
    (row): JudgedRow => ({
      row,
      speedUp: null,
      accepted: row.hot.map((name) => accepted.find(({ slot }) => slot === name)),
    }),
  );
  const { newHotSlots } = rules.thresholds;
  const thresholds = { P: null, alpha: null, S: null, newHotSlots };
  return judgeRows(rows, 0, baseline, { ...rules, thresholds });
}

interface JudgedRow {
  readonly row: SnapshotRow;
  /** on the report's lanes; null if not known */
  readonly speedUp: number | null;
  /** of each variable that it waits on most, what accepts it */
  readonly accepted: readonly (AcceptedSlot | undefined)[];
}

function judgeRows(
  rows: readonly JudgedRow[],
  ignored: number,
  baseline: Snapshot | null,
  rules: CheckRules,
): CheckResult {
  const earlier = new Map(baseline?.rows.map((row) => [rowKey(row), row]));
  const checked = rows.map(({ row, speedUp, accepted }): CheckedRow => {
    const before = earlier.get(rowKey(row)) ?? null;
    const known = accepted.filter((entry) => entry !== undefined);
    return {
      row,
      before,
      failures: failuresOf(row, speedUp, before, rules),
      // one variable that is not accepted is enough to fail
      accepted: known.length === accepted.length ? known : [],
    };
  });
  const failing = checked.filter(({ failures }) => failures.length > 0).sort(byRow);
  const failed = failing.filter(({ accepted }) => accepted.length === 0);
  const present = new Set(rows.map(({ row }) => rowKey(row)));
  return {
    passed: failed.length === 0,
    failed,
    excused: failing.filter(({ accepted }) => accepted.length > 0),
    checked: rows.length,
    ignored,
    baseline:
      baseline === null
        ? null
        : {
            added: checked.filter(({ before }) => before === null).length,
            missing: baseline.rows.filter((row) => !present.has(rowKey(row))),
          },
  };
}

function byRow(a: CheckedRow, b: CheckedRow): number {
  return rowKey(a.row) < rowKey(b.row) ? -1 : 1;
}

function failuresOf(
  row: SnapshotRow,
  speedUp: number | null,
  before: SnapshotRow | null,
  { thresholds, tolerance }: CheckRules,
): Failure[] {
  const failures: Failure[] = [];
  const regression = (measure: "P" | "alpha", was: number | null, is: number | null): void => {
    const worse = was === null || is === null ? 0 : measure === "P" ? was - is : is - was;
    if (
      was !== null &&
      is !== null &&
      worse > tolerance.absolute + EPSILON &&
      worse > tolerance.relative * Math.abs(was) + EPSILON
    ) {
      failures.push({ kind: "regression", measure, was, is });
    }
  };
  if (before !== null) {
    regression("P", before.parallelism, row.parallelism);
    regression("alpha", before.alpha, row.alpha);
  }
  const threshold = (
    measure: "P" | "alpha" | "S",
    limit: number | null,
    is: number | null,
  ): void => {
    if (
      limit !== null &&
      is !== null &&
      (measure === "alpha" ? is > limit + EPSILON : is < limit - EPSILON)
    ) {
      failures.push({ kind: "threshold", measure, limit, is });
    }
  };
  threshold("P", thresholds.P, row.parallelism);
  threshold("alpha", thresholds.alpha, row.alpha);
  threshold("S", thresholds.S, speedUp);
  if (before !== null && thresholds.newHotSlots !== null) {
    const slots = row.hot.filter((slot) => !before.hot.includes(slot));
    if (slots.length > thresholds.newHotSlots) {
      failures.push({ kind: "newHotSlots", slots, limit: thresholds.newHotSlots });
    }
  }
  return failures;
}
