/**
 * Where a value stands inside a request's `params`, and at which column of the request's JSON text
 * an error about it is reported.
 *
 * The stock network parses the text `{"method":…,"params":…}` in one go and ends each message about
 * a malformed parameter with ` at line 1 column N`. We parse values, not text, so the column is
 * computed afterwards, for failing requests only, from the path to the offending value.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Path from `params` (no parent) down to a value. */
export interface Place {
  readonly parent: Place | null;
  readonly key: string | number;
}

export const PARAMS: Place = { parent: null, key: "" };

export function child(parent: Place, key: string | number): Place {
  return { parent, key };
}

/**
 * How far the stock parser has read when it gives up:
 * - `before`: at the value, nothing of it read (a container where a scalar was expected);
 * - `after`: at the value's end;
 * - `enclosing`: one character further, the comma or bracket that follows it in a list or the
 *   brace that closes its object (the error is noticed by the enclosing container);
 * - `opened`: after the bracket of a container that was opened and refused (its end if empty);
 * - `key`: after the name of an object's field;
 * - `peeked`: the value's first character was looked at;
 * - `text`: at the end of the text.
 */
export type Reach = "before" | "after" | "enclosing" | "opened" | "key" | "peeked" | "text";

/** 1-based column (bytes of UTF-8) in the request's text; `head` is what stands before its params. */
export function columnOf(head: string, params: Json, place: Place, reach: Reach): number {
  if (reach === "text") {
    return bytes(head) + length(params) + 1;
  }
  const { start, value, followed } = locate(params, place);
  const begin = bytes(head) + start;
  const end = begin + length(value);
  switch (reach) {
    case "before":
      return begin;
    case "after":
      return end;
    case "enclosing":
      return followed ? end + 1 : end;
    case "opened":
      return length(value) === 2 ? end : begin + 1;
    case "key":
      return begin - 1;
    case "peeked":
      return begin + 1;
  }
}

interface Located {
  /** offset from the start of the params' text */
  readonly start: number;
  readonly value: Json;
  /** is the next character consumed when the enclosing container is left early? */
  readonly followed: boolean;
}

function locate(params: Json, place: Place): Located {
  if (place.parent === null) {
    return { start: 0, value: params, followed: true };
  }
  const parent = locate(params, place.parent);
  let offset = parent.start + 1;
  const container = parent.value;
  if (isList(container)) {
    const index = Number(place.key);
    for (const element of container.slice(0, index)) {
      offset += length(element) + 1;
    }
    return { start: offset, value: container[index] ?? null, followed: true };
  }
  if (container !== null && typeof container === "object") {
    const entries = Object.entries(container);
    for (const [position, [key, value]] of entries.entries()) {
      offset += length(key) + 1;
      if (key === place.key) {
        return { start: offset, value, followed: position === entries.length - 1 };
      }
      offset += length(value) + 1;
    }
  }
  return { start: parent.start, value: container, followed: false };
}

/** Array.isArray does not narrow readonly lists. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function length(value: Json): number {
  return bytes(JSON.stringify(value));
}

function bytes(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
