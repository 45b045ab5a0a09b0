/**
 * Text that is safe and fits: names come from users' contracts, tests and compilers.
 *
 * Owns: what may reach a terminal. Does not own: layout (terminal.ts).
 */
import { stripVTControlCharacters } from "node:util";

/**
 * Everything that could move the cursor, change colours, hide or reorder text: C0 and C1 controls,
 * line and paragraph separators, bidirectional and invisible formatting characters (Unicode Cc, Cf, Zl, Zp).
 */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text without escape sequences and control characters. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, "");
}

/** Number of characters; surrogate pairs count as one. */
export function width(text: string): number {
  return [...text].length;
}

/** At most `limit` characters; what is cut off is marked. */
export function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit
    ? text
    : `${characters.slice(0, Math.max(0, limit - 1)).join("")}…`;
}

export function padEnd(text: string, length: number): string {
  return text + " ".repeat(Math.max(0, length - width(text)));
}

export function padStart(text: string, length: number): string {
  return " ".repeat(Math.max(0, length - width(text))) + text;
}

/** Breaks a text at spaces into lines of at most `limit` characters; longer words are cut. */
export function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const piece = shorten(word, limit);
    if (line !== "" && width(line) + 1 + width(piece) > limit) {
      lines.push(line);
      line = piece;
    } else {
      line = line === "" ? piece : `${line} ${piece}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}
