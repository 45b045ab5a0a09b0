/** What to change: known patterns among what holds the transactions up, and their remedies. */
import type { FindingReport } from "../../insights";
import { plainText, wrap } from "../plain-text";
import { count, plural, speedUpNumber, withShortAddresses } from "../words";
import type { Page } from "./page";

/** kinds of findings that are shown; the JSON report has all */
const MAX_FINDINGS_SHOWN = 3;
/** findings of one kind that are shown */
const MAX_ALIKE_SHOWN = 2;

export function findingList({ report, columns, colors }: Page): string[] {
  // what is not the contract's is a remark's business (footer.ts)
  const findings = report.findings.findings.filter(({ label }) => label !== "infra");
  if (report.metrics.parallelism === null || findings.length === 0) {
    return [];
  }
  const lines = [colors.bold("What to change")];
  const kinds = byAdvice(findings);
  for (const alike of kinds.slice(0, MAX_FINDINGS_SHOWN)) {
    for (const text of alike.slice(0, MAX_ALIKE_SHOWN).map(sentence)) {
      const [first = "", ...rest] = wrap(text, columns - 4);
      lines.push(`  - ${first}`, ...rest.map((line) => `    ${line}`));
    }
    const others = alike.length - MAX_ALIKE_SHOWN;
    if (others > 0) {
      lines.push(`    and ${count(others)} more like these`);
    }
    const [finding] = alike;
    const text = finding === undefined ? "" : advice(finding, alike.length);
    lines.push(...wrap(text, columns - 4).map((line) => colors.dim(`    ${line}`)));
  }
  const more = kinds.slice(MAX_FINDINGS_SHOWN).reduce((sum, alike) => sum + alike.length, 0);
  if (more > 0) {
    lines.push(colors.dim(`  ${plural(more, "further finding")} in the JSON report`));
  }
  return lines;
}

/** Findings to which the same advice is given, in the order of the first of each. */
function byAdvice(findings: readonly FindingReport[]): FindingReport[][] {
  const kinds = new Map<string, FindingReport[]>();
  for (const finding of findings) {
    const alike = kinds.get(finding.remedy);
    if (alike === undefined) {
      kinds.set(finding.remedy, [finding]);
    } else {
      alike.push(finding);
    }
  }
  return [...kinds.values()];
}

function sentence({ message, locations }: FindingReport): string {
  const [place] = locations;
  const where = place === undefined ? "" : ` (${plainText(place)})`;
  return `${withShortAddresses(plainText(message))}${where}.`;
}

function advice(
  { label, remedy, speedUpBefore, speedUpIfFixed }: FindingReport,
  alike: number,
): string {
  const text = `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`;
  const gains =
    alike === 1 &&
    speedUpIfFixed !== null &&
    speedUpNumber(speedUpIfFixed) !== speedUpNumber(speedUpBefore)
      ? ` Alone: speed-up ${speedUpNumber(speedUpBefore)} → ${speedUpNumber(speedUpIfFixed)}.`
      : "";
  return label === "inherent"
    ? `Inherent to what it does; if it matters: ${remedy}.`
    : text + gains;
}
