/** What to change: known patterns among what holds the transactions up, and their remedies. */
import type { FindingReport } from "../../insights";
import { plainText, wrap } from "../plain-text";
import { plural, speedUpNumber, withShortAddresses } from "../words";
import type { Page } from "./page";

/** findings that are shown; the JSON report has all */
const MAX_FINDINGS_SHOWN = 3;

export function findingList({ report, columns, colors }: Page): string[] {
  // what is not the contract's is a remark's business (footer.ts)
  const findings = report.findings.findings.filter(({ label }) => label !== "infra");
  if (report.metrics.parallelism === null || findings.length === 0) {
    return [];
  }
  const lines = [colors.bold("What to change")];
  for (const finding of findings.slice(0, MAX_FINDINGS_SHOWN)) {
    const [first = "", ...rest] = wrap(sentence(finding), columns - 4);
    lines.push(`  - ${first}`, ...rest.map((line) => `    ${line}`));
    for (const line of wrap(advice(finding), columns - 4)) {
      lines.push(colors.dim(`    ${line}`));
    }
  }
  const more = findings.length - MAX_FINDINGS_SHOWN;
  if (more > 0) {
    lines.push(colors.dim(`  ${plural(more, "further finding")} in the JSON report`));
  }
  return lines;
}

function sentence({ message, locations }: FindingReport): string {
  const [place] = locations;
  const where = place === undefined ? "" : ` (${plainText(place)})`;
  return `${withShortAddresses(plainText(message))}${where}.`;
}

function advice({ label, remedy, speedUpBefore, speedUpIfFixed }: FindingReport): string {
  const text = `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`;
  const gains =
    speedUpIfFixed !== null && speedUpIfFixed > speedUpBefore
      ? ` Alone: speed-up ${speedUpNumber(speedUpBefore)} → ${speedUpNumber(speedUpIfFixed)}.`
      : "";
  return label === "inherent"
    ? `Inherent to what it does; if it matters: ${remedy}.`
    : text + gains;
}
