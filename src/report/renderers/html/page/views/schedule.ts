/** The schedule on p lanes, window by window. */
import type { WindowSchedule } from "../../../../details";
import { count, plural, speedUpNumber, withShortAddresses } from "../../../words";
import { disposeCharts } from "../charts/chart";
import { gantt, SERIES_COLORS, waitWords } from "../charts/gantt";
import { h, name } from "../dom";
import type { Model } from "../model";
import { facts, numberedFunctionLink, pageTitle } from "../parts";
import { table } from "../table";

export function schedule(model: Model, chosen: number | null): (HTMLElement | null)[] {
  const { report, details } = model;
  const lead = h(
    "p",
    { class: "lead" },
    `The recorded transactions on ${plural(report.metrics.lanes, "lane")}: whenever a lane is free, the first transaction whose conflicts are all done starts there. Time is gas. The schedule is computed from the recorded reads and writes; how a chain would schedule them is not observed.`,
  );
  const windows = details?.schedule.windows ?? [];
  if (windows.length === 0) {
    return [
      pageTitle("Schedule", lead),
      h("p", {}, "No window holds two transactions: there is nothing to schedule."),
    ];
  }
  const place = h("div", { class: "schedule" });
  const show = (index: number): void => {
    const window = windows[index];
    if (window !== undefined) {
      disposeCharts(place);
      place.replaceChildren(...windowView(model, window));
    }
  };
  const start = chosen !== null && windows[chosen] !== undefined ? chosen : heaviest(windows);
  show(start);
  return [
    pageTitle("Schedule", lead),
    windows.length > 1 ? picker(windows, start, show) : null,
    place,
    leftOut(model),
  ];
}

/** The window that gains least from lanes: there the critical path tells most. */
function heaviest(windows: readonly WindowSchedule[]): number {
  const longest = Math.max(...windows.map(({ criticalPath }) => criticalPath));
  return windows.findIndex(({ criticalPath }) => criticalPath === longest);
}

function picker(
  windows: readonly WindowSchedule[],
  start: number,
  show: (index: number) => void,
): HTMLElement {
  const select = h(
    "select",
    { id: "window", on: { change: () => show(Number(select.value)) } },
    windows.map((window, index) =>
      h(
        "option",
        { value: index, selected: index === start },
        `window ${window.number}: ${plural(window.weight.length, "transaction")}, ${speedUpNumber(window.gas / window.makespan)}×`,
      ),
    ),
  );
  const step = (by: number): void => {
    const index = Math.min(windows.length - 1, Math.max(0, Number(select.value) + by));
    select.value = index.toString();
    show(index);
  };
  return h(
    "div",
    { class: "picker" },
    h("label", { for: "window" }, "Window"),
    h(
      "button",
      { type: "button", "aria-label": "Window before", on: { click: () => step(-1) } },
      "‹",
    ),
    select,
    h("button", { type: "button", "aria-label": "Next window", on: { click: () => step(1) } }, "›"),
  );
}

function windowView(model: Model, window: WindowSchedule): (HTMLElement | DocumentFragment)[] {
  const called = [...new Set(window.function)];
  const byGas = called
    .map((number) => ({
      number,
      gas: window.weight.reduce(
        (sum, weight, place) => sum + (window.function[place] === number ? weight : 0),
        0,
      ),
    }))
    .sort((a, b) => b.gas - a.gas);
  const colors = new Map(byGas.map(({ number }, rank) => [number, Math.min(rank, SERIES_COLORS)]));
  const colorOf = (number: number): number => colors.get(number) ?? SERIES_COLORS;
  const panel = h("div", { class: "panel", "aria-live": "polite" }, [
    h("p", { class: "muted" }, "Choose a bar to see the transaction."),
  ]);
  const choose = (place: number): void => {
    panel.replaceChildren(transaction(model, window, place));
  };
  return [
    facts([
      {
        label: "Speed-up",
        value: `${speedUpNumber(window.gas / window.makespan)}×`,
        meaning: `${count(window.gas)} gas in ${count(window.makespan)}`,
      },
      {
        label: "At most",
        value: `${speedUpNumber(window.gas / window.criticalPath)}×`,
        meaning: `with any number of lanes: the critical path takes ${count(window.criticalPath)} gas`,
      },
      {
        label: "Critical path",
        value: count(window.critical.length),
        meaning: `of ${plural(window.weight.length, "transaction")} wait one for another`,
      },
    ]),
    legend(
      model,
      byGas.map(({ number }) => number),
    ),
    gantt({ model, window, colorOf, onChoose: choose }),
    panel,
    h("details", {}, h("summary", {}, "As a table"), transactionTable(model, window)),
  ];
}

function legend(model: Model, called: readonly number[]): HTMLElement {
  const shown = called.slice(0, SERIES_COLORS);
  return h(
    "ul",
    { class: "legend", "aria-label": "Colours" },
    shown.map((number, rank) =>
      h("li", {}, h("span", { class: `swatch series-${rank}` }), name(model.calledName(number))),
    ),
    called.length > shown.length
      ? h("li", {}, h("span", { class: "swatch series-rest" }), "others")
      : null,
    h("li", {}, h("span", { class: "swatch critical" }), "critical path"),
  );
}

function transaction(model: Model, window: WindowSchedule, place: number): HTMLElement {
  return h(
    "p",
    {},
    h("strong", {}, `Number ${place + 1}: `),
    numberedFunctionLink(model, window.function[place] ?? -1),
    ` in block ${model.block(window.block[place] ?? -1)}, transaction ${window.transactionIndex[place] ?? 0}, by `,
    name(withShortAddresses(model.account(window.account[place] ?? -1))),
    `; ${count(window.weight[place] ?? 0)} gas on lane ${(window.lane[place] ?? 0) + 1}; `,
    h("bdi", {}, waitWords(model, window, place)),
    window.failed[place] === 1 ? "; reverted" : "",
    window.critical.includes(place) ? "; on the critical path." : ".",
  );
}

function transactionTable(model: Model, window: WindowSchedule): HTMLElement {
  const critical = new Set(window.critical);
  return table({
    caption: `Transactions of window ${window.number}`,
    rows: window.weight.map((_, place) => place),
    text: (place) =>
      `${model.calledName(window.function[place] ?? -1)} ${model.account(window.account[place] ?? -1)} ${waitWords(model, window, place)}`,
    rowClass: (place) => (critical.has(place) ? "critical-row" : undefined),
    columns: [
      {
        title: "Number",
        heading: true,
        numeric: true,
        by: (place) => place,
        cell: (place) => place + 1,
      },
      {
        title: "Block, transaction",
        cell: (place) =>
          `${model.block(window.block[place] ?? -1)}, ${window.transactionIndex[place] ?? 0}`,
      },
      {
        title: "Called",
        by: (place) => model.calledName(window.function[place] ?? -1),
        cell: (place) => [
          numberedFunctionLink(model, window.function[place] ?? -1),
          window.failed[place] === 1 ? h("span", { class: "tag" }, "reverted") : null,
        ],
      },
      {
        title: "Sender",
        wide: true,
        by: (place) => model.account(window.account[place] ?? -1),
        cell: (place) => name(withShortAddresses(model.account(window.account[place] ?? -1))),
      },
      {
        title: "Lane",
        numeric: true,
        by: (place) => window.lane[place] ?? 0,
        cell: (place) => (window.lane[place] ?? 0) + 1,
      },
      {
        title: "Start",
        hint: "gas from the window's start",
        numeric: true,
        by: (place) => window.start[place] ?? 0,
        cell: (place) => count(window.start[place] ?? 0),
      },
      {
        title: "Gas",
        numeric: true,
        by: (place) => window.weight[place] ?? 0,
        cell: (place) => count(window.weight[place] ?? 0),
      },
      {
        title: "Waits for",
        cell: (place) => h("bdi", {}, waitWords(model, window, place)),
      },
      {
        title: "Critical",
        by: (place) => (critical.has(place) ? 0 : 1),
        cell: (place) => (critical.has(place) ? "yes" : ""),
      },
    ],
  });
}

function leftOut({ details }: Model): HTMLElement | null {
  const { windowsLeftOut = 0, transactionsLeftOut = 0 } = details?.schedule ?? {};
  return windowsLeftOut === 0
    ? null
    : h(
        "p",
        { class: "muted" },
        `${plural(windowsLeftOut, "window")} with ${plural(transactionsLeftOut, "transaction")} are not in this file. The numbers of the report cover all of them.`,
      );
}
