/**
 * A 256-bit word as the compiler sees it: four limbs of 64 bits, least significant first, each of which
 * is known or lies in a local.
 *
 * Values are immutable: the local of a limb is written once, before the value exists.
 */
import type { Local } from "./encoder/function-builder";

export type Limb =
  | { readonly kind: "constant"; readonly value: bigint }
  /** an i64 below 2^bits */
  | { readonly kind: "local"; readonly local: Local; readonly bits: number }
  /** an i32 that is 0 or 1 */
  | { readonly kind: "flag"; readonly local: Local };

export type Limbs = readonly [Limb, Limb, Limb, Limb];

export interface WordValue {
  readonly limbs: Limbs;
}

export const LIMB_BITS = 64;
export const LIMB_MASK = (1n << 64n) - 1n;
export const ZERO: Limb = { kind: "constant", value: 0n };

export function constantWord(word: bigint): WordValue {
  const limb = (shift: bigint): Limb => {
    const value = (word >> shift) & LIMB_MASK;
    return value === 0n ? ZERO : { kind: "constant", value };
  };
  return { limbs: [limb(0n), limb(64n), limb(128n), limb(192n)] };
}

export function oneLimb(limb: Limb): WordValue {
  return { limbs: [limb, ZERO, ZERO, ZERO] };
}

/** The word if all its limbs are known, else null. */
export function knownWord({ limbs }: WordValue): bigint | null {
  let word = 0n;
  for (let i = 3; i >= 0; i--) {
    const limb = limbs[i];
    if (limb?.kind !== "constant") {
      return null;
    }
    word = (word << 64n) | limb.value;
  }
  return word;
}

export function isZero(limb: Limb): boolean {
  return limb.kind === "constant" && limb.value === 0n;
}

/** An upper bound on the number of bits of the limb. */
export function bitsOf(limb: Limb): number {
  switch (limb.kind) {
    case "constant":
      return limb.value === 0n ? 0 : limb.value.toString(2).length;
    case "local":
      return limb.bits;
    case "flag":
      return 1;
  }
}

/** Limbs that are not known to be 0: 0 to 4. */
export function sizeOf({ limbs }: WordValue): number {
  let size = 4;
  while (size > 0 && isZero(limbs[size - 1] ?? ZERO)) {
    size--;
  }
  return size;
}

export function sameLimb(a: Limb, b: Limb): boolean {
  if (a.kind === "constant") {
    return b.kind === "constant" && a.value === b.value;
  }
  return b.kind === a.kind && a.local === b.local;
}
