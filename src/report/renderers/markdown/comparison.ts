/** What changed between two snapshots, as Markdown. */
import type { Comparison, RowChange } from "../../comparison";
import type { SnapshotRow } from "../../snapshot";
import { listWords, rowName } from "../check-words";
import { plural } from "../words";
import { code } from "./escape";
import { type Section, text } from "./fit";

export function comparisonSections(
  { changed, unchanged, added, removed }: Comparison,
  baseline: string,
): Section[] {
  if (changed.length + added.length + removed.length === 0) {
    return [text(`\nNo function changed since ${code(baseline)}.\n`)];
  }
  const same = unchanged > 0 ? ` (${plural(unchanged, "function")} did not)` : "";
  return [
    {
      head: `\n#### Changed since ${code(baseline)}${same}\n\n| Function | P | α | Waits on |\n|:--|--:|--:|:--|\n`,
      rows: [
        ...changed.map(changedRow),
        ...added.map((row) => singleRow(row, "new")),
        ...removed.map((row) => singleRow(row, "not measured any more")),
      ],
      tail: "",
      noun: ["changed function", "changed functions"],
    },
  ];
}

function changedRow({ before, after }: RowChange): string {
  const slots =
    hotCell(before) === hotCell(after) ? hotCell(after) : `${hotCell(before)} → ${hotCell(after)}`;
  return `| ${code(rowName(after))} | ${change(before.parallelism, after.parallelism, true)} | ${change(before.alpha, after.alpha, false)} | ${slots} |\n`;
}

function singleRow(row: SnapshotRow, remark: string): string {
  return `| ${code(rowName(row))} (${remark}) | ${number(row.parallelism)} | ${number(row.alpha)} | ${hotCell(row)} |\n`;
}

/** The worse one of two numbers is marked. */
function change(before: number | null, after: number | null, moreIsBetter: boolean): string {
  if (before === after) {
    return number(after);
  }
  const worse = before !== null && after !== null && after < before === moreIsBetter;
  return `${number(before)} → ${worse ? `**${number(after)}** ⚠️` : number(after)}`;
}

function number(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}

function hotCell({ hot }: SnapshotRow): string {
  return hot.length === 0 ? "–" : listWords(hot.map(code));
}
