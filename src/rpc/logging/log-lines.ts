/**
 * Lines that a request gathers before its name is printed: indented text, and titles with their
 * values in one column.
 */
interface Line {
  readonly title: string | null;
  readonly text: string;
}

const INDENT = 2;

export class LogLines {
  #lines: Line[] = [];
  #depth = 0;
  /** The longest title ever: stock keeps the column where it once was. */
  #titleWidth = 0;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  add(text: string): void {
    this.#lines.push({ title: null, text: this.#indented(text) });
  }

  addTitled(title: string, value: string): void {
    const indented = this.#indented(title);
    this.#titleWidth = Math.max(this.#titleWidth, indented.length);
    this.#lines.push({ title: indented, text: value });
  }

  replaceLast(text: string): void {
    this.#lines.pop();
    this.add(text);
  }

  nested(describe: () => void): void {
    this.#depth += INDENT;
    describe();
    this.#depth -= INDENT;
  }

  /** Hands the lines out and forgets them. */
  take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines.map(({ title, text }) =>
      title === null ? text : `${`${title}:`.padEnd(this.#titleWidth + 1)} ${text}`,
    );
  }

  #indented(text: string): string {
    return text === ""
      ? text
      : text
          .split("\n")
          .map((line) => `${" ".repeat(this.#depth)}${line}`)
          .join("\n");
  }
}
