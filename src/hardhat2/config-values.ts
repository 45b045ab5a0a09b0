/**
 * Checks of single values of the Hardhat config, with errors that name the key, what was expected
 * and what came. All throw ParallelError CONFIG_INVALID_VALUE, and `section` CONFIG_UNKNOWN_KEY.
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** Shown for a wrong value: short, and with the type visible (`"8"` is not 8). */
export function describeValue(value: unknown): string {
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "number") {
    return typeof value === "number" ? String(value) : `a ${typeof value}`;
  }
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export function fail(key: string, expected: string, actual: unknown): never {
  throw new ParallelError(ERRORS.CONFIG_INVALID_VALUE, {
    key,
    expected,
    actual: describeValue(actual),
  });
}

/** An object with none but the known keys; {} for undefined. */
export function section(
  value: unknown,
  key: string,
  known: readonly string[],
): Record<string, unknown> {
  if (value === undefined) {
    return {};
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail(key, "an object", value);
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new ParallelError(ERRORS.CONFIG_UNKNOWN_KEY, {
        key: `${key}.${name}`,
        expected: known.join(", "),
      });
    }
  }
  return { ...value };
}

export function boolean(value: unknown, key: string, fallback: boolean): boolean {
  if (value === undefined) {
    return fallback;
  }
  return typeof value === "boolean" ? value : fail(key, "true or false", value);
}

/** Validates an integer option in [min, max]. */
export function integer(value: unknown, key: string, min: number, max: number): number {
  const expected =
    max === Number.MAX_SAFE_INTEGER
      ? `an integer of at least ${min}`
      : `an integer from ${min} to ${max}`;
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    fail(key, expected, value);
  }
  return value;
}

/** Validates a number in [min, max]; max may be Infinity. */
export function numberWithin(value: unknown, key: string, min: number, max: number): number {
  const expected =
    max === Number.POSITIVE_INFINITY
      ? `a number of at least ${min}`
      : `a number from ${min} to ${max}`;
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max) {
    fail(key, expected, value);
  }
  return value;
}

/** Validates the grouping of transactions: `"mined"` or a window size. */
export function windowSize(value: unknown, key: string): "mined" | number {
  if (value === "mined") {
    return value;
  }
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
    fail(key, '"mined" or an integer of at least 1', value);
  }
  return value;
}

/** Texts that are not empty; [] for undefined. */
export function textList(value: unknown, key: string, expected: string): readonly string[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value) || !value.every((text) => typeof text === "string" && text !== "")) {
    fail(key, expected, value);
  }
  return [...value];
}

/** The path of a file; null for undefined. */
export function optionalPath(value: unknown, key: string): string | null {
  if (value === undefined) {
    return null;
  }
  return typeof value === "string" && value !== "" ? value : fail(key, "the path of a file", value);
}
