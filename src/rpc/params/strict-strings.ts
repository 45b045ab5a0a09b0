/**
 * Parsers of values that must be strings with 0x: what address parameters and hardhat_set* take.
 * Their messages say `supplied to : ADDRESS` and the like.
 */
import type { Address, Hash, Hex } from "../../state/hex";
import { columnOf, type Json, type Place } from "./place";
import type { Parser } from "./scalars";
import { describe, isPlainInteger, ShapeError } from "./shape-error";

/** Messages that this group starts with are reported with code -32000 instead of -32602. */
export const STORAGE_KEY_TOO_LARGE = "Storage key must not be greater than or equal to 2^256.";
export const STORAGE_VALUE_LENGTH = "Storage value must be exactly 32 bytes long.";

/** A string, or the error in the words of this group. */
function string(value: Json, place: Place, what: string, notString: string): string {
  if (typeof value === "string") {
    return value;
  }
  const isFraction = typeof value === "number" && !isPlainInteger(value);
  if (value === null || typeof value === "object" || isFraction) {
    const isContainer = value !== null && typeof value === "object";
    throw new NestedShapeError(
      `Failed to deserialize ${what} argument into string with error: 'invalid type: ${describe(value)}, expected a string`,
      place,
      isContainer ? "before" : "enclosing",
      isContainer ? "before" : "after",
    );
  }
  throw new ShapeError(`${notString}${value}`, place, "enclosing");
}

const onlyStrings = "This method only supports strings but input was: ";

/** An error whose message ends in a quoted message with a column of its own. */
export class NestedShapeError extends ShapeError {
  readonly innerReach: "after" | "before";

  constructor(
    message: string,
    place: Place,
    reach: "enclosing" | "before",
    innerReach: "after" | "before",
  ) {
    super(message, place, reach);
    this.innerReach = innerReach;
  }

  /** The message with the inner column, for this request. */
  complete(head: string, params: Json): string {
    const column = columnOf(head, params, this.place, this.innerReach);
    return `${this.message} at line 1 column ${column}'`;
  }
}

/** A strict string parser: prefix, a length rule if any, digits. */
function strict<T>(
  what: string,
  name: string,
  read: (text: string) => T | null,
  problem?: (text: string) => string | null,
): Parser<T> {
  return (value, place) => {
    const text = string(value, place, what, onlyStrings);
    const special = text.startsWith("0x") ? (problem?.(text) ?? null) : null;
    if (special !== null) {
      throw new ShapeError(special, place, "enclosing");
    }
    const result = text.startsWith("0x") ? read(text) : null;
    if (result === null) {
      throw new ShapeError(
        `invalid value ${JSON.stringify(text)} supplied to : ${name}`,
        place,
        "enclosing",
      );
    }
    return result;
  };
}

const HEX = /^0x[0-9a-fA-F]*$/;

function quantity(bytes: number): (text: string) => bigint | null {
  return (text) => {
    if (!HEX.test(text)) {
      return null;
    }
    const value = text === "0x" ? 0n : BigInt(text);
    return value >> BigInt(bytes * 8) === 0n ? value : null;
  };
}

export const strictAddress: Parser<Address> = strict("address", "ADDRESS", (text) =>
  text.length === 42 && HEX.test(text) ? lower(text) : null,
);

export const strictData: Parser<Hex> = strict("data", "DATA", (text) =>
  text.length % 2 === 0 && HEX.test(text) ? lower(text) : null,
);

/** 256 bits */
export const strictQuantity: Parser<bigint> = strict("quantity", "QUANTITY", quantity(32));

/** 64 bits */
export const strictNonce: Parser<bigint> = strict("quantity", "QUANTITY", quantity(8), (text) =>
  text.length > 18 ? `Nonce must not be greater than or equal to 2^64. Received ${text}` : null,
);

export const strictStorageKey: Parser<bigint> = strict(
  "quantity",
  "QUANTITY",
  quantity(32),
  (text) => (text.length > 66 ? `${STORAGE_KEY_TOO_LARGE} Received ${text}.` : null),
);

export const strictStorageValue: Parser<bigint> = strict(
  "quantity",
  "DATA",
  quantity(32),
  (text) => {
    const length = Math.floor((text.length - 2) / 2);
    return length === 32
      ? null
      : `${STORAGE_VALUE_LENGTH} Received ${text}, which is ${length} bytes long.`;
  },
);

/** Slot of eth_getStorageAt: hex of at most 32 bytes, 0x optional. */
export const storageSlot: Parser<bigint> = (value, place) => {
  if (typeof value === "number" || typeof value === "boolean") {
    throw new ShapeError(
      `Storage slot argument must be a string, got '${value}'`,
      place,
      "enclosing",
    );
  }
  const text = string(value, place, "storage slot", onlyStrings);
  if (text === "") {
    throw new ShapeError("Storage slot argument cannot be an empty string", place, "enclosing");
  }
  const prefixed = text.startsWith("0x");
  const limit = prefixed ? 66 : 64;
  if (text.length > limit) {
    throw new ShapeError(
      `Storage slot argument must have a length of at most ${limit} ${prefixed ? '("0x" + 32 bytes)' : "(32 bytes)"}, but '${text}' has a length of ${text.length}'`,
      place,
      "enclosing",
    );
  }
  const digits = prefixed ? text.slice(2) : text;
  if (!/^[0-9a-fA-F]*$/.test(digits)) {
    throw new ShapeError(
      `Storage slot argument must be a valid hexadecimal, got '${text}'`,
      place,
      "enclosing",
    );
  }
  return digits === "" ? 0n : BigInt(`0x${digits}`);
};

function lower(text: string): Hash {
  return `0x${text.slice(2).toLowerCase()}`;
}
