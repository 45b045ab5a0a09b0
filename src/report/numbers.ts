/** Numbers and names as the report holds them. */

/** Four decimals: enough to read, few enough to compare. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

export function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}

/** By code units: the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
