/** A variable's value after each transaction that wrote it. */
import type { ValuePart, ValueSeries } from "../../../../details";
import { h } from "../dom";
import type { Model } from "../model";
import { color } from "../theme";
import { partOf, shownValue } from "../values";
import { axisLook, chart, tooltipLook } from "./chart";

export function valueChart(
  model: Model,
  series: ValueSeries,
  part: ValuePart | null,
  label: string,
): HTMLElement {
  const exact = [series.first, ...series.value].map((word) => partOf(word, part));
  return chart({
    label: `${label} after each of ${series.value.length} writes: from ${shownValue(exact[0] ?? 0n)} to ${shownValue(exact.at(-1) ?? 0n)}`,
    height: 240,
    marks: exact.length,
    option: () => {
      const look = axisLook();
      return {
        grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
        tooltip: {
          ...tooltipLook(),
          trigger: "axis",
          formatter: (input: unknown) => {
            const [point] = Array.isArray(input) ? input : [input];
            return tip(model, series, exact, Number(point?.dataIndex ?? 0));
          },
        },
        xAxis: {
          type: "category",
          data: exact.map((_, place) => (place === 0 ? "before" : place.toString())),
          axisLine: look.line,
          axisLabel: look.label,
          axisTick: { show: false },
        },
        yAxis: {
          type: "value",
          scale: true,
          axisLabel: {
            ...look.label,
            formatter: (value: number) =>
              Math.abs(value) >= 1e6 ? value.toExponential(1) : value.toString(),
          },
          splitLine: look.split,
        },
        series: [
          {
            type: "line",
            step: "end",
            symbol: "circle",
            symbolSize: exact.length > 80 ? 3 : 5,
            lineStyle: { color: color("accent"), width: 2 },
            itemStyle: { color: color("accent") },
            data: exact.map(Number),
          },
        ],
      };
    },
  });
}

function tip(
  model: Model,
  series: ValueSeries,
  exact: readonly bigint[],
  place: number,
): HTMLElement {
  const at = place - 1;
  return h(
    "div",
    {},
    h("strong", {}, shownValue(exact[place] ?? 0n)),
    h("br"),
    at < 0
      ? "before the first write"
      : `block ${model.block(series.block[at] ?? -1)}, transaction ${series.transactionIndex[at] ?? 0}: ${model.calledName(series.function[at] ?? -1)}`,
  );
}
