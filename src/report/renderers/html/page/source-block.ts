/** A function's source, with what its lines do to the variables that transactions wait on. */
import type { FunctionCode, LineUse } from "../../../details";
import { count } from "../../words";
import { type Child, h } from "./dom";
import type { FunctionEntry, Model } from "./model";
import { section, slotLink } from "./parts";

/** Lines around one that is shown because it touches a variable. */
const CONTEXT = 4;

export function sourceBlock(model: Model, entry: FunctionEntry): HTMLElement | null {
  const { details } = model;
  const code = details?.code.functions.find(
    (candidate) => model.functionAt(candidate.function) === entry,
  );
  if (details === null || code === undefined) {
    return section(
      "Source",
      h(
        "p",
        { class: "muted" },
        "The source of this function is not known to the compiler's output.",
      ),
    );
  }
  const ranges = rangesOf(code);
  return section(
    "Source",
    h(
      "p",
      { class: "muted" },
      "As it was compiled. Lines that touch a variable on which transactions wait are marked.",
    ),
    ranges.map(({ file, from, to }) => excerpt(model, code, file, from, to)),
    details.code.linesLeftOut > 0
      ? h(
          "p",
          { class: "muted" },
          `${count(details.code.linesLeftOut)} lines of sources are not in this file.`,
        )
      : null,
  );
}

interface Range {
  readonly file: string;
  readonly from: number;
  to: number;
}

/** The function's own lines first, then what its internal functions do elsewhere. */
function rangesOf({ place, lines }: FunctionCode): Range[] {
  const ranges: Range[] = place === null ? [] : [{ ...place }];
  for (const { file, line } of [...lines].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line,
  )) {
    const inside = ranges.some(
      (range) => range.file === file && line >= range.from && line <= range.to,
    );
    const last = ranges.at(-1);
    if (inside) {
      continue;
    }
    if (
      last !== undefined &&
      ranges.length > 1 &&
      last.file === file &&
      line - CONTEXT <= last.to
    ) {
      last.to = line + CONTEXT;
    } else {
      ranges.push({ file, from: Math.max(1, line - CONTEXT), to: line + CONTEXT });
    }
  }
  return ranges;
}

function excerpt(
  model: Model,
  { lines: uses }: FunctionCode,
  file: string,
  from: number,
  to: number,
): HTMLElement | null {
  const byLine = new Map<number, LineUse[]>();
  for (const use of uses.filter((candidate) => candidate.file === file)) {
    byLine.set(use.line, [...(byLine.get(use.line) ?? []), use]);
  }
  const found = model.details?.code.excerpts.find(
    (candidate) =>
      candidate.file === file &&
      candidate.from <= from &&
      from < candidate.from + candidate.lines.length,
  );
  const title = `${file}:${from}`;
  if (found === undefined) {
    return h("p", {}, h("code", {}, title), h("span", { class: "muted" }, " is not in this file."));
  }
  const lines = found.lines.slice(from - found.from, to - found.from + 1);
  const indent = Math.min(
    ...lines.filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)?.[0].length ?? 0),
  );
  return h(
    "figure",
    { class: "source" },
    h("figcaption", {}, h("code", {}, title)),
    h(
      "div",
      { class: "code-scroll", tabindex: 0, role: "region", "aria-label": `Source: ${title}` },
      h(
        "table",
        { class: "code" },
        h(
          "tbody",
          {},
          lines.map((line, place) => {
            const number = from + place;
            const touching = byLine.get(number) ?? [];
            return h(
              "tr",
              { class: touching.length > 0 ? "hot" : undefined },
              h("th", { scope: "row", class: "line-number" }, number),
              h("td", { class: "line" }, h("code", {}, line.slice(indent))),
              h(
                "td",
                { class: "line-note" },
                touching.map((use) => note(model, use)),
              ),
            );
          }),
        ),
      ),
    ),
  );
}

function note(model: Model, { variable, reads, writes }: LineUse): Child {
  const entry = model.slots[variable];
  const what = [
    reads > 0 ? `read ${count(reads)}×` : "",
    writes > 0 ? `written ${count(writes)}×` : "",
  ].filter((text) => text !== "");
  return entry === undefined
    ? null
    : h(
        "span",
        { class: "note" },
        slotLink(model, entry.slot, entry.slot.variable),
        ` ${what.join(", ")}`,
      );
}
