/**
 * Parsers of JSON objects with known fields, read in the order in which they stand in the text:
 * unknown fields are skipped, of several errors the first one counts.
 */
import { child, isList, type Json, type JsonObject, type Place } from "./place";
import type { Parser } from "./scalars";
import { ShapeError, wrongKind } from "./shape-error";

export interface StructShape<T> {
  /** as the parser's messages name it */
  readonly name: string;
  readonly fields: { readonly [K in keyof T & string]: Parser<T[K]> };
  /** fields without which the object is refused, in the order of the check */
  readonly required?: readonly (keyof T & string)[];
  /** other names of fields */
  readonly aliases?: Readonly<Record<string, keyof T & string>>;
}

export function struct<T extends object>(shape: StructShape<T>): Parser<T> {
  const parsers: ReadonlyMap<string, Parser<unknown>> = new Map(Object.entries(shape.fields));
  return (value, place) => {
    const result: Record<string, unknown> = Object.fromEntries(
      [...parsers.keys()].map((name) => [name, undefined]),
    );
    const seen = new Set<string>();
    for (const [key, fieldValue] of Object.entries(
      object(value, shape.name, parsers.size, place),
    )) {
      const name = shape.aliases?.[key] ?? key;
      const parser = parsers.get(name);
      if (parser === undefined) {
        continue;
      }
      if (seen.has(name)) {
        throw new ShapeError(`duplicate field \`${name}\``, child(place, key), "key");
      }
      seen.add(name);
      result[name] = parser(fieldValue, child(place, key));
    }
    for (const name of shape.required ?? []) {
      if (!seen.has(name)) {
        throw new ShapeError(`missing field \`${name}\``, place, "after");
      }
    }
    // Each field was set by its own parser or is absent, which T's optional fields allow.
    return result as T;
  };
}

/** A map with parsed keys. */
export function map<K, V>(key: Parser<K>, value: Parser<V>): Parser<ReadonlyMap<K, V>> {
  return (input, place) => {
    if (input === null || typeof input !== "object" || isList(input)) {
      throw wrongKind(input, "a map", place);
    }
    return new Map(
      Object.entries(input).map(([name, entry]) => {
        const at = child(place, name);
        return [parseKey(key, name, at), value(entry, at)];
      }),
    );
  };
}

function parseKey<K>(parser: Parser<K>, name: string, place: Place): K {
  try {
    return parser(name, place);
  } catch (error) {
    if (error instanceof ShapeError) {
      throw new ShapeError(error.message, place, "key");
    }
    throw error;
  }
}

function object(value: Json, name: string, size: number, place: Place): JsonObject {
  if (value === null || typeof value !== "object") {
    throw wrongKind(value, `struct ${name}`, place);
  }
  if (isList(value)) {
    throw new ShapeError(
      `invalid length ${value.length}, expected struct ${name} with ${size} elements`,
      place,
      "after",
    );
  }
  return value;
}
