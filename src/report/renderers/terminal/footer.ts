/** Remarks, then the lines that end every report: what was measured, and whether it may be trusted. */
import { padEnd, plainText, shorten, width, wrap } from "../plain-text";
import { remarkTexts } from "../remarks";
import {
  contractName,
  count,
  executedWords,
  functionName,
  plural,
  rootCheckWords,
  windowWords,
} from "../words";
import type { Page } from "./page";

export function remarks({ report, columns, colors }: Page): string[] {
  return remarkTexts(report).flatMap((text) =>
    wrap(text, columns - 2).map((line, index) =>
      colors.yellow(index === 0 ? `! ${line}` : `  ${line}`),
    ),
  );
}

export function footer({ report, columns, colors }: Page): string[] {
  const { workload, unresolved } = report;
  const apart = [
    workload.deployments > 0 ? `${plural(workload.deployments, "deployment")} set apart` : "",
    workload.failed > 0 ? `${count(workload.failed)} reverted` : "",
    workload.plainTransfers > 0 ? plural(workload.plainTransfers, "plain transfer") : "",
  ].filter((text) => text !== "");
  const unresolvedExamples = unresolved.examples.slice(0, 3).map(plainText).join(", ");
  const facts: [string, string][] = [
    [
      "transactions",
      count(workload.transactions) + (apart.length > 0 ? ` (${apart.join(", ")})` : ""),
    ],
    ["windows", windowWords(report)],
    ["senders", `${count(workload.senders)}; senders and keys as recorded`],
    [
      "unresolved slots",
      `${count(unresolved.slots)} of ${count(unresolved.ofSlots)}${unresolved.slots > 0 ? ` (${unresolvedExamples}${unresolved.slots > 3 ? ", …" : ""})` : ""}`,
    ],
    ...(unresolved.calls > 0
      ? ([["unresolved calls", count(unresolved.calls)]] satisfies [string, string][])
      : []),
    ...uncalledFact(report),
  ];
  const labelWidth = Math.max(...facts.map(([label]) => width(label)));
  const room = columns - labelWidth - 2;
  const line = (label: string, words: string): string =>
    `${colors.dim(padEnd(label, labelWidth))}  ${words}`;
  const answer = rootCheckWords(report);
  const paint =
    report.rootCheck.answer === "yes"
      ? colors.green
      : report.rootCheck.answer === "no"
        ? colors.red
        : colors.yellow;
  return [
    ...facts.map(([label, value]) => line(label, shorten(value, room))),
    ...wrap(executedWords(report) ?? "", room).map((words, index) =>
      line(index === 0 ? "executed" : "", words),
    ),
    paint(answer),
  ];
}

/** Functions that would be covered by a load script that calls them. */
function uncalledFact({ uncalled }: Page["report"]): [string, string][] {
  if (uncalled === undefined || uncalled.ofFunctions === 0) {
    return [];
  }
  const { functions, ofFunctions, examples } = uncalled;
  const names = examples
    .slice(0, 3)
    .map(({ contract, signature }) => `${contractName(contract)}.${functionName(signature, [])}`);
  const shown =
    functions === 0 ? "" : ` (${names.join(", ")}${functions > names.length ? ", …" : ""})`;
  return [["not called", `${count(functions)} of ${plural(ofFunctions, "function")}${shown}`]];
}
