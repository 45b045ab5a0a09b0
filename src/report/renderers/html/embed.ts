/**
 * Data and code inside an HTML file: what is untrusted must stay data.
 *
 * Every text is cleaned before it is embedded (what moves the cursor of a terminal or reorders text
 * in a browser is gone, or visible in lines of sources), so that the page's own code may show any
 * text as text. Owns: that. Does not own: the page.
 */
import { createHash } from "node:crypto";
import { plainText } from "../plain-text";

/** JSON that no HTML parser takes for markup and no script parser for a line break. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** What a CSP names a script or a style by that is allowed to stand in the page. */
export function sourceHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

/** Invisible characters and those that reorder text; tabs stay. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A line of a source with what would be invisible in it: `⟨U+202E⟩`. */
export function visibleLine(line: string): string {
  return line.replace(
    HIDDEN,
    (character) =>
      `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

/** A copy in which every text is plain. Keys are the report's own. */
export function cleaned<T>(value: T): T {
  return clean(value) as T; // the same shape: only texts change, and to texts
}

function clean(value: unknown): unknown {
  if (typeof value === "string") {
    return plainText(value);
  }
  if (Array.isArray(value)) {
    return value.map(clean);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, clean(part)]));
  }
  return value;
}
