/** The sections of the Markdown report. */
import type { CheckResult } from "../../check";
import { bareContract, isAccepted, slotText } from "../../filters";
import type { FixReport, FunctionReport, Report } from "../../report";
import { byName } from "../../snapshot";
import { checkHeadline, excusedSentence, failureSentence, listWords } from "../check-words";
import {
  count,
  executedWords,
  fallbackSentences,
  gain,
  percent,
  plural,
  rootCheckWords,
  speedUpNumber,
  VERDICT_WORDS,
  windowWords,
} from "../words";
import { code, prose } from "./escape";
import { type Section, text } from "./fit";

/** steps and findings that are shown; the JSON report has all */
const MAX_FIXES = 5;
const MAX_FINDINGS = 10;

export function headline({ metrics, workload }: Report, mark: string): Section {
  const size = `${plural(workload.transactions, "transaction")} of ${code(workload.source)}`;
  if (metrics.parallelism === null) {
    return text(
      `${mark}\n### Parallel report\n\nNothing can be compared: every window holds one transaction (${size}).\n`,
    );
  }
  const facts = [
    `Speed-up at most **${speedUpNumber(metrics.speedUpBound)}×**`,
    `**${speedUpNumber(metrics.speedUp)}×** on ${plural(metrics.lanes, "lane")}`,
    `${percent(metrics.conflictRatio)} of transactions wait`,
    size,
  ];
  return text(
    `${mark}\n### Parallel report: ${percent(metrics.parallelism)} parallel\n\n${facts.join(" · ")}\n`,
  );
}

export function checkSection(check: CheckResult, baseline: string): Section[] {
  const { passed, failed, excused } = check;
  const sections: Section[] = [
    {
      head: `\n${passed ? "✅" : "❌"} **${checkHeadline(check, baseline, code)}**\n${failed.length > 0 ? "\n" : ""}`,
      rows: failed.map((row) => `- ${failureSentence(row, code)}\n`),
      tail: "",
      noun: ["failed function", "failed functions"],
    },
  ];
  return excused.length === 0
    ? sections
    : [
        ...sections,
        {
          head: "\nAccepted:\n\n",
          rows: excused.map((row) => `- ${excusedSentence(row, code)}\n`),
          tail: "",
          noun: ["accepted function", "accepted functions"],
        },
      ];
}

export function fixes(report: Report): Section[] {
  if (report.metrics.parallelism === null || report.fixes.length === 0) {
    return [];
  }
  return [
    {
      head: "\n#### What holds the transactions up\n\n",
      rows: report.fixes
        .slice(0, MAX_FIXES)
        .map((fix, index) => `${index + 1}. ${fixWords(fix)}\n`),
      tail: "",
      noun: ["step", "steps"],
    },
  ];
}

function fixWords(fix: FixReport): string {
  const names = listWords(fix.slots.map((slot) => code(slotText(slot))));
  return `${names}: speed-up ${gain(fix)} if fixed${fix.slots.length > 1 ? " together" : ""}`;
}

export function findings(report: Report): Section[] {
  const shown = report.findings.findings.filter(
    (finding) => finding.label !== "infra" && isAccepted(finding, report.filters) === undefined,
  );
  if (report.metrics.parallelism === null || shown.length === 0) {
    return [];
  }
  return [
    {
      head: "\n#### What to change\n\n",
      rows: shown.slice(0, MAX_FINDINGS).map(({ message, locations, label, remedy }) => {
        const [place] = locations;
        const where = place === undefined ? "" : ` (${code(place)})`;
        const advice =
          label === "inherent" ? `inherent to what it does; if it matters: ${remedy}` : remedy;
        return `- ${prose(message)}${where}: ${prose(advice)}.\n`;
      }),
      tail: "",
      noun: ["finding", "findings"],
    },
  ];
}

export function footer(report: Report): Section {
  const { workload, unresolved, filters, recording } = report;
  const executed = executedWords(report);
  const left = [
    ...(filters.hiddenContracts > 0
      ? [`${plural(filters.hiddenContracts, "contract")} left out`]
      : []),
    ...(filters.hiddenFunctions > 0
      ? [`${plural(filters.hiddenFunctions, "function")} left out`]
      : []),
    ...filters.acceptedSlots
      .filter(({ waitedOn }) => waitedOn)
      .map(({ slot, reason }) => `${code(slot)} accepted: ${prose(reason)}`),
  ];
  const lines = [
    `Windows: ${windowWords(report)}; senders: ${count(workload.senders)}; unresolved slots: ${count(unresolved.slots)} of ${count(unresolved.ofSlots)}.`,
    ...(executed === null ? [] : [`Executed: ${executed}.`]),
    ...fallbackSentences(report, prose),
    ...(left.length > 0 ? [`${left.join("; ")}.`] : []),
    ...(recording.complete && recording.droppedBlocks === 0
      ? []
      : ["**The recording is incomplete.**"]),
    `${rootCheckWords(report).replace(/^./, (first) => first.toUpperCase())}.`,
  ];
  return text(`\n${lines.join("<br>\n")}\n`);
}

interface NamedRow {
  readonly contract: string;
  readonly signature: string;
  readonly row: FunctionReport;
}

export function functionTable({ contracts, metrics }: Report): Section {
  const rows = contracts
    .flatMap(({ name, functions }) =>
      functions.map((row): NamedRow => ({ contract: name, signature: row.signature, row })),
    )
    .sort(byName);
  const bare = [...new Set(contracts.map(({ name }) => name))].map(bareContract);
  const contractText = (name: string): string =>
    bare.filter((other) => other === bareContract(name)).length > 1 ? name : bareContract(name);
  return {
    head: `\n<details>\n<summary>All functions (${count(rows.length)})</summary>\n\n| Function | Calls | P | α | ${plural(metrics.lanes, "lane")} | Verdict | Waits on, if fixed |\n|:--|--:|--:|--:|--:|:--|:--|\n`,
    rows: rows.map((named) => functionRow(named, contractText(named.contract))),
    tail: "\n</details>\n",
    noun: ["function", "functions"],
  };
}

function functionRow({ signature, row }: NamedRow, contract: string): string {
  const { metrics, topFix, alpha } = row;
  const measured = metrics.parallelism !== null && row.verdict !== "unmeasured";
  const cells = [
    code(`${contract}.${signature}`),
    count(row.calls),
    measured ? (metrics.parallelism ?? 0).toFixed(2) : "–",
    alpha === undefined || alpha === null ? "–" : alpha.toFixed(2),
    measured ? `${speedUpNumber(metrics.speedUp)}×` : "–",
    VERDICT_WORDS[row.verdict],
    topFix === null || !measured
      ? ""
      : `${listWords(topFix.slots.map((slot) => code(slotText(slot))))} ${gain(topFix)}`,
  ];
  return `| ${cells.join(" | ")} |\n`;
}
