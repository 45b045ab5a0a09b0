/**
 * The report as JSON: keys in one fixed order, bigints as numbers where they are exact and as
 * decimal strings where not, a line break at the end. Details are left out: they grow with the run
 * and are for pages to show.
 *
 * Owns: the text. Does not own: the file (write-file.ts).
 */
import type { DetailedReport } from "../report";

export function renderJson({ details: _, ...report }: DetailedReport): string {
  return jsonText(report);
}

/** Any value: what could act on a terminal, or hide on it, is written as an escape. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, jsonValue, 2).replace(HIDDEN, escaped)}\n`;
}

const HIDDEN = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  // by code units: JSON writes what is beyond 16 bits as two
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") {
    return value;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
