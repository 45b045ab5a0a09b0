/** The scenario that ran, as a table: one row a number of users. */
import type { Report } from "../../report";
import { exponentWords, SCENARIO_COLUMNS, scenarioRows, scenarioTitle } from "../scenario-words";
import { code } from "./escape";
import type { Section } from "./fit";

/** Nothing if the run was no scenario, or had one number of users. */
export function scenario({ scenario: ran, metrics }: Report): Section[] {
  if (ran === undefined || ran.sweep.length < 2) {
    return [];
  }
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [
    {
      head: `\n${scenarioTitle(code(ran.name), ran, metrics.lanes)}:\n\n${row(SCENARIO_COLUMNS)}|${"--:|".repeat(SCENARIO_COLUMNS.length)}\n`,
      rows: scenarioRows(ran, "×").map(row),
      tail: `\n${exponentWords(ran) ?? ""}\n`,
      noun: ["run", "runs"],
    },
  ];
}
