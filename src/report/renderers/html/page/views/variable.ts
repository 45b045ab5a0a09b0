/** One variable: who uses it, what it holds over time, and what if it were kept in another way. */
import type { ValueSeries } from "../../../../details";
import { count, percent, plural, speedUpNumber, withShortAddresses } from "../../../words";
import { valueChart } from "../charts/value-chart";
import { h, name } from "../dom";
import type { Model, SlotEntry } from "../model";
import {
  facts,
  findingCard,
  functionLink,
  numberedFunctionLink,
  pageTitle,
  section,
} from "../parts";
import { table } from "../table";
import { isAmount, partOf, shownValue } from "../values";

export function variablePage(model: Model, entry: SlotEntry): (HTMLElement | null)[] {
  const { slot, findings } = entry;
  return [
    pageTitle(
      name(entry.fullName),
      h(
        "p",
        { class: "lead" },
        kindWords(entry),
        slot.restored
          ? " Each call puts the old value back (a reentrancy guard?): only chains that compare versions, not values, wait here."
          : "",
      ),
    ),
    numbers(model, entry),
    findings.length === 0
      ? null
      : section(
          "What to change",
          findings.map((finding) => findingCard(model, finding)),
        ),
    whatIf(model, entry),
    uses(model, entry),
    values(model, entry),
    keys(entry),
  ];
}

const KIND_WORDS = {
  storage: "Storage",
  balance: "Ether balance of an account",
  nonce: "Nonce of a contract: it counts the contracts that it created",
  code: "Code of an account",
  existence: "Creation or end of an account",
} as const;

function kindWords({ slot }: SlotEntry): string {
  const keyed = slot.keyed
    ? `, chosen by a key: only calls with the same key meet. Most wait on ${withShortAddresses(slot.example)}.`
    : slot.kind === "storage"
      ? ", the same slot in every call."
      : ".";
  return `${KIND_WORDS[slot.kind]}${keyed}${slot.resolved ? "" : " Its name could not be resolved."}`;
}

function numbers({ report }: Model, { slot }: SlotEntry): HTMLElement {
  const classes = Object.entries(slot.writes ?? {}).filter(([, writes]) => writes > 0);
  return facts([
    {
      label: "Waiting on it",
      value: count(slot.dependents),
      meaning: `of ${plural(report.metrics.transactions, "transaction")}`,
    },
    {
      label: "Speed-up if fixed alone",
      value: `${speedUpNumber(report.metrics.speedUpBound)} → ${speedUpNumber(slot.speedUpIfFixed)}`,
      meaning: `${count(slot.criticalPathRemoved)} gas less in the longest chain`,
    },
    {
      label: "Slots",
      value: count(slot.locations),
      meaning: "different ones that some transaction waits on",
    },
    {
      label: "Writes",
      value:
        classes.length === 0 ? "–" : count(classes.reduce((sum, [, writes]) => sum + writes, 0)),
      meaning: classes.map(([kind, writes]) => `${count(writes)} ${kind}`).join(", "),
    },
  ]);
}

function whatIf(model: Model, { slot }: SlotEntry): HTMLElement | null {
  const { report } = model;
  const rows = report.whatIf.filter(
    ({ assumptions: [assumption] }) =>
      assumption?.contract === slot.contract && assumption.variable === slot.variable,
  );
  if (rows.length === 0) {
    return null;
  }
  return section(
    "What if it were kept in another way",
    h("p", { class: "muted" }, "Computed from the recorded calls, nothing else changed."),
    table({
      caption: "What if",
      columns: [
        {
          title: "Kept",
          heading: true,
          cell: ({ treatment }) => treatmentWords(treatment),
        },
        {
          title: "Speed-up at most",
          numeric: true,
          cell: ({ metrics }) => `${speedUpNumber(metrics.speedUpBound)}×`,
        },
        {
          title: `${report.metrics.lanes} lanes`,
          numeric: true,
          cell: ({ metrics }) => `${speedUpNumber(metrics.speedUp)}×`,
        },
        { title: "P", numeric: true, cell: ({ metrics }) => percent(metrics.parallelism) },
      ],
      rows: [
        { treatment: "as it is", metrics: report.metrics },
        ...rows.map(({ assumptions, metrics }) => ({
          treatment: assumptions[0]?.treatment ?? "",
          metrics,
        })),
      ],
    }),
  );
}

function treatmentWords(treatment: string): string {
  const [kind, shards] = treatment.split(":");
  const words: Readonly<Record<string, string>> = {
    sharded: `in ${shards} parts, by sender`,
    delta: "as an amount that is only added to",
    "per-sender": "for each sender apart",
    removed: "not at all",
  };
  return words[kind ?? ""] ?? treatment;
}

function uses(model: Model, { slot, details }: SlotEntry): HTMLElement {
  if (details === null) {
    return section(
      "Who uses it",
      h(
        "p",
        {},
        "Read by ",
        slot.readers.map((reference) => functionLink(model, reference)),
      ),
      h(
        "p",
        {},
        "Written by ",
        slot.writers.map((reference) => functionLink(model, reference)),
      ),
    );
  }
  return section(
    "Who uses it",
    table({
      caption: "Functions that read or write it with their own code",
      rows: details.uses,
      columns: [
        {
          title: "Function",
          heading: true,
          cell: (use) => numberedFunctionLink(model, use.function),
        },
        {
          title: "Calls that read it",
          numeric: true,
          by: ({ reads }) => reads,
          cell: ({ reads }) => count(reads),
        },
        {
          title: "Calls that wrote it",
          numeric: true,
          by: ({ writes }) => writes,
          cell: ({ writes }) => count(writes),
        },
        {
          title: "Class of the writes",
          cell: ({ classes }) =>
            Object.entries(classes)
              .filter(([, writes]) => writes > 0)
              .map(([kind, writes]) =>
                h("span", { class: `tag class-${kind}` }, `${kind} ${count(writes)}`),
              ),
        },
      ],
    }),
  );
}

function values(model: Model, { details }: SlotEntry): HTMLElement | null {
  const series = details?.values ?? null;
  if (series === null) {
    return null;
  }
  const parts = series.parts.length === 0 ? [null] : series.parts;
  const words = [series.first, ...series.value];
  const moving = parts.filter((part) => new Set(words.map((word) => partOf(word, part))).size > 1);
  const charted = moving.filter((part) => isAmount(words.map((word) => partOf(word, part))));
  const shown =
    series.value.length < series.writes
      ? ` ${count(series.value.length)} of ${count(series.writes)} writes are shown, evenly spread.`
      : "";
  return section(
    "Values over time",
    h(
      "p",
      {},
      h("bdi", {}, withShortAddresses(series.label)),
      `, after each transaction that wrote it: ${plural(series.writes, "write")}.${shown}`,
      moving.length === 0 ? " Every write left the value as it was." : "",
    ),
    charted.map((part) => [
      part === null ? null : h("h3", {}, name(withShortAddresses(part.label))),
      valueChart(model, series, part, part?.label ?? series.label),
    ]),
    h(
      "details",
      { open: charted.length === 0 && moving.length > 0 },
      h("summary", {}, "As a table"),
      valueTable(model, series, parts),
    ),
  );
}

function valueTable(
  model: Model,
  series: ValueSeries,
  parts: readonly (ValueSeries["parts"][number] | null)[],
): HTMLElement {
  return table({
    caption: `Values of ${series.label}`,
    pageSize: 25,
    rows: series.value.map((word, place) => ({ word, place })),
    columns: [
      {
        title: "Transaction",
        heading: true,
        cell: ({ place }) =>
          `block ${model.block(series.block[place] ?? -1)}, ${series.transactionIndex[place] ?? 0}`,
      },
      {
        title: "Called",
        cell: ({ place }) => numberedFunctionLink(model, series.function[place] ?? -1),
      },
      ...parts.map((part) => ({
        title: part === null ? "Value" : withShortAddresses(part.label),
        numeric: true,
        cell: ({ word }: { word: string }) => {
          const value = partOf(word, part);
          return h("span", { title: value.toString() }, shownValue(value));
        },
      })),
    ],
  });
}

function keys({ slot, details }: SlotEntry): HTMLElement | null {
  if (details === null || !slot.keyed || details.keys.length === 0) {
    return null;
  }
  return section(
    "Keys",
    table({
      caption: "Keys, most waited on first",
      rows: details.keys,
      text: ({ label }) => label,
      columns: [
        {
          title: "Key",
          heading: true,
          cell: ({ label }) => h("bdi", { class: "name", title: label }, withShortAddresses(label)),
        },
        {
          title: "Waits",
          numeric: true,
          by: ({ waits }) => waits,
          cell: ({ waits }) => count(waits),
        },
        {
          title: "Readers",
          hint: "transactions",
          numeric: true,
          by: ({ readers }) => readers,
          cell: ({ readers }) => count(readers),
        },
        {
          title: "Writers",
          hint: "transactions",
          numeric: true,
          by: ({ writers }) => writers,
          cell: ({ writers }) => count(writers),
        },
      ],
    }),
    details.keysLeftOut > 0
      ? h("p", { class: "muted" }, `${plural(details.keysLeftOut, "further key")} not shown.`)
      : null,
  );
}
