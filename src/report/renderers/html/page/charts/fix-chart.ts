/** Speed-up after each step of the list of fixes. */
import { slotName, slotNames, speedUpNumber } from "../../../words";
import type { Model } from "../model";
import { color } from "../theme";
import { axisLook, chart, tooltipLook } from "./chart";

export function fixChart({ report }: Model): HTMLElement {
  const { fixes, metrics } = report;
  const bars = [
    { label: "as it is", value: metrics.speedUpBound },
    ...fixes.map((fix, step) => ({
      label: `${step + 1}. ${slotNames(fix.slots.map(slotName))}`,
      value: fix.speedUpAfter,
    })),
  ];
  return chart({
    label: `Speed-up after each step: ${bars.map(({ label, value }) => `${label} ${speedUpNumber(value)}`).join(", ")}`,
    height: 60 + 34 * bars.length,
    marks: bars.length,
    option: (width) => {
      const look = axisLook();
      return {
        grid: { left: 8, right: 56, top: 4, bottom: 24, containLabel: true },
        tooltip: { ...tooltipLook(), show: false },
        xAxis: {
          type: "value",
          axisLabel: { ...look.label, formatter: (value: number) => `${value}×` },
          splitLine: look.split,
          splitNumber: width < 500 ? 3 : 5,
        },
        yAxis: {
          type: "category",
          inverse: true,
          data: bars.map(({ label }) => label),
          axisTick: { show: false },
          axisLine: look.line,
          axisLabel: {
            ...look.label,
            color: color("text"),
            width: Math.min(240, width * 0.42),
            overflow: "truncate",
          },
        },
        series: [
          {
            type: "bar",
            barMaxWidth: 18,
            data: bars.map(({ value }, place) => ({
              value,
              itemStyle: { color: color(place === 0 ? "bar-muted" : "accent"), borderRadius: 3 },
            })),
            label: {
              show: true,
              position: "right",
              color: color("text"),
              formatter: ({ value }: { value?: unknown }) => `${speedUpNumber(Number(value))}×`,
            },
          },
        ],
      };
    },
  });
}
