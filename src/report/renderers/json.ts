/**
 * The report as JSON: keys in one fixed order, bigints as numbers where they are exact and as
 * decimal strings where not, a line break at the end.
 *
 * Owns: the text. Does not own: the file (write-file.ts).
 */
import type { Report } from "../report";

export function renderJson(report: Report): string {
  return `${JSON.stringify(report, jsonValue, 2)}\n`;
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") {
    return value;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
