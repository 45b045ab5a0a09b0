/**
 * Charts that follow theme and size, and go away with the view they are in.
 * Owns: their life and the parts of the library that are bundled. Does not own: what they show.
 */
import { BarChart, CustomChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import type { EChartsOption } from "echarts/types/dist/shared";
import { h } from "../dom";
import { color, onThemeChange } from "../theme";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  CustomChart,
  DataZoomComponent,
  GridComponent,
  HeatmapChart,
  LineChart,
  SVGRenderer,
  TooltipComponent,
  VisualMapComponent,
]);

/** Above this many marks a bitmap is quicker to draw and to scroll than a drawing. */
const MAX_DRAWN = 2_000;

export interface ChartInput {
  /** what it shows, in a sentence, for those who do not see it */
  readonly label: string;
  readonly height: number;
  /** bars, cells, points: decides how it is drawn */
  readonly marks: number;
  /** pixels; default: as wide as there is room */
  readonly maxWidth?: number;
  /** Asked again after a change of theme or size, with the width in pixels: colours come from the style sheet. */
  readonly option: (width: number) => EChartsOption;
  /** Called once, when the chart is there. */
  readonly onReady?: (chart: EChartsType) => void;
}

interface Live {
  readonly element: HTMLElement;
  readonly input: ChartInput;
  chart: EChartsType | null;
}

const live = new Set<Live>();

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const found = [...live].find(({ element }) => element === target);
    if (found !== undefined && target.clientWidth > 0) {
      draw(found);
    }
  }
});

onThemeChange(redrawAll);

/** An element that becomes a chart when it has a size. */
export function chart(input: ChartInput): HTMLElement {
  const element = h("div", {
    class: `chart chart-${input.height}`,
    role: "img",
    "aria-label": input.label,
  });
  element.style.height = `${input.height}px`;
  if (input.maxWidth !== undefined) {
    element.style.maxWidth = `${input.maxWidth}px`;
  }
  const entry: Live = { element, input, chart: null };
  live.add(entry);
  sizes.observe(element);
  return element;
}

function draw(entry: Live): void {
  const { element, input } = entry;
  if (entry.chart !== null) {
    entry.chart.resize();
    entry.chart.setOption(withDefaults(entry));
    return;
  }
  const renderer = input.marks > MAX_DRAWN ? "canvas" : "svg";
  const created = init(element, null, { renderer });
  entry.chart = created;
  created.setOption(withDefaults(entry));
  input.onReady?.(created);
}

function withDefaults({ element, input: { option, label } }: Live): EChartsOption {
  return {
    animation: false,
    aria: { enabled: true, label: { description: label } },
    textStyle: { fontFamily: color("sans"), color: color("text") },
    ...option(element.clientWidth),
  };
}

function redrawAll(): void {
  for (const entry of live) {
    entry.chart?.setOption(withDefaults(entry));
  }
}

/** Draws at once what would wait for the next frame: before printing. */
export function drawNow(within: Element): void {
  for (const entry of live) {
    if (within.contains(entry.element)) {
      draw(entry);
    }
  }
}

/** Ends the charts of a view that is taken away. */
export function disposeCharts(within: Element): void {
  for (const entry of live) {
    if (within.contains(entry.element)) {
      sizes.unobserve(entry.element);
      entry.chart?.dispose();
      live.delete(entry);
    }
  }
}

/** Looks that charts have in common. */
export function axisLook(): {
  readonly line: object;
  readonly label: object;
  readonly split: object;
} {
  return {
    line: { lineStyle: { color: color("line") } },
    label: { color: color("muted"), fontSize: 12 },
    split: { lineStyle: { color: color("line-soft") } },
  };
}

export function tooltipLook(): object {
  return {
    confine: true,
    backgroundColor: color("surface"),
    borderColor: color("line"),
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: color("text"), fontSize: 13, fontFamily: color("sans") },
    extraCssText:
      "border-radius:8px;box-shadow:0 4px 16px rgba(0,0,0,.16);white-space:normal;max-width:340px",
  };
}
