/** The scenario that ran: one line a number of users. */
import { padStart, plainText, wrap } from "../plain-text";
import { exponentWords, SCENARIO_COLUMNS, scenarioRows, scenarioTitle } from "../scenario-words";
import type { Page } from "./page";

/** Nothing if the run was no scenario, or had one number of users. */
export function scenario({ report, columns, colors }: Page): string[] {
  const { scenario: ran, metrics } = report;
  if (ran === undefined || ran.sweep.length < 2) {
    return [];
  }
  const rows = scenarioRows(ran, "x");
  const widths = SCENARIO_COLUMNS.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => padStart(cell, widths[i] ?? 0)).join("   ")}`;
  return [
    ...wrap(scenarioTitle(plainText(ran.name), ran, metrics.lanes), columns).map((text) =>
      colors.bold(text),
    ),
    colors.dim(line(SCENARIO_COLUMNS)),
    ...rows.map(line),
    ...wrap(exponentWords(ran) ?? "", columns - 2).map((text) => `  ${text}`),
  ];
}
