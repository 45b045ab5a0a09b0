/** Functions two by two: how often their calls conflict, on what and why, with an example each. */
import type { MatrixCause } from "../../../../../analysis/pair-cause";
import type { PairDetails, UseDetails } from "../../../../details";
import type { FunctionPairReport } from "../../../../insights";
import { count, percent, plural, slotName, withShortAddresses } from "../../../words";
import { heatMap } from "../charts/heat-map";
import { type Child, h, name } from "../dom";
import type { FunctionEntry, Model } from "../model";
import { sameFunction } from "../model";
import { functionLink, numberedFunctionLink, pageTitle, section, slotLink } from "../parts";
import { table } from "../table";
import { shownValue } from "../values";

/** Functions on the axes of the map. */
const MAX_MAPPED = 40;

export const KINDS: Readonly<
  Record<FunctionPairReport["kind"], { readonly text: string; readonly meaning: string }>
> = {
  never: { text: "never", meaning: "no two calls conflicted" },
  keyDependent: { text: "by key", meaning: "only calls that use the same key conflict" },
  always: { text: "always", meaning: "every two calls conflict, whatever their keys" },
  sometimes: { text: "sometimes", meaning: "it depends on what the calls do" },
};

export function kindText(kind: FunctionPairReport["kind"]): string {
  return KINDS[kind].text;
}

export const CAUSES: Readonly<Record<MatrixCause, string>> = {
  STRUCTURAL: "every call uses the same slot",
  KEYED: "both calls use the same key",
  SENDER: "both calls are of one sender, and so use the same key",
  FALSE_SHARING: "different variables that share one slot",
  GUARD: "a value that is changed and put back, as a reentrancy guard does",
  READ_HOT: "one call reads what the other writes",
  INFRA: "a balance that only the fee changed",
};

export function matrix(model: Model, chosen: number | null): (HTMLElement | null)[] {
  const pairs = model.report.matrix;
  const mapped = mappedFunctions(model);
  const panel = h("div", { class: "panel", "aria-live": "polite" });
  const choose = (pair: FunctionPairReport, focus: boolean): void => {
    panel.replaceChildren(...example(model, pair));
    if (focus) {
      panel.scrollIntoView({ block: "nearest" });
    }
  };
  const first = pairs[chosen ?? -1] ?? mostConflicting(pairs);
  if (first !== undefined) {
    choose(first, false);
  } else {
    panel.append(h("p", { class: "muted" }, "No two transactions were in one window."));
  }
  return [
    pageTitle(
      "Conflicts, function by function",
      h(
        "p",
        { class: "lead" },
        "Of two transactions in one window, one calling this and one calling that: how often does one write what the other reads? Choose a cell to see two of them. Empty cells: no two such calls were in one window.",
      ),
    ),
    mapped.length === 0
      ? null
      : h(
          "div",
          { class: "split matrix-split" },
          map(model, mapped, (pair) => choose(pair, true)),
          panel,
        ),
    mapped.length === MAX_MAPPED
      ? h(
          "p",
          { class: "muted" },
          `The map shows the ${MAX_MAPPED} functions that are called most; the table has all.`,
        )
      : null,
    section(
      "As a table",
      pairTable(model, (pair) => choose(pair, true)),
    ),
  ];
}

function mostConflicting(pairs: readonly FunctionPairReport[]): FunctionPairReport | undefined {
  return [...pairs].sort((a, b) => b.conflicting - a.conflicting)[0];
}

function mappedFunctions(model: Model): FunctionEntry[] {
  const called = new Set(
    model.report.matrix.flatMap(({ functions }) =>
      functions.flatMap((reference) => model.functionOf(reference) ?? []),
    ),
  );
  return [...called]
    .sort((a, b) => b.row.direct - a.row.direct)
    .slice(0, MAX_MAPPED)
    .sort((a, b) => a.id - b.id);
}

function map(
  model: Model,
  functions: readonly FunctionEntry[],
  onChoose: (pair: FunctionPairReport) => void,
): HTMLElement {
  const place = new Map(functions.map((entry, index) => [entry, index]));
  const pairs = new Map<string, FunctionPairReport>();
  for (const pair of model.report.matrix) {
    const [a, b] = pair.functions.map((reference) => {
      const entry = model.functionOf(reference);
      return entry === null ? undefined : place.get(entry);
    });
    pairs.set(`${a} ${b}`, pair);
    pairs.set(`${b} ${a}`, pair);
  }
  return heatMap({
    model,
    names: functions.map(({ fullName }) => fullName),
    pairAt: (row, column) => pairs.get(`${row} ${column}`) ?? null,
    onChoose,
  });
}

function example(model: Model, pair: FunctionPairReport): Node[] {
  const [first, second] = pair.functions;
  const heading = h("h2", {}, functionLink(model, first), " × ", functionLink(model, second));
  const says = h(
    "p",
    {},
    `${count(pair.conflicting)} of ${plural(pair.pairs, "pair")} conflict (${percent(pair.probability)}): `,
    h("strong", {}, kindText(pair.kind)),
    `, ${KINDS[pair.kind].meaning}.`,
    pair.senderPairs > 0
      ? ` ${plural(pair.senderPairs, "pair")} had only the sender in common: not counted.`
      : "",
  );
  const details = model.details?.pairs.find(({ functions: [a, b] }) => {
    const [one, two] = [model.details?.functions[a], model.details?.functions[b]];
    return (
      one !== undefined &&
      two !== undefined &&
      ((sameFunction(one, first) && sameFunction(two, second)) ||
        (sameFunction(one, second) && sameFunction(two, first)))
    );
  });
  return [
    heading,
    says,
    ...(pair.conflicting === 0
      ? []
      : details === undefined
        ? slotsOnly(model, pair)
        : shared(model, details)),
  ];
}

/** Where the run was too large for an example of each pair. */
function slotsOnly(model: Model, { slots }: FunctionPairReport): Node[] {
  return [
    h(
      "ul",
      {},
      slots.map((slot) =>
        h(
          "li",
          {},
          slotLink(model, slot),
          `: ${plural(slot.pairs, "pair")}, ${CAUSES[slot.cause]}`,
        ),
      ),
    ),
  ];
}

function shared(model: Model, { calls, places, placesLeftOut }: PairDetails): Node[] {
  const call = (which: 0 | 1): Child => {
    const { block, transactionIndex, account, function: called } = calls[which];
    return [
      h("strong", {}, which === 0 ? "Earlier: " : "Later: "),
      numberedFunctionLink(model, called),
      ` in block ${model.block(block)}, transaction ${transactionIndex}, by `,
      name(withShortAddresses(model.account(account))),
    ];
  };
  return [
    h("h3", {}, "An example"),
    h("ul", { class: "example-calls" }, h("li", {}, call(0)), h("li", {}, call(1))),
    h("p", {}, "Between them:"),
    h(
      "ul",
      { class: "places" },
      places.map((place) =>
        h(
          "li",
          {},
          h("p", {}, slotLink(model, place, slotName({ ...place, variable: place.label }))),
          h("p", { class: "muted" }, `${CAUSES[place.cause]}.`),
          h(
            "p",
            { class: "small" },
            `The earlier ${useWords(place.uses[0])}, the later ${useWords(place.uses[1])}.`,
          ),
        ),
      ),
    ),
    ...(placesLeftOut > 0
      ? [h("p", { class: "muted" }, `and ${plural(placesLeftOut, "further place")}`)]
      : []),
  ];
}

function useWords({ read, write, before, after }: UseDetails): string {
  const did = read && write ? "reads and writes it" : write ? "writes it" : "reads it";
  return before === undefined || after === undefined
    ? did
    : before === after
      ? `${did} (${shownValue(BigInt(before))}, put back)`
      : `${did} (${shownValue(BigInt(before))} → ${shownValue(BigInt(after))})`;
}

function pairTable(model: Model, onChoose: (pair: FunctionPairReport) => void): HTMLElement {
  return table({
    caption: "Pairs of functions",
    rows: [...model.report.matrix].sort(
      (a, b) => b.conflicting - a.conflicting || b.pairs - a.pairs,
    ),
    text: ({ functions, slots, kind }) =>
      [
        ...functions.map((reference) => model.nameOf(reference)),
        ...slots.map(({ variable }) => variable),
        kindText(kind),
      ].join(" "),
    pageSize: 25,
    columns: [
      {
        title: "Functions",
        heading: true,
        by: ({ functions: [first, second] }) => `${model.nameOf(first)} ${model.nameOf(second)}`,
        cell: ({ functions: [first, second] }) => [
          functionLink(model, first),
          " × ",
          functionLink(model, second),
        ],
      },
      {
        title: "Pairs that conflict",
        numeric: true,
        by: ({ conflicting }) => conflicting,
        cell: ({ conflicting, pairs }) => `${count(conflicting)} of ${count(pairs)}`,
      },
      {
        title: "How often",
        numeric: true,
        by: ({ probability }) => probability,
        cell: ({ probability }) => percent(probability),
      },
      {
        title: "Kind",
        by: ({ kind }) => kindText(kind),
        cell: ({ kind }) => h("span", { title: KINDS[kind].meaning }, kindText(kind)),
      },
      {
        title: "Most on",
        cell: ({ slots: [slot] }) =>
          slot === undefined
            ? null
            : [slotLink(model, slot), h("span", { class: "muted" }, ` ${CAUSES[slot.cause]}`)],
      },
      {
        title: "Example",
        cell: (pair) =>
          h(
            "button",
            {
              type: "button",
              "aria-label": `Example of ${pair.functions.map((reference) => model.nameOf(reference)).join(" and ")}`,
              on: { click: () => onChoose(pair) },
            },
            "show",
          ),
      },
    ],
  });
}
