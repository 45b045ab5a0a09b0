/** Search over functions, variables and findings. Owns: the box and its list of results. */
import { h, name } from "./dom";
import type { Model } from "./model";

interface Hit {
  readonly text: string;
  readonly kind: string;
  readonly href: `#${string}`;
}

const MAX_HITS = 12;

export function search(model: Model): HTMLElement {
  const hits: Hit[] = [
    ...model.functions.map(({ fullName, id, row }) => ({
      text: `${fullName}${row.signature.slice(Math.max(0, row.signature.indexOf("(")))}`,
      kind: "function",
      href: `#/function/${id}` as const,
    })),
    ...model.slots.map(({ fullName, id }) => ({
      text: fullName,
      kind: "variable",
      href: `#/variable/${id}` as const,
    })),
  ];
  const results = h("ul", { id: "search-results", class: "search-results", hidden: true });
  const status = h("p", { class: "visually-hidden", role: "status" });
  const box = h("input", {
    type: "search",
    id: "search",
    placeholder: "Search  /",
    "aria-label": "Search functions and variables",
    "aria-controls": "search-results",
    autocomplete: "off",
  });
  const close = (): void => {
    results.hidden = true;
    status.textContent = "";
  };
  const show = (): void => {
    const wanted = box.value.trim().toLowerCase();
    if (wanted === "") {
      close();
      return;
    }
    const found = hits.filter(({ text }) => text.toLowerCase().includes(wanted));
    results.replaceChildren(
      ...found
        .slice(0, MAX_HITS)
        .map(({ text, kind, href }) =>
          h(
            "li",
            {},
            h("a", { href, on: { click: close } }, name(text), h("span", { class: "tag" }, kind)),
          ),
        ),
      ...(found.length > MAX_HITS
        ? [h("li", { class: "muted" }, `and ${found.length - MAX_HITS} more`)]
        : []),
      ...(found.length === 0 ? [h("li", { class: "muted" }, "Nothing found.")] : []),
    );
    results.hidden = false;
    status.textContent = `${found.length} found`;
  };
  box.addEventListener("input", show);
  const root = h("div", { class: "search", role: "search" }, box, results, status);
  root.addEventListener("keydown", (event) => move(event, box, results, close));
  root.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) {
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
    }
  });
  return root;
}

function move(
  event: KeyboardEvent,
  box: HTMLInputElement,
  results: HTMLElement,
  close: () => void,
): void {
  const links = [...results.querySelectorAll("a")];
  const at = links.findIndex((link) => link.matches(":focus"));
  if (event.key === "Escape") {
    close();
    box.focus();
  } else if (event.key === "ArrowDown" && !results.hidden) {
    links[Math.min(links.length - 1, at + 1)]?.focus();
    event.preventDefault();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (at === 0 ? box : links[at - 1])?.focus();
    event.preventDefault();
  } else if (event.key === "Enter" && at === -1) {
    links[0]?.click();
  }
}
