/** One function: what it costs, what it waits on, its source, what it conflicts with. */
import { count, percent, plural, speedUpNumber, VERDICT_MEANINGS } from "../../../words";
import { h, name } from "../dom";
import { type FunctionEntry, type Model, sameFunction } from "../model";
import {
  facts,
  findingCard,
  fixSlots,
  functionLink,
  pageTitle,
  section,
  slotLink,
  verdictChip,
} from "../parts";
import { sourceBlock } from "../source-block";
import { table } from "../table";
import { KINDS, kindText } from "./matrix";

export function functionPage(model: Model, entry: FunctionEntry): (HTMLElement | null)[] {
  const { row, contract } = entry;
  const findings = model.findingsOf(entry);
  return [
    pageTitle(
      [name(entry.fullName), " ", verdictChip(row)],
      h(
        "p",
        { class: "lead" },
        h("code", {}, row.signature),
        " of ",
        h("code", {}, contract.name),
        row.direct === 0 ? ", called by other contracts only" : null,
      ),
      h("p", {}, `${capital(VERDICT_MEANINGS[row.verdict])}.`),
    ),
    numbers(model, entry),
    waiting(model, entry),
    findings.length === 0
      ? null
      : section(
          "What to change",
          findings.map((finding) => findingCard(model, finding)),
        ),
    sourceBlock(model, entry),
    footprint(entry),
    conflicts(model, entry),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where α comes from. */
const BASES = {
  footprints: "from its footprint",
  execution: "from calls executed again",
  mixed: "from calls executed again and from footprints",
} as const;

function numbers({ report }: Model, { row }: FunctionEntry): HTMLElement {
  const { metrics } = row;
  const measured = metrics.parallelism !== null && row.verdict !== "unmeasured";
  const calls = [
    row.direct === row.calls ? "" : `${count(row.direct)} by transactions themselves`,
    row.failed > 0 ? `${count(row.failed)} reverted` : "",
    `${plural(row.senders, "sender")}, ${plural(row.instances, "deployment")}`,
  ];
  return facts([
    {
      label: "Calls",
      value: count(row.calls),
      meaning: calls.filter((text) => text !== "").join("; "),
    },
    {
      label: "Gas",
      value: count(metrics.gas + metrics.alone.gas),
      meaning: "of all calls, before refunds",
    },
    {
      label: "Parallelism P",
      value: percent(measured ? metrics.parallelism : null),
      meaning: "among calls of this function",
    },
    {
      label: "Scaling α",
      value: row.alpha === undefined || row.alpha === null ? "–" : row.alpha.toFixed(2),
      meaning: `0: any number at once, 1: each waits for the one before${row.alphaBasis === undefined ? "" : `; ${BASES[row.alphaBasis]}`}`,
    },
    {
      label: `On ${plural(report.metrics.lanes, "lane")}`,
      value: measured ? `${speedUpNumber(metrics.speedUp)}×` : "–",
      meaning: measured ? `at most ${speedUpNumber(metrics.speedUpBound)}× on any number` : "",
    },
    {
      label: "Longest chain",
      value: measured ? count(metrics.longestChain) : "–",
      meaning: "calls that wait one for another",
    },
  ]);
}

function waiting(model: Model, { row }: FunctionEntry): HTMLElement | null {
  const { topFix } = row;
  if (topFix === null) {
    return null;
  }
  return section(
    "What it waits on",
    h(
      "p",
      {},
      fixSlots(model, topFix, 8),
      `: the function's own speed-up bound ${speedUpNumber(topFix.speedUpBefore)} → ${speedUpNumber(topFix.speedUpAfter)}${topFix.slots.length > 1 ? " if fixed together." : " if fixed."}`,
    ),
  );
}

function footprint({ row }: FunctionEntry): HTMLElement | null {
  const { footprint: print, verdictFromFootprint: verdict } = row;
  if (print === undefined) {
    return null;
  }
  return section(
    "Footprint",
    h(
      "p",
      {},
      "Which storage a call uses and where its keys come from, inferred from ",
      plural(print.sampled, "call"),
      ".",
    ),
    h("p", {}, h("code", { class: "wrap" }, print.text)),
    verdict === undefined || verdict.on.length === 0
      ? null
      : h(
          "ul",
          {},
          verdict.on.slice(0, 12).map(({ text }) => h("li", {}, h("bdi", {}, text))),
        ),
  );
}

function conflicts(model: Model, entry: FunctionEntry): HTMLElement | null {
  const rows = model.pairsOf(entry);
  if (rows.length === 0) {
    return null;
  }
  const own = { contract: entry.contract.name, signature: entry.row.signature };
  return section(
    "Conflicts with other functions",
    table({
      caption: `Conflicts of ${entry.fullName}`,
      rows,
      text: ({ functions: pair }) => pair.map((reference) => model.nameOf(reference)).join(" "),
      pageSize: 15,
      columns: [
        {
          title: "With",
          heading: true,
          cell: ({ functions: [first, second] }) =>
            functionLink(model, sameFunction(first, own) ? second : first),
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
          cell: ({ kind }) => h("span", { title: KINDS[kind].meaning }, kindText(kind)),
        },
        {
          title: "Most on",
          cell: ({ slots: [slot] }) => (slot === undefined ? null : slotLink(model, slot)),
        },
        {
          title: "",
          cell: ({ conflicting, functions: pair }) =>
            conflicting === 0
              ? null
              : h(
                  "a",
                  {
                    href: `#/conflicts/${model.report.matrix.findIndex((p) => p.functions === pair)}`,
                  },
                  "example",
                ),
        },
      ],
    }),
  );
}
