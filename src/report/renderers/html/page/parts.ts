/** Small parts that several views use. */
import type { FootprintFields } from "../../../footprint-report";
import type { FindingReport } from "../../../insights";
import type { FixReport, FunctionReference, RowReport, SlotReference } from "../../../report";
import { footprintRemark } from "../../footprint-words";
import {
  firstAndMore,
  fullVerdict,
  gain,
  slotName,
  VERDICT_MEANINGS,
  withShortAddresses,
} from "../../words";
import { type Child, h, name } from "./dom";
import type { FunctionEntry, Model } from "./model";

export function pageTitle(title: Child, ...below: Child[]): HTMLElement {
  return h("header", { class: "page-title" }, h("h1", { tabindex: -1 }, title), below);
}

let sections = 0;

export function section(title: string, ...children: Child[]): HTMLElement {
  const id = `section-${++sections}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), children);
}

export interface Fact {
  readonly label: string;
  readonly value: Child;
  readonly meaning?: Child;
  readonly tone?: "good" | "mixed" | "bad" | undefined;
}

export function facts(list: readonly Fact[]): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    list.map(({ label, value, meaning, tone }) =>
      h(
        "div",
        { class: `fact ${tone ?? ""}`.trim() },
        h("dt", {}, label),
        h("dd", { class: "fact-value" }, value),
        meaning === undefined ? null : h("dd", { class: "fact-meaning" }, meaning),
      ),
    ),
  );
}

export function verdictChip(row: RowReport & FootprintFields): HTMLElement {
  const { verdict } = row;
  return h(
    "span",
    { class: `chip verdict-${verdict}`, title: VERDICT_MEANINGS[verdict] },
    fullVerdict(row),
  );
}

export function functionLink(model: Model, reference: FunctionReference): HTMLElement {
  const entry = model.functionOf(reference);
  const text = name(model.nameOf(reference));
  return entry === null ? text : h("a", { href: `#/function/${entry.id}` }, text);
}

export function numberedFunctionLink(model: Model, number: number): HTMLElement {
  const reference = model.details?.functions[number];
  return reference === undefined
    ? h("span", { class: "muted" }, "(no contract)")
    : functionLink(model, reference);
}

export function slotLink(model: Model, reference: SlotReference, text?: string): HTMLElement {
  const entry = model.slotOf(reference);
  const shown = name(withShortAddresses(text ?? slotName(reference)));
  return entry === null ? shown : h("a", { href: `#/variable/${entry.id}` }, shown);
}

/** Links with commas between them. */
export function listed(children: readonly Child[], limit = 4): Child[] {
  const shown = children.slice(0, limit);
  const more = children.length - shown.length;
  return [
    ...shown.flatMap((child, place) => (place === 0 ? [child] : [", ", child])),
    more > 0 ? ` and ${more} more` : null,
  ];
}

export function fixSlots(model: Model, fix: FixReport, limit = 3): Child[] {
  return listed(
    fix.slots.map((slot) => slotLink(model, slot)),
    limit,
  );
}

/** What a row waits on most, and what its speed-up would be. */
export function waitsOn(model: Model, row: RowReport): Child {
  if (row.topFix === null) {
    return null;
  }
  const [first] = row.topFix.slots;
  if (first === undefined) {
    return null;
  }
  const more = row.topFix.slots.length - 1;
  return [
    slotLink(model, first),
    more > 0
      ? h(
          "span",
          { class: "muted", title: firstAndMore(row.topFix.slots.map(slotName)) },
          ` and ${more} more`,
        )
      : null,
  ];
}

export function gainOf(row: RowReport): Child {
  return row.topFix === null ? "" : gain(row.topFix);
}

export function footprintNote(row: FunctionEntry["row"]): Child {
  const text = footprintRemark(row);
  return text === "" ? null : text;
}

const LABELS: Readonly<Record<FindingReport["label"], string>> = {
  fixable: "fixable",
  inherent: "inherent",
  infra: "not the contract's",
};

export function findingCard(model: Model, finding: FindingReport): HTMLElement {
  const { message, remedy, caution, locations, speedUpBefore, speedUpIfFixed, label } = finding;
  const waits = Object.entries(finding.perChain).filter(([, effect]) => effect === "waits");
  const gains =
    speedUpIfFixed !== null && speedUpIfFixed.toFixed(1) !== speedUpBefore.toFixed(1)
      ? `${speedUpBefore.toFixed(1)} → ${speedUpIfFixed.toFixed(1)} alone`
      : null;
  return h(
    "article",
    { class: "finding" },
    h(
      "h3",
      {},
      h("span", { class: `chip label-${label}` }, LABELS[label]),
      " ",
      h("bdi", {}, withShortAddresses(message)),
    ),
    h("p", { class: "remedy" }, h("strong", {}, "Do: "), remedy, "."),
    caution === "" ? null : h("p", { class: "muted" }, h("strong", {}, "Mind: "), caution, "."),
    h(
      "p",
      { class: "muted small" },
      listed(
        [
          ...(finding.slot === null ? [] : [slotLink(model, finding.slot)]),
          ...finding.functions.slice(0, 3).map((reference) => functionLink(model, reference)),
          ...locations.slice(0, 3).map((place) => h("code", {}, place)),
          `confidence: ${finding.confidence}`,
          ...(gains === null ? [] : [`speed-up ${gains}`]),
          waits.length === 0
            ? "no kind of chain waits here"
            : `waits on chains with ${waits.map(([kind]) => RULES[kind] ?? kind).join(", ")}`,
        ],
        12,
      ),
    ),
  );
}

const RULES: Readonly<Record<string, string>> = {
  version: "versions",
  value: "values",
  accountLocks: "account locks",
  deltaAware: "commuting deltas",
  accessList: "block access lists",
};
