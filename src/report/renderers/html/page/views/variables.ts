/** All variables on which transactions wait. */
import { count, plural, speedUpNumber } from "../../../words";
import { h, name } from "../dom";
import type { Model, SlotEntry } from "../model";
import { pageTitle } from "../parts";
import { table } from "../table";

export function variables(model: Model): HTMLElement[] {
  const { report } = model;
  const bound = report.metrics.speedUpBound;
  return [
    pageTitle(
      "Variables",
      h(
        "p",
        { class: "lead" },
        report.slots.length === 0
          ? "No transaction waits on a variable."
          : `${plural(report.slots.length, "variable")} on which transactions wait, those first that shorten the longest chain most if nobody waited on them. The gain is that of each alone: several can hide one another.`,
      ),
    ),
    table<SlotEntry>({
      caption: "Variables on which transactions wait",
      rows: model.slots,
      text: ({ fullName }) => fullName,
      empty: "No variable matches.",
      columns: [
        {
          title: "Variable",
          heading: true,
          by: ({ fullName }) => fullName,
          cell: ({ id, fullName, slot }) => [
            h("a", { href: `#/variable/${id}` }, name(fullName)),
            slot.restored ? h("span", { class: "tag" }, "lock") : null,
            slot.resolved ? null : h("span", { class: "tag" }, "unresolved"),
          ],
        },
        {
          title: "Waiting",
          hint: "transactions that wait on it",
          numeric: true,
          by: ({ slot }) => slot.dependents,
          cell: ({ slot }) => count(slot.dependents),
        },
        {
          title: "If fixed alone",
          hint: "the run's speed-up bound, before and after",
          numeric: true,
          by: ({ slot }) => slot.speedUpIfFixed,
          cell: ({ slot }) => `${speedUpNumber(bound)} → ${speedUpNumber(slot.speedUpIfFixed)}`,
        },
        {
          title: "Keys",
          hint: "different slots of it that some transaction waits on",
          numeric: true,
          wide: true,
          by: ({ slot }) => slot.locations,
          cell: ({ slot }) => (slot.keyed ? count(slot.locations) : "–"),
        },
        {
          title: "Read by",
          numeric: true,
          wide: true,
          by: ({ slot }) => slot.readers.length,
          cell: ({ slot }) => plural(slot.readers.length, "function"),
        },
        {
          title: "Written by",
          numeric: true,
          wide: true,
          by: ({ slot }) => slot.writers.length,
          cell: ({ slot }) => plural(slot.writers.length, "function"),
        },
        {
          title: "Pattern",
          cell: ({ findings: [finding] }) =>
            finding === undefined
              ? null
              : h("span", { class: `chip label-${finding.label}` }, finding.label),
        },
      ],
    }),
  ];
}
