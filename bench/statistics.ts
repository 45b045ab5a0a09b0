/** The few statistics that the tables need. */

/** Of an empty list it is not a number. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Median; throws on an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper;
  if (upper === undefined || lower === undefined) {
    throw new Error("median of no values");
  }
  return (lower + upper) / 2;
}

/**
 * Median over rounds of a[i] / b[i]: compares what ran side by side, so that slow phases of the machine
 * cancel. Rounds that only one of them has do not count; throws if they share none.
 */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  const shared = Math.min(a.length, b.length);
  return median(a.slice(0, shared).map((value, i) => value / (b[i] ?? Number.NaN)));
}
