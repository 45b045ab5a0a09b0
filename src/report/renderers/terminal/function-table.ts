/**
 * The table: one line per contract, then one per function that users call or that makes calls wait.
 * What is waited on is what the table is for: columns that are of less use are there only where they
 * leave room for it.
 */
import type { FootprintFields } from "../../footprint-report";
import type { ContractReport, FunctionReport, Report, RowReport } from "../../report";
import { padEnd, padStart, shorten, width, wrap } from "../plain-text";
import {
  contractName,
  count,
  fullVerdict,
  functionName,
  percent,
  plural,
  SERIAL_MEANINGS,
  shortGas,
  speedUpNumber,
  VERDICT_MEANINGS,
  VERDICT_WORDS,
} from "../words";
import type { Page } from "./page";
import { waitsOn, wantedRoom } from "./waits-on";

/** functions that are shown; the JSON report has all */
const MAX_FUNCTIONS_SHOWN = 40;
/** Room that what is waited on has before further columns are shown. */
const LEAST_WAITS_ON = 44;

interface TableRow {
  readonly name: string;
  readonly row: RowReport & FootprintFields;
  readonly isContract: boolean;
}

interface Column {
  readonly title: string;
  /** with the space before it */
  readonly width: number;
  readonly text: (row: TableRow) => string;
}

interface Layout {
  readonly nameWidth: number;
  readonly columns: readonly Column[];
  readonly verdictWidth: number;
  /** `serial, fixable` and not only `serial` */
  readonly fullVerdicts: boolean;
  readonly waitsOnWidth: number;
}

export function functionTable(page: Page): string[] {
  const { report, columns, colors } = page;
  if (report.contracts.length === 0) {
    return ["No transaction called a contract."];
  }
  const rows = visibleRows(report);
  const layout = layoutOf(rows, page);
  const header = [
    padEnd("function", layout.nameWidth),
    ...layout.columns.map(({ title, width: length }) => padStart(title, length)),
    `  ${padEnd("verdict", layout.verdictWidth)}`,
    "  waits on, if fixed",
  ].join("");
  const lines = [colors.dim(shorten(header, columns))];
  for (const row of rows) {
    lines.push(tableRow(row, layout, page));
  }
  const hidden = hiddenRows(report);
  if (hidden > 0) {
    lines.push(
      colors.dim(
        `${plural(hidden, "function")} that made no other call wait not shown (see --json)`,
      ),
    );
  }
  return [...lines, ...legend(rows, layout, page)];
}

/** Numbers of a function that was never called twice in a window say nothing. */
function isMeasured({ row, isContract }: TableRow): boolean {
  return row.metrics.parallelism !== null && (isContract || row.verdict !== "unmeasured");
}

function layoutOf(rows: readonly TableRow[], { report, columns }: Page): Layout {
  const longest = Math.max(8, ...rows.map(({ name }) => width(name)));
  const nameWidth = Math.min(longest, columns >= 100 ? 44 : 26);
  const lanes = `${report.metrics.lanes} lanes`;
  const calls = { title: "calls", width: 7, text: ({ row }: TableRow) => count(row.calls) };
  const parallelism = {
    title: "par.",
    width: 6,
    text: (row: TableRow) => percent(isMeasured(row) ? row.row.metrics.parallelism : null),
  };
  const speedUp = {
    title: lanes,
    width: Math.max(7, width(lanes) + 1),
    text: (row: TableRow) => (isMeasured(row) ? `${speedUpNumber(row.row.metrics.speedUp)}x` : "–"),
  };
  const alpha = {
    title: "α",
    width: 6,
    text: ({ row, isContract }: TableRow) =>
      isContract ? "" : typeof row.alpha === "number" ? row.alpha.toFixed(2) : "–",
  };
  const gas = {
    title: "gas",
    width: 8,
    text: ({ row }: TableRow) => shortGas(row.metrics.gas + row.metrics.alone.gas),
  };
  const senders = { title: "senders", width: 9, text: ({ row }: TableRow) => count(row.senders) };
  const functions = rows.filter(({ isContract }) => !isContract);
  const longestVerdict = Math.max(8, ...functions.map(({ row }) => width(fullVerdict(row))));
  const wanted = Math.max(...functions.map(({ row }) => wantedRoom(row)), 0);
  const fixed = nameWidth + calls.width + parallelism.width + speedUp.width + 4;
  let room = columns - fixed - 8 - Math.min(wanted, LEAST_WAITS_ON);
  const takes = (length: number): boolean => {
    const fits = length <= room;
    room -= fits ? length : 0;
    return fits;
  };
  const fullVerdicts = takes(longestVerdict - 8);
  const withAlpha = functions.some(({ row }) => row.alpha !== undefined) && takes(alpha.width);
  const withGas = takes(gas.width);
  const withSenders = takes(senders.width);
  const shown = [
    calls,
    ...(withSenders ? [senders] : []),
    ...(withGas ? [gas] : []),
    parallelism,
    ...(withAlpha ? [alpha] : []),
    speedUp,
  ];
  const verdictWidth = fullVerdicts ? longestVerdict : 8;
  const used = nameWidth + verdictWidth + 4 + shown.reduce((sum, { width: one }) => sum + one, 0);
  return {
    nameWidth,
    columns: shown,
    verdictWidth,
    fullVerdicts,
    waitsOnWidth: columns - used,
  };
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

function tableRow(row: TableRow, layout: Layout, { colors }: Page): string {
  const { nameWidth, columns, verdictWidth, fullVerdicts, waitsOnWidth } = layout;
  const numbers = columns.map((column) => padStart(column.text(row), column.width)).join("");
  const name = padEnd(shorten(row.name, nameWidth), nameWidth);
  if (row.isContract) {
    return colors.bold(name) + numbers.trimEnd();
  }
  const { verdict } = row.row;
  const word = padEnd(fullVerdicts ? fullVerdict(row.row) : VERDICT_WORDS[verdict], verdictWidth);
  const paint = {
    parallel: colors.green,
    keyBound: colors.yellow,
    serial: colors.red,
    unmeasured: colors.dim,
  }[verdict];
  return `${name}${numbers}  ${paint(word)}  ${waitsOn(row.row, waitsOnWidth)}`.trimEnd();
}

function legend(
  rows: readonly TableRow[],
  { columns: shown, fullVerdicts }: Layout,
  { columns, colors }: Page,
): string[] {
  const functions = rows.filter(({ isContract }) => !isContract);
  const used = new Set(functions.map(({ row }) => row.verdict));
  const words = new Set(functions.map(({ row }) => fullVerdict(row)));
  const parts = [
    ...(["parallel", "keyBound", "serial", "unmeasured"] as const)
      .filter((verdict) => used.has(verdict))
      .map((verdict) => `${VERDICT_WORDS[verdict]}: ${VERDICT_MEANINGS[verdict]}`),
    ...(["fixable", "inherent"] as const)
      .filter((more) => fullVerdicts && words.has(`${VERDICT_WORDS.serial}, ${more}`))
      .map((more) => `${more}: ${SERIAL_MEANINGS[more]}`),
    ...(shown.some(({ title }) => title === "α")
      ? ["α: 0 if any number of calls runs at once, 1 if each waits for the one before"]
      : []),
  ];
  return parts.flatMap((part) => wrap(part, columns - 2)).map((line) => colors.dim(`  ${line}`));
}
