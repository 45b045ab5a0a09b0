/**
 * The BLS12-381 precompiles (EIP-2537).
 *
 * Owns: prices, the form of inputs. Does not own: the curve (bls12-381-mcl.ts, bls12-381-noble.ts).
 */
import { G1_DISCOUNTS, G2_DISCOUNTS } from "./bls12-381-discounts";
import { loadMclBls12381 } from "./bls12-381-mcl";
import { nobleBls12381 } from "./bls12-381-noble";
import { CurveBackend } from "./curve-backend";
import { isZero } from "./is-zero";
import type { Precompile } from "./precompile";

/**
 * In the encoding of EIP-2537: field elements of 64 bytes whose first 16 are zero (the caller has checked that),
 * points without compression, infinity as zeros. All throw an Error for what is no point of the curve, and, but
 * for the sums of two points, of its subgroup.
 */
export interface Bls12381Curve {
  addG1(input: Uint8Array): Uint8Array;
  addG2(input: Uint8Array): Uint8Array;
  /** Of points times scalars. */
  sumG1(input: Uint8Array): Uint8Array;
  sumG2(input: Uint8Array): Uint8Array;
  /** A word: 1 if the product of the pairings of all pairs is one, else 0. */
  isProductOne(input: Uint8Array): Uint8Array;
  mapToG1(input: Uint8Array): Uint8Array;
  mapToG2(input: Uint8Array): Uint8Array;
}

const backend = new CurveBackend<Bls12381Curve>(loadMclBls12381, async () => nobleBls12381);

/** bytes of a field element; its first 16 are zero */
const ELEMENT = 64;
const PADDING = 16;
const SCALAR = 32;
const DISCOUNT_DIVISOR = 1000;

type Operation = keyof Bls12381Curve;

/** The form of an input: a list of items, each of field elements and perhaps a scalar. */
interface Form {
  /** bytes of one item of the input */
  readonly item: number;
  /** field elements at the start of an item */
  readonly elements: number;
}

const G1_ELEMENTS = 2;
const G2_ELEMENTS = 4;

export const g1Add = single(2 * G1_ELEMENTS, 375, "addG1");
export const g1Msm = sum(G1_ELEMENTS, 12_000, G1_DISCOUNTS, "sumG1");
export const g2Add = single(2 * G2_ELEMENTS, 600, "addG2");
export const g2Msm = sum(G2_ELEMENTS, 22_500, G2_DISCOUNTS, "sumG2");
export const pairingCheck = precompile(
  { item: (G1_ELEMENTS + G2_ELEMENTS) * ELEMENT, elements: G1_ELEMENTS + G2_ELEMENTS },
  (items) => 37_700 + 32_600 * items,
  "isProductOne",
);
export const mapToG1 = single(1, 5_500, "mapToG1");
export const mapToG2 = single(2, 23_800, "mapToG2");

/** Exactly one item. */
function single(elements: number, gas: number, run: Operation): Precompile {
  const several = precompile({ item: elements * ELEMENT, elements }, () => gas, run);
  return (input, available) =>
    input.length === elements * ELEMENT ? several(input, available) : "Failed";
}

/** A sum of points times scalars. */
function sum(
  elements: number,
  gas: number,
  discounts: readonly number[],
  run: Operation,
): Precompile {
  return precompile(
    { item: elements * ELEMENT + SCALAR, elements },
    (items) => Math.floor((items * gas * discountOf(discounts, items)) / DISCOUNT_DIVISOR),
    run,
  );
}

/** Any number of items but none. */
function precompile(form: Form, price: (items: number) => number, run: Operation): Precompile {
  const compute = backend.orFail((curve, input) => curve[run](input));
  return (input, gas) => {
    const items = input.length / form.item;
    if (!Number.isInteger(items) || items === 0) {
      return "Failed";
    }
    const gasUsed = price(items);
    if (gasUsed > gas) {
      return "OutOfGas";
    }
    if (!isPadded(form, input, items)) {
      return "Failed";
    }
    const output = compute(input);
    return output === null ? "Failed" : { output, gasUsed };
  };
}

function isPadded({ item, elements }: Form, input: Uint8Array, items: number): boolean {
  for (let start = 0; start < items * item; start += item) {
    for (let element = 0; element < elements; element++) {
      const place = start + element * ELEMENT;
      if (!isZero(input, place, PADDING)) {
        return false;
      }
    }
  }
  return true;
}

/** per mille of the full price; the last one holds for more items as well */
function discountOf(discounts: readonly number[], items: number): number {
  return discounts[Math.min(items, discounts.length) - 1] ?? 0;
}
