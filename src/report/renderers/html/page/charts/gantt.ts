/**
 * A window on its lanes: one bar for each transaction, the critical path lit.
 * Owns: how it looks. Does not own: the schedule (analysis/lane-schedule.ts).
 */
import type { CustomSeriesOption } from "echarts/charts";
import type { WindowSchedule } from "../../../../details";
import { count, plural, withShortAddresses } from "../../../words";
import { h } from "../dom";
import type { Model } from "../model";
import { color } from "../theme";
import { axisLook, chart, tooltipLook } from "./chart";

export interface GanttInput {
  readonly model: Model;
  readonly window: WindowSchedule;
  /** By number of a function: the number of its colour. */
  readonly colorOf: (called: number) => number;
  readonly onChoose: (place: number) => void;
}

/** Colours of functions in the style sheet: --series-0 … */
export const SERIES_COLORS = 8;

export function gantt(input: GanttInput): HTMLElement {
  const { window } = input;
  const lanes = Math.max(1, input.model.details?.schedule.lanes ?? 1);
  const critical = new Set(window.critical);
  return chart({
    label: `Schedule of window ${window.number}: ${plural(window.weight.length, "transaction")} on ${plural(lanes, "lane")}, ${plural(window.critical.length, "transaction")} on the critical path. The same is below as a table.`,
    height: 84 + Math.min(640, Math.max(18, 34 - lanes / 4) * lanes),
    marks: window.weight.length,
    option: () => {
      const look = axisLook();
      return {
        grid: { left: 8, right: 16, top: 8, bottom: 56, containLabel: true },
        tooltip: {
          ...tooltipLook(),
          formatter: (event: unknown) =>
            // the library's own type of the argument covers all charts; of these bars only the index is used
            tip(input, (event as { dataIndex: number }).dataIndex, critical),
        },
        dataZoom: [
          { type: "inside", filterMode: "weakFilter", zoomOnMouseWheel: "ctrl" },
          {
            type: "slider",
            filterMode: "weakFilter",
            height: 16,
            bottom: 8,
            moveHandleSize: 0,
            backgroundColor: color("raised"),
            borderColor: color("line"),
            fillerColor: color("accent-soft"),
            handleStyle: { color: color("surface"), borderColor: color("muted") },
            textStyle: { color: color("muted") },
            showDataShadow: false,
            labelFormatter: (value: number) => `${count(Math.round(value))} gas`,
          },
        ],
        xAxis: {
          type: "value",
          min: 0,
          max: window.makespan,
          axisLabel: { ...look.label, hideOverlap: true, formatter: gasLabel },
          splitLine: look.split,
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: Array.from({ length: lanes }, (_, lane) => `lane ${lane + 1}`),
          axisTick: { show: false },
          axisLine: look.line,
          axisLabel: look.label,
        },
        series: [bars(input, critical), path(window)],
      };
    },
    onReady: (drawn) => {
      drawn.on("click", ({ seriesIndex, dataIndex }) => {
        if (seriesIndex === 0) {
          input.onChoose(dataIndex);
        }
      });
    },
  });
}

function gasLabel(gas: number): string {
  return gas >= 1e6 ? `${+(gas / 1e6).toFixed(2)}M` : gas >= 1e3 ? `${gas / 1e3}k` : `${gas}`;
}

function bars({ window, colorOf }: GanttInput, critical: ReadonlySet<number>): CustomSeriesOption {
  const lit = color("critical");
  const edge = color("surface");
  const fills = Array.from({ length: SERIES_COLORS + 1 }, (_, place) =>
    color(place === SERIES_COLORS ? "bar-muted" : `series-${place}`),
  );
  return {
    type: "custom",
    progressive: 2_000,
    encode: { x: [1, 2], y: 0 },
    data: window.weight.map((weight, place) => [
      window.lane[place] ?? 0,
      window.start[place] ?? 0,
      (window.start[place] ?? 0) + weight,
    ]),
    renderItem: (params, api) => {
      const place = params.dataIndex;
      const [left = 0, middle = 0] = api.coord([api.value(1), api.value(0)]);
      const [right = 0] = api.coord([api.value(2), api.value(0)]);
      const size = api.size?.([0, 1]);
      const height = (Array.isArray(size) ? (size[1] ?? 20) : 20) * 0.72;
      const isCritical = critical.has(place);
      return {
        type: "rect",
        name: isCritical ? "critical" : "bar",
        shape: {
          x: left,
          y: middle - height / 2,
          width: Math.max(1, right - left),
          height,
          r: right - left > 8 ? 3 : 0,
        },
        style: {
          fill: fills[colorOf(window.function[place] ?? -1)] ?? edge,
          opacity: isCritical ? 1 : 0.42,
          stroke: isCritical ? lit : edge,
          lineWidth: isCritical ? 2.5 : 0.5,
        },
        emphasis: { style: { opacity: 1 } },
      };
    },
  };
}

/** From bar to bar along the critical path. */
function path({ critical, start, weight, lane }: WindowSchedule) {
  return {
    type: "line" as const,
    silent: true,
    symbol: "none",
    z: 5,
    lineStyle: { color: color("critical"), width: 1.5, type: "dashed" as const },
    tooltip: { show: false },
    data: critical.flatMap((place) => {
      const from = start[place] ?? 0;
      return [
        [from, lane[place] ?? 0],
        [from + (weight[place] ?? 0), lane[place] ?? 0],
      ];
    }),
  };
}

function tip(
  { model, window }: GanttInput,
  place: number,
  critical: ReadonlySet<number>,
): HTMLElement {
  return h(
    "div",
    {},
    h("strong", {}, h("bdi", {}, model.calledName(window.function[place] ?? -1))),
    h("br"),
    `block ${model.block(window.block[place] ?? -1)}, transaction ${window.transactionIndex[place] ?? 0}`,
    h("br"),
    `${count(window.weight[place] ?? 0)} gas from ${count(window.start[place] ?? 0)}`,
    h("br"),
    h("bdi", {}, waitWords(model, window, place)),
    critical.has(place) ? [h("br"), h("strong", {}, "on the critical path")] : null,
  );
}

/** `waits for transaction 3 on Token.totalSupply` */
export function waitWords(model: Model, window: WindowSchedule, place: number): string {
  const after = window.after[place] ?? -1;
  if (after === -1) {
    return "waits for no other";
  }
  const on = model.details?.schedule.places[window.on[place] ?? -1] ?? "";
  return `waits for number ${after + 1} (${model.calledName(window.function[after] ?? -1)}) on ${withShortAddresses(on)}`;
}
