/** The table of functions: on the summary and in full. */
import { contractName, count, percent, rowRemark, speedUpNumber } from "../../words";
import { h, name } from "./dom";
import type { FunctionEntry, Model } from "./model";
import { shownContract } from "./model";
import { footprintNote, gainOf, verdictChip, waitsOn } from "./parts";
import { type Column, table } from "./table";

export function functionTable(
  model: Model,
  rows: readonly FunctionEntry[],
  caption: string,
): HTMLElement {
  const measured = ({ row }: FunctionEntry): boolean =>
    row.metrics.parallelism !== null && row.verdict !== "unmeasured";
  const { lanes } = model.report.metrics;
  const columns: Column<FunctionEntry>[] = [
    {
      title: "Function",
      heading: true,
      by: ({ fullName }) => fullName,
      cell: (entry) => [
        h(
          "a",
          { href: `#/function/${entry.id}`, title: entry.row.signature },
          h("span", { class: "muted" }, name(shownContract(entry.contract.name)), "."),
          name(entry.name),
        ),
        entry.row.direct === 0 ? h("span", { class: "tag" }, "internal") : null,
      ],
    },
    {
      title: "Verdict",
      by: ({ row }) => ({ serial: 0, keyBound: 1, parallel: 2, unmeasured: 3 })[row.verdict],
      cell: ({ row }) => verdictChip(row),
    },
    {
      title: "Calls",
      numeric: true,
      by: ({ row }) => row.calls,
      cell: ({ row }) => count(row.calls),
    },
    {
      title: "Senders",
      numeric: true,
      wide: true,
      by: ({ row }) => row.senders,
      cell: ({ row }) => count(row.senders),
    },
    {
      title: "Gas",
      hint: "all calls together, before refunds",
      numeric: true,
      wide: true,
      by: ({ row }) => row.metrics.gas + row.metrics.alone.gas,
      cell: ({ row }) => count(row.metrics.gas + row.metrics.alone.gas),
    },
    {
      title: "P",
      hint: "parallelism: 0% one after the other, 100% all at once",
      numeric: true,
      by: (entry) => (measured(entry) ? entry.row.metrics.parallelism : null),
      cell: (entry) => percent(measured(entry) ? entry.row.metrics.parallelism : null),
    },
    {
      title: "α",
      hint: "scaling: 0 calls run at once however many, 1 each call waits for the one before",
      numeric: true,
      wide: true,
      by: ({ row }) => row.alpha ?? null,
      cell: ({ row }) =>
        row.alpha === undefined || row.alpha === null ? "–" : row.alpha.toFixed(2),
    },
    {
      title: `${lanes} lanes`,
      hint: `speed-up with ${lanes} transactions at a time`,
      numeric: true,
      by: (entry) => (measured(entry) ? entry.row.metrics.speedUp : null),
      cell: (entry) => (measured(entry) ? `${speedUpNumber(entry.row.metrics.speedUp)}×` : "–"),
    },
    {
      title: "Waits on",
      cell: (entry) =>
        measured(entry)
          ? [
              waitsOn(model, entry.row),
              rowRemark(entry.row) === ""
                ? null
                : h("span", { class: "muted" }, ` (${rowRemark(entry.row)})`),
            ]
          : h("span", { class: "muted" }, footprintNote(entry.row)),
    },
    {
      title: "If fixed",
      hint: "the function's own speed-up bound, before and after",
      numeric: true,
      by: ({ row }) =>
        row.topFix === null ? null : row.topFix.speedUpAfter - row.topFix.speedUpBefore,
      cell: (entry) => (measured(entry) ? gainOf(entry.row) : ""),
    },
  ];
  return table({
    caption,
    columns,
    rows,
    text: ({ fullName, row }) => `${fullName} ${row.signature} ${row.verdict}`,
    empty: "No function matches.",
  });
}

/** A line for each contract. */
export function contractTable(model: Model): HTMLElement {
  const { report } = model;
  return table({
    caption: "Contracts, most gas first",
    rows: report.contracts,
    text: ({ name: full }) => full,
    columns: [
      {
        title: "Contract",
        heading: true,
        by: ({ name: full }) => contractName(full),
        cell: ({ name: full }) => h("span", { title: full }, name(shownContract(full))),
      },
      {
        title: "Verdict",
        by: ({ verdict }) => ({ serial: 0, keyBound: 1, parallel: 2, unmeasured: 3 })[verdict],
        cell: (row) => verdictChip(row),
      },
      {
        title: "Functions",
        numeric: true,
        wide: true,
        by: ({ functions }) => functions.length,
        cell: ({ functions }) => count(functions.length),
      },
      {
        title: "Calls",
        numeric: true,
        by: ({ calls }) => calls,
        cell: ({ calls }) => count(calls),
      },
      {
        title: "Senders",
        numeric: true,
        wide: true,
        by: ({ senders }) => senders,
        cell: ({ senders }) => count(senders),
      },
      {
        title: "Gas",
        numeric: true,
        wide: true,
        by: ({ metrics }) => metrics.gas + metrics.alone.gas,
        cell: ({ metrics }) => count(metrics.gas + metrics.alone.gas),
      },
      {
        title: "P",
        hint: "parallelism: 0% one after the other, 100% all at once",
        numeric: true,
        by: ({ metrics }) => metrics.parallelism,
        cell: ({ metrics }) => percent(metrics.parallelism),
      },
      {
        title: `${report.metrics.lanes} lanes`,
        numeric: true,
        by: ({ metrics }) => (metrics.parallelism === null ? null : metrics.speedUp),
        cell: ({ metrics }) =>
          metrics.parallelism === null ? "–" : `${speedUpNumber(metrics.speedUp)}×`,
      },
      { title: "Waits on", cell: (row) => waitsOn(model, row) },
      { title: "If fixed", numeric: true, cell: (row) => gainOf(row) },
    ],
  });
}
