/** What to fix, in order of what it gains, with who uses it. */
import type { FixReport, Report, SlotReport } from "../../report";
import { padEnd, plainText, shorten, width, wrap } from "../plain-text";
import {
  count,
  gain,
  plural,
  slotName,
  slotNames,
  slotUseWords,
  withShortAddresses,
} from "../words";
import type { Page } from "./page";

/** steps that are shown; the JSON report has all */
const MAX_FIXES_SHOWN = 5;
/** steps that gain less than this share are not shown */
const MIN_GAIN_SHOWN = 0.02;
/** descriptions of one step that are shown */
const MAX_SENTENCES_SHOWN = 3;

export function fixList(page: Page): string[] {
  const { report, columns, colors } = page;
  if (report.metrics.parallelism === null) {
    return [];
  }
  if (report.slots.length === 0) {
    return [colors.green("No transaction waits for another: nothing to fix.")];
  }
  const lines = [colors.bold("What holds the transactions up")];
  const worthwhile = report.fixes.filter(
    ({ speedUpBefore, speedUpAfter }) => speedUpAfter >= speedUpBefore * (1 + MIN_GAIN_SHOWN),
  );
  const shown = (worthwhile.length > 0 ? worthwhile : report.fixes).slice(0, MAX_FIXES_SHOWN);
  for (const [index, fix] of shown.entries()) {
    lines.push(...fixLines(fix, index, page));
  }
  const more = report.fixes.length - shown.length;
  if (more > 0) {
    lines.push(colors.dim(`  ${plural(more, "further step")} in the JSON report`));
  }
  if (report.fixes.length === 0) {
    lines.push(
      ...wrap(
        "No single variable, nor any few together, hold the transactions up.",
        columns - 2,
      ).map((line) => `  ${line}`),
    );
  }
  return lines;
}

function fixLines(fix: FixReport, index: number, { report, columns, colors }: Page): string[] {
  const together = fix.slots.length > 1 ? " together" : "";
  const then = index === 0 ? "" : "then ";
  const speedUp = `speed-up ${gain(fix)} if fixed${together}`;
  const number = `  ${index + 1}. `;
  const name = then + slotNames(fix.slots.map(slotName));
  const room = columns - width(number) - 2 - width(speedUp);
  const head =
    width(name) <= room
      ? [`${number}${padEnd(name, Math.min(room, 38))}  ${colors.bold(speedUp)}`]
      : [
          `${number}${shorten(name, columns - width(number))}`,
          `${" ".repeat(number.length)}${colors.bold(speedUp)}`,
        ];
  const lines = describe(fix, report).flatMap((text) => wrap(text, columns - 5));
  return [...head, ...lines.map((line) => colors.dim(`     ${line}`))];
}

/** A sentence for each variable; variables of which the same is to be said share it. */
function describe(fix: FixReport, report: Report): string[] {
  const slotsBySentence = new Map<string, SlotReport[]>();
  for (const { contract, variable } of fix.slots) {
    const slot = report.slots.find(
      (candidate) => candidate.contract === contract && candidate.variable === variable,
    );
    if (slot !== undefined) {
      const sentence = sentenceOf(slot, "it");
      slotsBySentence.set(sentence, [...(slotsBySentence.get(sentence) ?? []), slot]);
    }
  }
  const sentences = [...slotsBySentence].map(([sentence, [first, ...others]]) => {
    if (fix.slots.length === 1 || first === undefined) {
      return sentence;
    }
    return others.length === 0
      ? `${slotName(first)}: ${sentence}`
      : `${[first, ...others].map(slotName).join(" and ")}: ${sentenceOf(first, "each")}`;
  });
  const more = sentences.length - MAX_SENTENCES_SHOWN;
  return more > 0
    ? [...sentences.slice(0, MAX_SENTENCES_SHOWN), `and ${plural(more, "further variable")}`]
    : sentences;
}

function sentenceOf(slot: SlotReport, what: "it" | "each"): string {
  const waits =
    slot.dependents === 1 ? "1 transaction waits" : `${count(slot.dependents)} transactions wait`;
  const exampleName = withShortAddresses(plainText(slot.example));
  const example =
    slot.keyed && slot.example !== slot.variable
      ? slot.locations === 1
        ? `, all on ${exampleName}`
        : `, most on ${exampleName} (${slot.locations} keys)`
      : "";
  const restored = slot.restored
    ? " Each call puts the old value back (a reentrancy guard?): only chains that compare versions, not values, wait here."
    : "";
  return `${slotUseWords(slot)}; ${waits} on ${what}${example}.${restored}`;
}
