/**
 * Fits a document into a number of bytes: rows are dropped from the end of its last sections first,
 * and a note says how many.
 *
 * Owns: what is cut. Does not own: what is in the document.
 */

/** A table or list: its head and tail are always there, its rows as far as they fit. */
export interface Section {
  /** each with its line break */
  readonly head: string;
  readonly rows: readonly string[];
  readonly tail: string;
  /** what a row is: `function`, `functions` */
  readonly noun: readonly [one: string, several: string];
}

export function text(head: string): Section {
  return { head, rows: [], tail: "", noun: ["", ""] };
}

/** The sections in order, at most `limit` bytes of UTF-8 if their heads and tails allow it. */
export function fitInto(sections: readonly Section[], limit: number): string {
  const fixed = sections.reduce(
    (sum, section) =>
      sum + bytes(section.head) + bytes(section.tail) + bytes(note(section, section.rows.length)),
    0,
  );
  let left = limit - fixed;
  return sections
    .map((section) => {
      let shown = 0;
      for (const row of section.rows) {
        if (bytes(row) > left) {
          break;
        }
        left -= bytes(row);
        shown++;
      }
      const cut = section.rows.length - shown;
      return [section.head, ...section.rows.slice(0, shown), note(section, cut), section.tail].join(
        "",
      );
    })
    .join("");
}

function note({ noun: [one, several] }: Section, cut: number): string {
  return cut === 0
    ? ""
    : `\n_${cut} further ${cut === 1 ? one : several} cut to keep this short: the JSON report has all._\n`;
}

function bytes(value: string): number {
  return Buffer.byteLength(value, "utf8");
}
