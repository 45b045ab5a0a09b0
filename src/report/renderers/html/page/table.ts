/**
 * Tables that sort, filter and page, so that ten thousand rows stay as quick as ten.
 * Owns: that. Does not own: what the rows say.
 */
import { type Child, h } from "./dom";

export interface Column<T> {
  readonly title: string;
  /** longer, for the header's tooltip */
  readonly hint?: string;
  readonly cell: (row: T) => Child;
  /** sorts by it; without one the column does not sort. null goes last. */
  readonly by?: (row: T) => number | string | null;
  readonly numeric?: boolean;
  /** names the row for screen readers: one column of a table */
  readonly heading?: boolean;
  /** hidden where there is little room */
  readonly wide?: boolean;
}

export interface TableInput<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** what the filter looks into; without it there is no filter */
  readonly text?: (row: T) => string;
  readonly pageSize?: number;
  readonly empty?: string;
  readonly rowClass?: (row: T) => string | undefined;
  /** rows as given are sorted by this column: shown, and the first click turns it round */
  readonly sorted?: { readonly column: number; readonly descending: boolean };
}

const DEFAULT_PAGE = 50;
/** Rows of a table on paper. */
const PRINTED_ROWS = 200;
let printing = false;

/** Tables made while it is on are for paper: no controls, more rows. */
export function setPrinting(on: boolean): void {
  printing = on;
}

interface View<T> {
  filter: string;
  sort: { column: number; descending: boolean } | null;
  page: number;
  shown: readonly T[];
}

export function table<T>(input: TableInput<T>): HTMLElement {
  const { caption, columns, rows, text, empty = "Nothing to show." } = input;
  const pageSize = printing ? PRINTED_ROWS : (input.pageSize ?? DEFAULT_PAGE);
  const view: View<T> = { filter: "", sort: input.sorted ?? null, page: 0, shown: rows };
  const body = h("tbody");
  const status = h("p", { class: "table-status", role: "status" });
  const pager = h("div", { class: "pager" });
  const heads = columns.map((column, place) => headCell(column, place));

  function headCell(column: Column<T>, place: number): HTMLTableCellElement {
    const classes = [column.numeric ? "number" : "", column.wide ? "wide" : ""].join(" ").trim();
    const sort = (): void => {
      const same = view.sort?.column === place;
      view.sort = {
        column: place,
        descending: same ? view.sort?.descending !== true : column.numeric === true,
      };
      view.page = 0;
      refresh(true);
    };
    return h(
      "th",
      { scope: "col", class: classes || undefined, title: column.hint },
      column.by === undefined || printing
        ? column.title
        : h("button", { type: "button", class: "sort", on: { click: sort } }, column.title),
    );
  }

  function refresh(changed: boolean): void {
    if (changed) {
      const wanted = view.filter.toLowerCase();
      const found =
        wanted === "" || text === undefined
          ? [...rows]
          : rows.filter((row) => text(row).toLowerCase().includes(wanted));
      const by = view.sort === null ? undefined : columns[view.sort.column]?.by;
      const isInput = view.sort === input.sorted;
      view.shown = by === undefined || isInput ? found : sortedBy(found, by, view.sort?.descending);
    }
    const from = view.page * pageSize;
    const page = view.shown.slice(from, from + pageSize);
    body.replaceChildren(
      ...(page.length === 0
        ? [h("tr", {}, h("td", { colspan: columns.length, class: "empty" }, empty))]
        : page.map((row) => bodyRow(row))),
    );
    for (const [place, head] of heads.entries()) {
      const isSorted = view.sort?.column === place;
      if (columns[place]?.by !== undefined && !printing) {
        head.setAttribute(
          "aria-sort",
          isSorted ? (view.sort?.descending ? "descending" : "ascending") : "none",
        );
      }
    }
    showPager(from, page.length);
  }

  function bodyRow(row: T): HTMLTableRowElement {
    return h(
      "tr",
      { class: input.rowClass?.(row) },
      columns.map((column) => {
        const classes = [column.numeric ? "number" : "", column.wide ? "wide" : ""]
          .join(" ")
          .trim();
        return column.heading
          ? h("th", { scope: "row", class: classes || undefined }, column.cell(row))
          : h("td", { class: classes || undefined }, column.cell(row));
      }),
    );
  }

  function showPager(from: number, count: number): void {
    const total = view.shown.length;
    const pages = Math.max(1, Math.ceil(total / pageSize));
    const of = total === rows.length ? "" : ` (of ${rows.length.toLocaleString("en")})`;
    status.textContent =
      pages === 1 && of === ""
        ? ""
        : `${(count === 0 ? 0 : from + 1).toLocaleString("en")}–${(from + count).toLocaleString("en")} of ${total.toLocaleString("en")}${of}`;
    if (pages === 1 || printing) {
      pager.replaceChildren();
      return;
    }
    const go = (page: number, label: string, symbol: string): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          "aria-label": label,
          disabled: page < 0 || page >= pages || page === view.page,
          on: {
            click: () => {
              view.page = page;
              refresh(false);
            },
          },
        },
        symbol,
      );
    pager.replaceChildren(
      go(0, "First page", "«"),
      go(view.page - 1, "Previous page", "‹"),
      h("span", {}, `page ${view.page + 1} of ${pages}`),
      go(view.page + 1, "Next page", "›"),
      go(pages - 1, "Last page", "»"),
    );
  }

  refresh(true);
  const filter =
    text === undefined || printing || rows.length < 8
      ? null
      : h("input", {
          type: "search",
          class: "filter",
          placeholder: "Filter",
          "aria-label": `Filter: ${caption}`,
          on: {
            input: (event) => {
              view.filter = (event.target as HTMLInputElement).value; // the listener is the input's
              view.page = 0;
              refresh(true);
            },
          },
        });
  return h(
    "div",
    { class: "table-block" },
    filter,
    h(
      "div",
      { class: "table-scroll", tabindex: 0, role: "region", "aria-label": caption },
      h(
        "table",
        {},
        h("caption", { class: "visually-hidden" }, caption),
        h("thead", {}, h("tr", {}, heads)),
        body,
      ),
    ),
    h("div", { class: "table-foot" }, status, pager),
  );
}

function sortedBy<T>(
  rows: readonly T[],
  by: (row: T) => number | string | null,
  descending = false,
): T[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [by(left), by(right)];
    if (a === null || b === null) {
      return a === b ? 0 : a === null ? 1 : -1;
    }
    return a === b ? 0 : a < b ? -sign : sign;
  });
}
