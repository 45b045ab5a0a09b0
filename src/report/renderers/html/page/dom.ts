/**
 * Elements made from data. Text goes into text nodes and attributes only, links lead only into the
 * page: no name from a report can become markup. Owns: that nothing else makes elements.
 */

export type Child = Node | string | number | null | undefined | false | readonly Child[];

export interface Attributes {
  readonly class?: string | undefined;
  /** within the page: `#/slots` */
  readonly href?: `#${string}` | undefined;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  /** Everything else as attributes; false and undefined leave one out, true is the empty value. */
  readonly [name: string]: unknown;
}

/** Attributes that could run something or load something. */
const FORBIDDEN = /^(on.|src|srcdoc|style|action|formaction|data$)/i;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on" || value === undefined || value === null || value === false) {
      continue;
    }
    if (FORBIDDEN.test(name) || (name === "href" && !String(value).startsWith("#"))) {
      throw new Error(`attribute ${name} is not for data`);
    }
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [name, listener] of Object.entries(attributes.on ?? {})) {
    element.addEventListener(name, listener);
  }
  append(element, children);
  return element;
}

export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) {
      continue;
    }
    if (typeof child === "string" || typeof child === "number") {
      parent.append(String(child));
    } else if (child instanceof Node) {
      parent.append(child);
    } else {
      append(parent, child as readonly Child[]); // what is left of Child is a list
    }
  }
}

/** A name out of the report: kept apart from the direction of the text around it. */
export function name(text: string, className = "name"): HTMLElement {
  return h("bdi", { class: className }, text);
}

export function fragment(...children: readonly Child[]): DocumentFragment {
  const holder = document.createElement("div");
  append(holder, children);
  const result = document.createDocumentFragment();
  result.append(...holder.childNodes);
  return result;
}
