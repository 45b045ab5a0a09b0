/** Collects the lines of one case of the generated function and names its variables. */
import { type Item, MAX_NUMBER, type Representation, variableItem } from "./item";

export class Writer {
  readonly #lines: string[] = [];
  readonly #prefix: string;
  #names = 0;

  /** @param id of the case: names are unique in the function */
  constructor(id: number) {
    this.#prefix = `t${id}_`;
  }

  get text(): string {
    return this.#lines.join("\n");
  }

  line(code: string): void {
    this.#lines.push(code);
  }

  /** A constant of the generated function that holds the expression. */
  define(representation: Representation, expression: string, max = MAX_NUMBER): Item {
    const name = `${this.#prefix}${this.#names++}`;
    this.line(`const ${name}=${expression};`);
    return variableItem(name, representation, representation === "boolean" ? 1 : max);
  }
}
