/**
 * A parameter that does not have the shape the method asks for, in the words of the stock network's
 * JSON parser (serde): what came, what was expected, and how far the parser had read.
 */
import { isList, type Json, type Place, type Reach } from "./place";

export class ShapeError extends Error {
  readonly place: Place;
  readonly reach: Reach;

  constructor(message: string, place: Place, reach: Reach) {
    super(message);
    this.name = "ShapeError";
    this.place = place;
    this.reach = reach;
  }
}

/** `integer \`5\``, `string "a"`, `map`, … as the parser names what it met. */
export function describe(value: Json): string {
  if (value === null) {
    return "null";
  }
  switch (typeof value) {
    case "boolean":
      return `boolean \`${value}\``;
    case "number":
      return isPlainInteger(value) ? `integer \`${value}\`` : "number";
    case "string":
      return `string ${JSON.stringify(value)}`;
    default:
      return isList(value) ? "sequence" : "map";
  }
}

/** An integer that fits 64 bits: larger ones and fractions are kept as text by the parser. */
export function isPlainInteger(value: number): boolean {
  return Number.isInteger(value) && /^-?\d+$/.test(String(value)) && Math.abs(value) < 2 ** 64;
}

/** "invalid type" from a parser that asked for one kind of value: containers are left unread. */
export function wrongKind(value: Json, expected: string, place: Place): ShapeError {
  return new ShapeError(
    `invalid type: ${describe(value)}, expected ${expected}`,
    place,
    value !== null && typeof value === "object" ? "before" : "after",
  );
}

/** "invalid type" from a parser that takes any value and refused this one. */
export function wrongValue(value: Json, expected: string, place: Place): ShapeError {
  const isContainer = value !== null && typeof value === "object";
  const name = typeof value === "number" && !isPlainInteger(value) ? "map" : describe(value);
  return new ShapeError(
    `invalid type: ${name}, expected ${expected}`,
    place,
    isContainer ? "opened" : "after",
  );
}
