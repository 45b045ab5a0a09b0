/** What a check, or a comparison of two runs, found, for a terminal or a log. */
import type { CheckResult } from "../check";
import type { Comparison, RowChange } from "../comparison";
import type { SnapshotRow } from "../snapshot";
import { checkHeadline, excusedSentence, failureSentence, listWords, rowName } from "./check-words";
import { plainText } from "./plain-text";
import { plural } from "./words";

/** names that are listed of functions that are not measured any more */
const MAX_NAMES = 5;

/** Lines, each with its line break. */
export function renderCheck(result: CheckResult, baseline: string): string {
  const lines = [
    checkHeadline(result, baseline, plainText),
    ...result.failed.map((row) => `  ${failureSentence(row, plainText)}`),
    ...result.excused.map((row) => `  ${excusedSentence(row, plainText)}`),
  ];
  if (result.baseline !== null) {
    const { added, missing } = result.baseline;
    if (added > 0) {
      lines.push(`  ${plural(added, "function is", "functions are")} not in the baseline.`);
    }
    if (missing.length > 0) {
      lines.push(`  Not measured any more: ${someNames(missing)}.`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function someNames(rows: readonly SnapshotRow[]): string {
  const names = rows.slice(0, MAX_NAMES).map((row) => plainText(rowName(row)));
  const more = rows.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : listWords(names);
}

/** Lines, each with its line break. */
export function renderComparison(comparison: Comparison): string {
  const { changed, added, removed, unchanged } = comparison;
  const lines = [
    `${plural(changed.length, "function")} changed, ${unchanged} did not, ${added.length} new, ${removed.length} not measured any more.`,
    ...changed.map((change) => `  ${changeWords(change)}`),
    ...added.map((row) => `  new: ${rowWords(row)}`),
    ...removed.map((row) => `  not measured any more: ${rowWords(row)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function changeWords({ before, after }: RowChange): string {
  const measure = (name: string, was: number | null, is: number | null): string[] =>
    was === is ? [] : [`${name} ${number(was)} → ${number(is)}`];
  const parts = [
    ...measure("P", before.parallelism, after.parallelism),
    ...measure("α", before.alpha, after.alpha),
    ...(hotWords(before) === hotWords(after)
      ? []
      : [`waits on ${hotWords(before)} → ${hotWords(after)}`]),
  ];
  return `${plainText(rowName(after))}: ${parts.join("; ")}`;
}

function rowWords(row: SnapshotRow): string {
  return `${plainText(rowName(row))}: P ${number(row.parallelism)}; α ${number(row.alpha)}; waits on ${hotWords(row)}`;
}

function hotWords({ hot }: SnapshotRow): string {
  return hot.length === 0 ? "nothing" : listWords(hot.map(plainText));
}

function number(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
