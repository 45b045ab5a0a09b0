/**
 * Parsers of single values as the stock network's parameter types take them: unsigned integers,
 * fixed and variable bytes, booleans, floats.
 *
 * Owns: accepted spellings and messages. Does not own: the stricter spellings of hardhat_set*
 * (strict-strings.ts), structures.
 */
import { invariant } from "../../errors/base-error";
import type { Address, Hash, Hex } from "../../state/hex";
import { child, isList, type Json, type Place } from "./place";
import { isPlainInteger, ShapeError, wrongKind, wrongValue } from "./shape-error";

export type Parser<T> = (value: Json, place: Place) => T;

/**
 * An unsigned integer of so many bytes: a JSON number, or a string that is hex with 0x, octal with
 * 0o, binary with 0b, decimal without prefix; no digits are zero.
 */
export function unsigned(bytes: number): Parser<bigint> {
  const expected = `a ${bytes} byte hex string`;
  const limit = 1n << BigInt(bytes * 8);
  return (value, place) => {
    if (typeof value === "string") {
      const parsed = parseUnsigned(value);
      if (parsed === null || parsed >= limit) {
        throw new ShapeError(
          `invalid value: string ${JSON.stringify(value)}, expected ${expected}`,
          place,
          "after",
        );
      }
      return parsed;
    }
    if (typeof value === "number" && isPlainInteger(value) && value >= 0) {
      const parsed = BigInt(value);
      if (parsed >= limit) {
        throw new ShapeError(
          `invalid value: integer \`${value}\`, expected ${expected}`,
          place,
          "after",
        );
      }
      return parsed;
    }
    throw wrongValue(value, expected, place);
  };
}

export const u8 = unsigned(1);
export const u64 = unsigned(8);
export const u128 = unsigned(16);
export const u256 = unsigned(32);

const RADIX: Readonly<Record<string, { readonly digits: RegExp; readonly prefix: string }>> = {
  "0x": { digits: /^[0-9a-fA-F]*$/, prefix: "0x" },
  "0o": { digits: /^[0-7]*$/, prefix: "0o" },
  "0b": { digits: /^[01]*$/, prefix: "0b" },
};

/** null = not a number. */
export function parseUnsigned(text: string): bigint | null {
  const radix = RADIX[text.slice(0, 2).toLowerCase()];
  const digits = (radix === undefined ? text : text.slice(2)).replaceAll("_", "");
  if (!(radix?.digits ?? /^[0-9]*$/).test(digits)) {
    return null;
  }
  return digits === "" ? 0n : BigInt(`${radix?.prefix ?? ""}${digits}`);
}

/** Exactly so many bytes: hex with or without 0x, or a list of octets. */
function fixedBytes(size: number): Parser<Hex> {
  const expected = `${size} bytes, represented as a hex string of length ${size * 2}, an array of u8, or raw bytes`;
  return (value, place) => {
    if (typeof value === "string") {
      const digits = strip0x(value);
      const problem = hexProblem(digits, size);
      if (problem !== null) {
        throw new ShapeError(problem, place, "after");
      }
      return `0x${digits.toLowerCase()}`;
    }
    if (isList(value)) {
      if (value.length !== size) {
        throw new ShapeError(
          `invalid length ${value.length}, expected exactly ${size} bytes`,
          place,
          "after",
        );
      }
      return octets(value, place);
    }
    throw wrongValue(value, expected, place);
  };
}

const VARIABLE_BYTES =
  "a variable number of bytes represented as a hex string, an array of u8, or raw bytes";

/** Any number of bytes: hex with or without 0x, or a list of octets. */
export const bytes: Parser<Hex> = (value, place) => {
  if (typeof value === "string") {
    const digits = strip0x(value);
    if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
      throw new ShapeError(
        `invalid value: string ${JSON.stringify(value)}, expected a valid hex string`,
        place,
        "after",
      );
    }
    return `0x${digits.toLowerCase()}`;
  }
  if (isList(value)) {
    return octets(value, place);
  }
  throw wrongValue(value, VARIABLE_BYTES, place);
};

export const address: Parser<Address> = fixedBytes(20);
export const hash: Parser<Hash> = fixedBytes(32);

export const boolean: Parser<boolean> = (value, place) => {
  if (typeof value !== "boolean") {
    throw wrongKind(value, "a boolean", place);
  }
  return value;
};

export const float: Parser<number> = (value, place) => {
  if (typeof value !== "number") {
    throw wrongKind(value, "f64", place);
  }
  return value;
};

/** null reads as absent. */
export function optional<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value, place) => (value === null ? undefined : parser(value, place));
}

export function list<T>(parser: Parser<T>): Parser<readonly T[]> {
  return (value, place) => {
    if (!isList(value)) {
      throw wrongKind(value, "a sequence", place);
    }
    return value.map((element, index) => parser(element, child(place, index)));
  };
}

function octets(values: readonly Json[], place: Place): Hex {
  const octet = values.map((value, index) => {
    if (typeof value !== "number") {
      throw wrongKind(value, "u8", child(place, index));
    }
    if (!isPlainInteger(value)) {
      throw new ShapeError(
        `invalid type: floating point \`${value}\`, expected u8`,
        child(place, index),
        "after",
      );
    }
    if (value < 0 || value > 255) {
      throw new ShapeError(
        `invalid value: integer \`${value}\`, expected u8`,
        child(place, index),
        "after",
      );
    }
    return value;
  });
  return `0x${Buffer.from(octet).toString("hex")}`;
}

function hexProblem(digits: string, size: number): string | null {
  if (digits.length % 2 !== 0) {
    return "Odd number of digits";
  }
  if (digits.length !== size * 2) {
    return "Invalid string length";
  }
  const wrong = digits.search(/[^0-9a-fA-F]/);
  if (wrong < 0) {
    return null;
  }
  const character = digits[wrong];
  invariant(character !== undefined, "a match has a character");
  return `Invalid character '${character}' at position ${wrong}`;
}

function strip0x(text: string): string {
  return text.startsWith("0x") ? text.slice(2) : text;
}
