/**
 * The page of the HTML report: reads the embedded data, shows one view at a time by the address's
 * fragment, and all of them on paper.
 *
 * Owns: navigation, theme button, printing. Does not own: views (views/).
 */
import type { DetailedReport } from "../../../report";
import { disposeCharts, drawNow } from "./charts/chart";
import { append, h } from "./dom";
import { Model } from "./model";
import { search } from "./search";
import { setPrinting } from "./table";
import { currentTheme, forceTheme, startTheme, toggleTheme } from "./theme";
import { functionPage } from "./views/function";
import { functions } from "./views/functions";
import { help } from "./views/help";
import { matrix } from "./views/matrix";
import { schedule } from "./views/schedule";
import { summary } from "./views/summary";
import { variablePage } from "./views/variable";
import { variables } from "./views/variables";
import { workload } from "./views/workload";

type View = readonly (HTMLElement | null)[];

interface Route {
  readonly path: string;
  readonly title: string;
  readonly view: (model: Model, argument: number | null) => View;
}

const ROUTES: readonly Route[] = [
  { path: "summary", title: "Summary", view: summary },
  { path: "functions", title: "Functions", view: functions },
  { path: "variables", title: "Variables", view: variables },
  { path: "conflicts", title: "Conflicts", view: matrix },
  { path: "schedule", title: "Schedule", view: schedule },
  { path: "workload", title: "Workload", view: workload },
  { path: "help", title: "How to read this", view: help },
];

/** Pages below a route, which stays lit in the navigation. */
const PAGES: Readonly<Record<string, { readonly under: string; readonly view: Route["view"] }>> = {
  function: {
    under: "functions",
    view: (model, id) => {
      const entry = model.functions[id ?? -1];
      return entry === undefined ? missing() : functionPage(model, entry);
    },
  },
  variable: {
    under: "variables",
    view: (model, id) => {
      const entry = model.slots[id ?? -1];
      return entry === undefined ? missing() : variablePage(model, entry);
    },
  },
};

function missing(): View {
  return [
    h("h1", { tabindex: -1 }, "There is no such page"),
    h("p", {}, h("a", { href: "#/summary" }, "To the summary")),
  ];
}

interface Location {
  readonly route: Route | undefined;
  readonly view: Route["view"];
  readonly argument: number | null;
}

function locate(): Location {
  const [, path = "", argument] = /^#\/([a-z]+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  const page = PAGES[path];
  const [first] = ROUTES;
  const route =
    ROUTES.find((candidate) => candidate.path === (page?.under ?? path)) ??
    (location.hash === "" || location.hash === "#" ? first : undefined);
  return {
    route,
    view: page?.view ?? route?.view ?? missing,
    argument: argument === undefined ? null : Number(argument),
  };
}

function start(): void {
  const data = document.getElementById("data")?.textContent ?? "";
  // written by the renderer of this same version
  const model = new Model(JSON.parse(data) as DetailedReport);
  const main = h("main", { id: "main", tabindex: -1 });
  const links = ROUTES.map(({ path, title }) => h("a", { href: `#/${path}` }, title));
  const app = document.getElementById("app") ?? document.body;
  app.append(
    h("a", { class: "skip", href: "#main", on: { click: skip } }, "Skip to the content"),
    header(model, links),
    main,
    footer(model),
  );

  function skip(event: Event): void {
    event.preventDefault();
    main.focus();
  }

  function show(focus: boolean): void {
    const { route, view, argument } = locate();
    disposeCharts(main);
    main.replaceChildren();
    append(main, view(model, argument));
    for (const [place, link] of links.entries()) {
      if (ROUTES[place] === route) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else {
        link.removeAttribute("aria-current");
      }
    }
    const title = main.querySelector("h1");
    document.title = `${title?.textContent ?? "Report"} – parallel report`;
    if (focus) {
      window.scrollTo(0, 0);
      title?.focus({ preventScroll: true });
    }
  }

  startTheme();
  show(false);
  addEventListener("hashchange", () => show(true));
  printing(model, main);
}

function header(model: Model, links: readonly HTMLElement[]): HTMLElement {
  const theme = h("button", {
    type: "button",
    class: "theme",
    on: {
      click: () => {
        toggleTheme();
        label();
      },
    },
  });
  const label = (): void => {
    const other = currentTheme() === "dark" ? "light" : "dark";
    theme.textContent = other === "dark" ? "◐ Dark" : "◑ Light";
    theme.setAttribute("aria-label", `Switch to the ${other} theme`);
  };
  label();
  return h(
    "header",
    { class: "bar" },
    h(
      "a",
      { class: "brand", href: "#/summary" },
      h("span", { class: "mark", "aria-hidden": "true" }),
      "Parallel report",
    ),
    h("nav", { "aria-label": "Report" }, links),
    search(model),
    theme,
    h("button", { type: "button", class: "print", on: { click: () => print() } }, "Print"),
  );
}

function footer({ report: { tool } }: Model): HTMLElement {
  return h(
    "footer",
    { class: "foot" },
    `${tool.name} ${tool.version}. This file holds everything it shows and asks no network for anything.`,
  );
}

/** On paper: all views one after the other, in light; a page of a function or variable alone. */
function printing(model: Model, main: HTMLElement): void {
  let paper: HTMLElement | null = null;
  addEventListener("beforeprint", () => {
    const isPage = /^#\/(function|variable)\//.test(location.hash);
    forceTheme("light");
    setPrinting(true);
    paper = h("div", { class: "paper" });
    const { view, argument } = locate();
    const views = isPage ? [view(model, argument)] : ROUTES.map((route) => route.view(model, null));
    for (const parts of views) {
      const sheet = h("div", { class: "sheet" });
      append(sheet, parts);
      paper.append(sheet);
    }
    main.hidden = true;
    main.after(paper);
    drawNow(paper);
  });
  addEventListener("afterprint", () => {
    if (paper !== null) {
      disposeCharts(paper);
      paper.remove();
    }
    main.hidden = false;
    setPrinting(false);
    forceTheme(null);
  });
}

start();
