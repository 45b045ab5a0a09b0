/**
 * Functions by functions: how often two calls conflict. A cell is chosen with the mouse, or with the
 * arrow keys and Enter while the map has the focus.
 */
import type { EChartsType } from "echarts/core";
import type { FunctionPairReport } from "../../../../insights";
import { percent } from "../../../words";
import { h } from "../dom";
import type { Model } from "../model";
import { color } from "../theme";
import { axisLook, chart, tooltipLook } from "./chart";

export interface HeatMapInput {
  readonly model: Model;
  /** names of the functions, in the order of both axes */
  readonly names: readonly string[];
  /** null where no two such calls were in one window */
  readonly pairAt: (row: number, column: number) => FunctionPairReport | null;
  readonly onChoose: (pair: FunctionPairReport) => void;
}

const CELL = 34;
const MAX_CELL_WIDTH = 72;
const MAX_LABELLED = 24;

export function heatMap(input: HeatMapInput): HTMLElement {
  const { names, pairAt } = input;
  const size = names.length;
  const cells = names.flatMap((_, row) =>
    names.flatMap((__, column) => {
      const pair = pairAt(row, column);
      return pair === null || pair.probability === null ? [] : [[column, row, pair.probability]];
    }),
  );
  let drawn: EChartsType | null = null;
  const element = chart({
    label: `Heat map of ${size} by ${size} functions: how often two calls conflict. The same is below as a table.`,
    height: Math.min(760, 170 + size * Math.max(14, Math.min(CELL, 560 / size))),
    maxWidth: 240 + size * MAX_CELL_WIDTH,
    marks: cells.length,
    option: (width) => option(input, cells, width),
    onReady: (ready) => {
      drawn = ready;
      ready.on("click", (event) => {
        const [column, row] = Array.isArray(event.value) ? event.value.map(Number) : [];
        const pair = pairAt(row ?? -1, column ?? -1);
        if (pair !== null) {
          input.onChoose(pair);
        }
      });
    },
  });
  return withKeys(input, element, () => drawn, cells);
}

function option({ model, names, pairAt }: HeatMapInput, cells: readonly number[][], width: number) {
  const look = axisLook();
  const axis = {
    type: "category" as const,
    data: [...names],
    axisTick: { show: false },
    axisLine: look.line,
    splitArea: { show: false },
  };
  return {
    grid: { left: 8, right: 12, top: 8, bottom: 64, containLabel: true },
    tooltip: {
      ...tooltipLook(),
      formatter: (event: unknown) => {
        // the library's own type of the argument covers all charts; of these cells only `value` is used
        const { value } = event as { value: readonly number[] };
        return tip(model, names, pairAt(value[1] ?? -1, value[0] ?? -1), value);
      },
    },
    xAxis: {
      ...axis,
      axisLabel: {
        ...look.label,
        rotate: 40,
        width: 150,
        overflow: "truncate" as const,
        interval: 0,
      },
    },
    yAxis: {
      ...axis,
      inverse: true,
      axisLabel: {
        ...look.label,
        width: Math.min(190, width * 0.35),
        overflow: "truncate" as const,
        interval: 0,
      },
    },
    visualMap: {
      min: 0,
      max: 1,
      calculable: false,
      orient: "horizontal" as const,
      left: "center",
      bottom: 0,
      itemHeight: 160,
      text: ["always", "never"],
      textStyle: { color: color("muted") },
      inRange: { color: [color("heat-0"), color("heat-1"), color("heat-2"), color("heat-3")] },
    },
    series: [
      {
        type: "heatmap" as const,
        data: cells.map((cell) => [...cell]),
        label: {
          show: names.length <= MAX_LABELLED,
          fontSize: 11,
          formatter: ({ value }: { value?: unknown }) =>
            percent(Array.isArray(value) ? Number(value[2]) : null),
          color: "inherit",
        },
        itemStyle: { borderColor: color("surface"), borderWidth: 2 },
        emphasis: { itemStyle: { borderColor: color("focus"), borderWidth: 3 } },
      },
    ],
  };
}

function tip(
  model: Model,
  names: readonly string[],
  pair: FunctionPairReport | null,
  value: readonly number[],
): HTMLElement {
  const [first, second] = [names[value[1] ?? -1] ?? "", names[value[0] ?? -1] ?? ""];
  const on = pair?.slots.slice(0, 3).map((slot) => model.slotOf(slot)?.fullName ?? slot.variable);
  return h(
    "div",
    {},
    h("strong", {}, h("bdi", {}, first), " × ", h("bdi", {}, second)),
    h("br"),
    pair === null
      ? "no two such calls were in one window"
      : `${pair.conflicting} of ${pair.pairs} pairs conflict (${percent(pair.probability)})`,
    on === undefined || on.length === 0 ? null : [h("br"), h("bdi", {}, `on ${on.join(", ")}`)],
    pair !== null && pair.conflicting > 0 ? [h("br"), "click for an example"] : null,
  );
}

/** Arrow keys move over the cells, Enter and space choose. */
function withKeys(
  { names, pairAt, onChoose }: HeatMapInput,
  element: HTMLElement,
  drawn: () => EChartsType | null,
  cells: readonly number[][],
): HTMLElement {
  const spoken = h("p", { class: "visually-hidden", "aria-live": "polite" });
  let [row, column] = [0, 0];
  const show = (): void => {
    const pair = pairAt(row, column);
    const index = cells.findIndex((cell) => cell[0] === column && cell[1] === row);
    const chartNow = drawn();
    chartNow?.dispatchAction({ type: "downplay", seriesIndex: 0 });
    if (index !== -1) {
      chartNow?.dispatchAction({ type: "highlight", seriesIndex: 0, dataIndex: index });
      chartNow?.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: index });
    } else {
      chartNow?.dispatchAction({ type: "hideTip" });
    }
    spoken.textContent = `${names[row]} and ${names[column]}: ${pair === null ? "not observed" : `${percent(pair.probability)} conflict`}`;
  };
  const move: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const last = names.length - 1;
  return h(
    "div",
    {
      class: "heat-map",
      tabindex: 0,
      role: "application",
      "aria-label": "Heat map: arrow keys move over the cells, Enter shows an example",
      on: {
        focus: show,
        blur: () => drawn()?.dispatchAction({ type: "hideTip" }),
        keydown: (event) => {
          const { key } = event as KeyboardEvent; // a keydown is one
          const step = move[key];
          if (step !== undefined) {
            row = Math.min(last, Math.max(0, row + step[0]));
            column = Math.min(last, Math.max(0, column + step[1]));
            show();
          } else if (key === "Enter" || key === " ") {
            const pair = pairAt(row, column);
            if (pair !== null) {
              onChoose(pair);
            }
          } else {
            return;
          }
          event.preventDefault();
        },
      },
    },
    element,
    spoken,
  );
}
