/**
 * BLS12-381 by @noble/curves, where there is no WebAssembly: correct, and five to ten times slower
 * (bls12-381-mcl.ts).
 */
import type * as Library from "@noble/curves/bls12-381.js" with { "resolution-mode": "import" };
import { bigIntToBytes32, bytesToBigInt, hexToBytes } from "../../../../state/bytes";
import type { Bls12381Curve } from "./bls12-381";

type Curve = typeof Library.bls12_381;
type Point = InstanceType<Curve["G1"]["Point"]>;
type TwistPoint = InstanceType<Curve["G2"]["Point"]>;

const ELEMENT = 64;
const POINT = 2 * ELEMENT;
const TWIST_POINT = 4 * ELEMENT;
const SCALAR = 32;
const PAIR = POINT + TWIST_POINT;

/** Loaded by `require`, see crypto/keccak256-noble.ts. */
let library: Curve | null = null;

function curve(): Curve {
  library ??= (require("@noble/curves/bls12-381.js") as typeof Library).bls12_381;
  return library;
}

export const nobleBls12381: Bls12381Curve = {
  addG1,
  addG2,
  sumG1,
  sumG2,
  isProductOne,
  mapToG1,
  mapToG2,
};

function addG1(input: Uint8Array): Uint8Array {
  return bytesOfPoint(pointAt(input, 0).add(pointAt(input, POINT)));
}

function addG2(input: Uint8Array): Uint8Array {
  return bytesOfTwistPoint(twistPointAt(input, 0).add(twistPointAt(input, TWIST_POINT)));
}

function sumG1(input: Uint8Array): Uint8Array {
  let sum = curve().G1.Point.ZERO;
  for (let start = 0; start < input.length; start += POINT + SCALAR) {
    const point = inSubgroup(pointAt(input, start));
    sum = sum.add(point.multiplyUnsafe(scalarAt(input, start + POINT)));
  }
  return bytesOfPoint(sum);
}

function sumG2(input: Uint8Array): Uint8Array {
  let sum = curve().G2.Point.ZERO;
  for (let start = 0; start < input.length; start += TWIST_POINT + SCALAR) {
    const point = inSubgroup(twistPointAt(input, start));
    sum = sum.add(point.multiplyUnsafe(scalarAt(input, start + TWIST_POINT)));
  }
  return bytesOfTwistPoint(sum);
}

/** A word: 1 if the product of the pairings of all pairs is one, else 0. */
function isProductOne(input: Uint8Array): Uint8Array {
  const { fields, pairingBatch } = curve();
  const pairs: { g1: Point; g2: TwistPoint }[] = [];
  for (let start = 0; start < input.length; start += PAIR) {
    const g1 = inSubgroup(pointAt(input, start));
    const g2 = inSubgroup(twistPointAt(input, start + POINT));
    if (!g1.is0() && !g2.is0()) {
      pairs.push({ g1, g2 });
    }
  }
  const isOne = fields.Fp12.eql(pairingBatch(pairs), fields.Fp12.ONE);
  return bigIntToBytes32(isOne ? 1n : 0n);
}

/** What the library's mapToCurve takes and gives; its types say something else. */
type MapToCurve<Field, P> = (element: Field) => P;

function mapToG1(input: Uint8Array): Uint8Array {
  const map = curve().G1.mapToCurve as unknown as MapToCurve<bigint, Point>; // see MapToCurve
  return bytesOfPoint(map(elementAt(input, 0)));
}

function mapToG2(input: Uint8Array): Uint8Array {
  const map = curve().G2.mapToCurve as unknown as MapToCurve<[bigint, bigint], TwistPoint>; // see MapToCurve
  return bytesOfTwistPoint(map([elementAt(input, 0), elementAt(input, ELEMENT)]));
}

/** On the curve; perhaps not in the subgroup. */
function pointAt(input: Uint8Array, start: number): Point {
  const { G1, fields } = curve();
  const x = elementAt(input, start);
  const y = elementAt(input, start + ELEMENT);
  if (x === 0n && y === 0n) {
    return G1.Point.ZERO;
  }
  const { Fp } = fields;
  expectOnCurve(Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), G1.Point.CURVE().b)));
  return G1.Point.fromAffine({ x, y });
}

/** Coordinates have their real part first. */
function twistPointAt(input: Uint8Array, start: number): TwistPoint {
  const { G2, fields } = curve();
  const { Fp2 } = fields;
  const coordinate = (place: number): ReturnType<typeof Fp2.fromBigTuple> =>
    Fp2.fromBigTuple([elementAt(input, place), elementAt(input, place + ELEMENT)]);
  const x = coordinate(start);
  const y = coordinate(start + 2 * ELEMENT);
  if (Fp2.is0(x) && Fp2.is0(y)) {
    return G2.Point.ZERO;
  }
  expectOnCurve(Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b)));
  return G2.Point.fromAffine({ x, y });
}

function expectOnCurve(isOnCurve: boolean): void {
  if (!isOnCurve) {
    throw new RangeError("not a point of the curve");
  }
}

function inSubgroup<P extends { isTorsionFree(): boolean; is0(): boolean }>(point: P): P {
  if (!point.is0() && !point.isTorsionFree()) {
    throw new RangeError("not a point of the subgroup");
  }
  return point;
}

function elementAt(input: Uint8Array, start: number): bigint {
  const element = bytesToBigInt(input.subarray(start, start + ELEMENT));
  if (element >= curve().fields.Fp.ORDER) {
    throw new RangeError("not an element of the field");
  }
  return element;
}

/** Any word, taken modulo the order of the subgroup. */
function scalarAt(input: Uint8Array, start: number): bigint {
  return curve().fields.Fr.create(bytesToBigInt(input.subarray(start, start + SCALAR)));
}

function bytesOfPoint(point: Point): Uint8Array {
  const { x, y } = point.toAffine();
  return bytesOf([x, y]);
}

function bytesOfTwistPoint(point: TwistPoint): Uint8Array {
  const { x, y } = point.toAffine();
  return bytesOf([x.c0, x.c1, y.c0, y.c1]);
}

function bytesOf(elements: readonly bigint[]): Uint8Array {
  const digits = elements.map((element) => element.toString(16).padStart(2 * ELEMENT, "0"));
  return hexToBytes(`0x${digits.join("")}`);
}
