/** Numbers out of storage words. */
import type { ValuePart } from "../../../details";

/** A member of a word; the whole word where `part` is null. */
export function partOf(word: string, part: ValuePart | null): bigint {
  const value = BigInt(word);
  return part === null
    ? value
    : (value >> BigInt(8 * part.offset)) & ((1n << BigInt(8 * part.bytes)) - 1n);
}

/** From here on a word is rather an address or a hash than an amount. */
const OPAQUE = 1n << 128n;

/** As people read it: small numbers in decimal, what is no amount in hex. */
export function shownValue(value: bigint): string {
  if (value < OPAQUE) {
    return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  }
  const hex = value.toString(16);
  return hex.length > 20 ? `0x${hex.slice(0, 8)}…${hex.slice(-6)}` : `0x${hex}`;
}

/** Do they have a course that a line can show? */
export function isAmount(values: readonly bigint[]): boolean {
  return values.every((value) => value < OPAQUE) && new Set(values).size > 1;
}
