/** Multiples of the generators of the pairing curves, by @noble/curves, as precompiles take them. */
import { bigIntToBytes32 } from "../../src/state/bytes";

export interface CurvePoints {
  /** an element of the field */
  readonly element: (value: bigint) => Uint8Array;
  /** the generator this many times: from 1 to the order less one */
  readonly g1: (factor: bigint) => Uint8Array;
  readonly g2: (factor: bigint) => Uint8Array;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** EIP-196, EIP-197: 32 bytes an element, imaginary parts first. */
export async function bn254Points(): Promise<CurvePoints> {
  const { bn254 } = await import("@noble/curves/bn254.js");
  const { G1, G2 } = bn254;
  return {
    element: bigIntToBytes32,
    g1: (factor) => {
      const { x, y } = G1.Point.BASE.multiply(factor).toAffine();
      return concat([x, y].map(bigIntToBytes32));
    },
    g2: (factor) => {
      const { x, y } = G2.Point.BASE.multiply(factor).toAffine();
      return concat([x.c1, x.c0, y.c1, y.c0].map(bigIntToBytes32));
    },
  };
}

/** EIP-2537: 64 bytes an element, real parts first. */
export async function bls12381Points(): Promise<CurvePoints> {
  const { bls12_381 } = await import("@noble/curves/bls12-381.js");
  const { G1, G2 } = bls12_381;
  const element = (value: bigint): Uint8Array =>
    new Uint8Array(Buffer.from(value.toString(16).padStart(128, "0"), "hex"));
  return {
    element,
    g1: (factor) => {
      const { x, y } = G1.Point.BASE.multiply(factor).toAffine();
      return concat([x, y].map(element));
    },
    g2: (factor) => {
      const { x, y } = G2.Point.BASE.multiply(factor).toAffine();
      return concat([x.c0, x.c1, y.c0, y.c1].map(element));
    },
  };
}
