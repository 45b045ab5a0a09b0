/**
 * What a value means as JSON: JSON.parse(JSON.stringify(value)), without the text where the value is
 * plain, as nearly every request's parameters are.
 *
 * Owns: which values are plain. Does not own: what others mean (JSON.stringify: toJSON, undefined in
 * lists, numbers that are not finite, …).
 */
import type { Json, JsonObject } from "./params/place";

/**
 * A copy that shares no object with the value.
 * @throws TypeError of JSON.stringify (bigint, a cycle), SyntaxError for what has no JSON at all
 */
export function jsonValue(value: unknown): Json {
  const plain = plainCopy(value, 0);
  return plain === NOT_PLAIN ? JSON.parse(JSON.stringify(value)) : plain;
}

const NOT_PLAIN = Symbol("not plain");
/** Deeper values may be cycles. */
const MAX_DEPTH = 64;

function plainCopy(value: unknown, depth: number): Json | typeof NOT_PLAIN {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : NOT_PLAIN;
    case "object":
      if (value === null) {
        return null;
      }
      if (depth === MAX_DEPTH || "toJSON" in value) {
        return NOT_PLAIN;
      }
      return Array.isArray(value) ? plainList(value, depth) : plainObject(value, depth);
    default:
      return NOT_PLAIN;
  }
}

function plainList(list: readonly unknown[], depth: number): Json | typeof NOT_PLAIN {
  const copy: Json[] = [];
  for (const element of list) {
    const plain = plainCopy(element, depth + 1);
    if (plain === NOT_PLAIN) {
      return NOT_PLAIN;
    }
    copy.push(plain);
  }
  return copy;
}

function plainObject(object: object, depth: number): Json | typeof NOT_PLAIN {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    return NOT_PLAIN; // a String object, for one, is its text
  }
  const copy: Record<string, Json> = {};
  for (const [key, member] of Object.entries(object)) {
    if (member === undefined) {
      continue; // an object of JSON has no such member
    }
    const plain = plainCopy(member, depth + 1);
    if (plain === NOT_PLAIN || key === "__proto__") {
      return NOT_PLAIN;
    }
    copy[key] = plain;
  }
  return copy satisfies JsonObject;
}
