/**
 * Stack items of generated JavaScript: an expression and how it represents its word.
 *
 *   word      a bigint
 *   number    an integer in [0, 2^53): offsets, lengths, counters
 *   boolean   1 or 0: what comparisons give
 *
 * Expressions are variables or literals: they may be written any number of times. Literals are digits made
 * from numbers; nothing else of a code's bytes gets into a source.
 */

export type Representation = "word" | "number" | "boolean";

export interface Item {
  readonly representation: Representation;
  /** a variable of the generated function; "" for a constant */
  readonly name: string;
  readonly constant: bigint | null;
  /** upper bound of a number; exact for a constant that is one */
  readonly max: number;
}

export const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

export function constantItem(word: bigint): Item {
  const isNumber = word <= BigInt(MAX_NUMBER);
  return {
    representation: isNumber ? "number" : "word",
    name: "",
    constant: word,
    max: Number(word),
  };
}

export function variableItem(
  name: string,
  representation: Representation,
  max = representation === "boolean" ? 1 : MAX_NUMBER,
): Item {
  return { representation, name, constant: null, max };
}

/** Numbers and booleans. */
export function isSmall(item: Item): boolean {
  return item.representation !== "word";
}

/** The word as a bigint expression. */
export function asWord({ constant, name, representation }: Item): string {
  if (constant !== null) {
    return `0x${constant.toString(16)}n`;
  }
  switch (representation) {
    case "word":
      return name;
    case "number":
      return `BigInt(${name})`;
    case "boolean":
      return `(${name}?1n:0n)`;
  }
}

/** The word as a number expression, inexact where it is 2^53 or more. */
export function asNumber({ constant, name, representation }: Item): string {
  if (constant !== null) {
    return String(Number(constant));
  }
  switch (representation) {
    case "word":
      return `Number(${name})`;
    case "number":
      return name;
    case "boolean":
      return `(${name}?1:0)`;
  }
}

/** Is the word not zero? As a boolean expression. */
export function asCondition({ constant, name, representation }: Item): string {
  if (constant !== null) {
    return constant === 0n ? "false" : "true";
  }
  switch (representation) {
    case "word":
      return `(${name}!==0n)`;
    case "number":
      return `(${name}!==0)`;
    case "boolean":
      return name;
  }
}

export function asRepresentation(item: Item, representation: Representation): string {
  switch (representation) {
    case "word":
      return asWord(item);
    case "number":
      return asNumber(item);
    case "boolean":
      return asCondition(item);
  }
}

/** The representation that can hold both. */
export function joinRepresentations(a: Representation, b: Representation): Representation {
  if (a === b) {
    return a;
  }
  return a === "word" || b === "word" ? "word" : "number";
}
