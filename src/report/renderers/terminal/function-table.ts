/**
 * The table: one line per contract, then one per function that users call or that makes calls wait.
 */
import type { FootprintFields } from "../../footprint-report";
import type { ContractReport, FunctionReport, Report, RowReport } from "../../report";
import { footprintRemark } from "../footprint-words";
import { padEnd, padStart, plainText, shorten, width, wrap } from "../plain-text";
import {
  contractName,
  count,
  firstAndMore,
  functionName,
  gain,
  percent,
  plural,
  rowRemark,
  slotName,
  slotNames,
  speedUpNumber,
  VERDICT_MEANINGS,
  VERDICT_WORDS,
} from "../words";
import type { Page } from "./page";

/** functions that are shown; the JSON report has all */
const MAX_FUNCTIONS_SHOWN = 40;
/** Widths of the columns right of the name. */
const CALLS = 7;
const PARALLELISM = 6;
const SPEED_UP = 7;
const VERDICT = 8;

export function functionTable(page: Page): string[] {
  const { report, columns, colors } = page;
  if (report.contracts.length === 0) {
    return ["No transaction called a contract."];
  }
  const rows = visibleRows(report);
  const longest = Math.max(8, ...rows.map(({ name }) => width(name)));
  const nameWidth = Math.min(longest, columns >= 100 ? 44 : 26);
  const lanes = `${report.metrics.lanes} lanes`;
  const header = [
    padEnd("function", nameWidth),
    padStart("calls", CALLS),
    padStart("par.", PARALLELISM),
    padStart(lanes, Math.max(SPEED_UP, width(lanes) + 1)),
    `  ${padEnd("verdict", VERDICT)}`,
    "  waits on, if fixed",
  ].join("");
  const lines = [colors.dim(shorten(header, columns))];
  for (const row of rows) {
    lines.push(tableRow(row, nameWidth, page));
  }
  const hidden = hiddenRows(report);
  if (hidden > 0) {
    lines.push(
      colors.dim(
        `${plural(hidden, "function")} that made no other call wait not shown (see --json)`,
      ),
    );
  }
  return [...lines, ...legend(rows, page)];
}

interface TableRow {
  readonly name: string;
  readonly row: RowReport;
  readonly isContract: boolean;
}

/** Functions that users call, and internal ones that make calls wait. */
function isShown(row: FunctionReport): boolean {
  return row.direct > 0 || row.verdict === "serial" || row.verdict === "keyBound";
}

function visibleRows({ contracts }: Report): TableRow[] {
  const rows: TableRow[] = [];
  let functions = 0;
  for (const contract of contracts) {
    const shown = contract.functions
      .filter(isShown)
      .slice(0, Math.max(0, MAX_FUNCTIONS_SHOWN - functions));
    if (shown.length === 0) {
      continue;
    }
    functions += shown.length;
    rows.push({ name: contractLabel(contract), row: contract, isContract: true });
    const signatures = contract.functions.map(({ signature }) => signature);
    for (const row of shown) {
      const internal = row.direct === 0 ? " (internal)" : "";
      rows.push({
        name: `  ${functionName(row.signature, signatures)}${internal}`,
        row,
        isContract: false,
      });
    }
  }
  return rows;
}

function hiddenRows(report: Report): number {
  const all = report.contracts.reduce((sum, { functions }) => sum + functions.length, 0);
  return all - visibleRows(report).filter(({ isContract }) => !isContract).length;
}

function contractLabel({ name }: ContractReport): string {
  return /^0x[0-9a-f]{40}$/.test(name)
    ? `${name.slice(0, 8)}…${name.slice(-4)} (no source)`
    : contractName(name);
}

function tableRow({ name, row, isContract }: TableRow, nameWidth: number, page: Page): string {
  const { colors, columns, report } = page;
  const { metrics, verdict } = row;
  const measured = metrics.parallelism !== null && (isContract || verdict !== "unmeasured");
  const lanes = Math.max(SPEED_UP, width(`${report.metrics.lanes} lanes`) + 1);
  const numbers =
    padStart(count(row.calls), CALLS) +
    padStart(percent(measured ? metrics.parallelism : null), PARALLELISM) +
    padStart(measured ? `${speedUpNumber(metrics.speedUp)}x` : "–", lanes);
  const shownName = padEnd(shorten(name, nameWidth), nameWidth);
  if (isContract) {
    return colors.bold(shownName) + numbers;
  }
  const used = nameWidth + width(numbers) + VERDICT + 4;
  const word = padEnd(VERDICT_WORDS[verdict], VERDICT);
  const painted =
    verdict === "parallel"
      ? colors.green(word)
      : verdict === "keyBound"
        ? colors.yellow(word)
        : verdict === "serial"
          ? colors.red(word)
          : colors.dim(word);
  const line = `${shownName}${numbers}  ${painted}  ${waitsOn(row, columns - used)}`;
  return line.trimEnd();
}

/** `totalSupply 1.0 → 6.3`, and a remark if there is room for it. */
function waitsOn(row: RowReport & FootprintFields, room: number): string {
  const { topFix } = row;
  if (row.verdict === "unmeasured") {
    return shorten(footprintRemark(row), Math.max(0, room));
  }
  if (topFix === null) {
    return "";
  }
  const numbers = ` ${gain(topFix)}`;
  const names = topFix.slots.map(slotName);
  const bare = topFix.slots.map(({ variable }) => plainText(variable));
  const fitting = [slotNames(names), slotNames(bare), firstAndMore(bare)].find(
    (text) => width(text) + width(numbers) <= room,
  );
  const shortened = (): string => {
    const rest = firstAndMore(bare).slice((bare[0] ?? "").length);
    return shorten(bare[0] ?? "", Math.max(8, room - width(numbers) - width(rest))) + rest;
  };
  const text = (fitting ?? shortened()) + numbers;
  const remark = rowRemark(row);
  const withRemark = `${text}, ${remark}`;
  return remark !== "" && width(withRemark) <= room ? withRemark : text;
}

function legend(rows: readonly TableRow[], { columns, colors }: Page): string[] {
  const used = new Set(rows.filter(({ isContract }) => !isContract).map(({ row }) => row.verdict));
  const parts = (["parallel", "keyBound", "serial", "unmeasured"] as const)
    .filter((verdict) => used.has(verdict))
    .map((verdict) => `${VERDICT_WORDS[verdict]}: ${VERDICT_MEANINGS[verdict]}`);
  return parts.flatMap((part) => wrap(part, columns - 2)).map((line) => colors.dim(`  ${line}`));
}
