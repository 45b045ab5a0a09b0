/**
 * The report for a terminal: one screen that says whether the contracts run in parallel, and if not,
 * why and what to do. The last lines are always what was measured and the check of the state roots.
 *
 * Owns: the order of sections, width and colour. Does not own: sections (terminal/), words (words.ts).
 */
import { createColors } from "picocolors";
import type { Report } from "../report";
import { assumed } from "./terminal/assumed";
import { findingList } from "./terminal/finding-list";
import { fixList } from "./terminal/fix-list";
import { footer, remarks } from "./terminal/footer";
import { functionTable } from "./terminal/function-table";
import { headline } from "./terminal/headline";
import type { Page } from "./terminal/page";
import { redrawn } from "./terminal/redrawn";
import { scenario } from "./terminal/scenario";

export interface TerminalOptions {
  /** characters per line; below MIN_COLUMNS lines may be longer */
  readonly columns: number;
  readonly color: boolean;
}

const MIN_COLUMNS = 80;
const MAX_COLUMNS = 120;

/** The whole report, ending with a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const page: Page = {
    report,
    columns: Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, options.columns)),
    colors: createColors(options.color),
  };
  const sections = [
    headline(page),
    functionTable(page),
    fixList(page),
    findingList(page),
    assumed(page),
    scenario(page),
    redrawn(page),
    remarks(page),
    footer(page),
  ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
  return `\n${text}\n`;
}

/**
 * Width and colour for a stream: a terminal's own width, otherwise COLUMNS or 120; colour on
 * terminals unless NO_COLOR is set (no-color.org), and wherever FORCE_COLOR is.
 */
export function terminalOptions(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): TerminalOptions {
  const isTerminal = stream.isTTY === true;
  const given = Number(environment.COLUMNS);
  const columns = Number.isInteger(given) && given > 0 ? given : MAX_COLUMNS;
  const isOn = (name: string): boolean => (environment[name] ?? "") !== "";
  const forced = isOn("FORCE_COLOR") && environment.FORCE_COLOR !== "0";
  return {
    columns: isTerminal ? (stream.columns ?? columns) : columns,
    color: !isOn("NO_COLOR") && (forced || (isTerminal && environment.TERM !== "dumb")),
  };
}
