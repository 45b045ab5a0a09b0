/**
 * BN254 by @noble/curves, where there is no WebAssembly: correct, and five to ten times slower (bn254-mcl.ts).
 */
import type * as Library from "@noble/curves/bn254.js" with { "resolution-mode": "import" };
import { bigIntToBytes32, bytesToBigInt } from "../../../../state/bytes";
import type { Bn254Curve } from "./bn254";

type Curve = typeof Library.bn254;
type Point = InstanceType<Curve["G1"]["Point"]>;
type TwistPoint = InstanceType<Curve["G2"]["Point"]>;

const ELEMENT = 32;
const POINT = 2 * ELEMENT;
const PAIR = 6 * ELEMENT;
const ONE = bigIntToBytes32(1n);
const ZERO = bigIntToBytes32(0n);

/** Loaded by `require`, see crypto/keccak256-noble.ts. */
let library: Curve | null = null;

function curve(): Curve {
  library ??= (require("@noble/curves/bn254.js") as typeof Library).bn254;
  return library;
}

export const nobleBn254: Bn254Curve = {
  add: (data) => bytesOf(pointAt(data, 0).add(pointAt(data, POINT))),
  multiply(data) {
    const point = pointAt(data, 0);
    const scalar = curve().fields.Fr.create(elementAt(data, POINT));
    return bytesOf(scalar === 0n ? curve().G1.Point.ZERO : point.multiplyUnsafe(scalar));
  },
  isProductOne,
};

function isProductOne(input: Uint8Array): Uint8Array {
  const { fields, pairingBatch } = curve();
  const pairs: { g1: Point; g2: TwistPoint }[] = [];
  for (let start = 0; start < input.length; start += PAIR) {
    const g1 = pointAt(input, start);
    const g2 = twistPointAt(input, start + POINT);
    if (!g1.is0() && !g2.is0()) {
      pairs.push({ g1, g2 });
    }
  }
  return (fields.Fp12.eql(pairingBatch(pairs), fields.Fp12.ONE) ? ONE : ZERO).slice();
}

/** Throws what the library throws where it is not on the curve. */
function pointAt(data: Uint8Array, start: number): Point {
  const { Point } = curve().G1;
  const x = elementAt(data, start);
  const y = elementAt(data, start + ELEMENT);
  if (x === 0n && y === 0n) {
    return Point.ZERO;
  }
  const point = Point.fromAffine({ x, y });
  point.assertValidity();
  return point;
}

/** Coordinates have their imaginary part first. Throws as pointAt, also where it is not in the subgroup. */
function twistPointAt(data: Uint8Array, start: number): TwistPoint {
  const { fields, G2 } = curve();
  const [xi, x, yi, y] = [0, 1, 2, 3].map((index) => {
    const element = elementAt(data, start + index * ELEMENT);
    if (element >= fields.Fp.ORDER) {
      throw new RangeError("not an element of the field");
    }
    return element;
  }) as [bigint, bigint, bigint, bigint]; // as many as there were
  if (x === 0n && xi === 0n && y === 0n && yi === 0n) {
    return G2.Point.ZERO;
  }
  const point = G2.Point.fromAffine({
    x: fields.Fp2.fromBigTuple([x, xi]),
    y: fields.Fp2.fromBigTuple([y, yi]),
  });
  point.assertValidity();
  return point;
}

function elementAt(data: Uint8Array, start: number): bigint {
  return bytesToBigInt(data.subarray(start, start + ELEMENT));
}

function bytesOf(point: Point): Uint8Array {
  const { x, y } = point.toAffine();
  const bytes = new Uint8Array(POINT);
  bytes.set(bigIntToBytes32(x));
  bytes.set(bigIntToBytes32(y), ELEMENT);
  return bytes;
}
