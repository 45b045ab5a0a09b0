/**
 * The precompiles of the curve BN254, also called alt_bn128 (EIP-196, 197; prices of EIP-1108).
 *
 * Owns: the form of input and output, prices. Does not own: the curve (bn254-mcl.ts, bn254-noble.ts).
 */
import type { ForkRules } from "../../../fork-rules";
import { loadMclBn254 } from "./bn254-mcl";
import { nobleBn254 } from "./bn254-noble";
import { CurveBackend } from "./curve-backend";
import { type Precompile, padded, priced } from "./precompile";

const ELEMENT = 32;
const POINT = 2 * ELEMENT;
const PAIR = 6 * ELEMENT;

/** In the encoding of EIP-196 and 197. All throw an Error for what is no point of the curve or its subgroup. */
export interface Bn254Curve {
  /** @param data two points */
  add(data: Uint8Array): Uint8Array;
  /** @param data a point and a scalar */
  multiply(data: Uint8Array): Uint8Array;
  /** @param data pairs of points; a word: 1 if the product of their pairings is one, else 0 */
  isProductOne(data: Uint8Array): Uint8Array;
}

const backend = new CurveBackend<Bn254Curve>(loadMclBn254, async () => nobleBn254);

export interface Bn254Precompiles {
  readonly add: Precompile;
  readonly multiply: Precompile;
  readonly pairing: Precompile;
}

/** The precompiles with the fork's prices. All throw PrecompilePending. */
export function createBn254(rules: ForkRules): Bn254Precompiles {
  const istanbul = rules.isAtLeast("istanbul");
  const [add, multiply, pairing, pair] = istanbul
    ? [150, 6_000, 45_000, 34_000]
    : [500, 40_000, 100_000, 80_000];
  return {
    add: priced(
      () => add,
      backend.orFail((curve, input) => curve.add(padded(input, 0, 2 * POINT))),
    ),
    multiply: priced(
      () => multiply,
      backend.orFail((curve, input) => curve.multiply(padded(input, 0, POINT + ELEMENT))),
    ),
    pairing: (input, gas) =>
      input.length % PAIR === 0
        ? priced(
            () => pairing + pair * (input.length / PAIR),
            backend.orFail((curve) => curve.isProductOne(input)),
          )(input, gas)
        : "Failed",
  };
}
