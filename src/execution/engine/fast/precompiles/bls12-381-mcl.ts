/** BLS12-381 by mcl. */
import { hexToBytes } from "../../../../state/bytes";
import type { Bls12381Curve } from "./bls12-381";
import { expectPoint, type G1, type G2, loadMcl, type Mcl } from "./mcl";
import { MclPoints, type PointEncoding } from "./mcl-points";

/** EIP-2537 */
export const BLS12_381_ENCODING: PointEncoding = {
  element: 64,
  padding: 16,
  order: hexToBytes(
    "0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
  ),
  imaginaryFirst: false,
  hasCofactor: true,
};
const SCALAR = 32;
/** Products that are summed at once: mcl puts them on its stack. */
const AT_ONCE = 64;

/** Rejects as loadMcl. */
export async function loadMclBls12381(): Promise<Bls12381Curve> {
  const mcl = await loadMcl("BLS12_381");
  mcl.setMapToMode(mcl.IRTF); // the maps of RFC 9380
  return new MclBls12381(mcl);
}

class MclBls12381 implements Bls12381Curve {
  readonly #mcl: Mcl;
  readonly #points: MclPoints;

  constructor(mcl: Mcl) {
    this.#mcl = mcl;
    this.#points = new MclPoints(mcl, BLS12_381_ENCODING);
  }

  addG1(input: Uint8Array): Uint8Array {
    return this.#points.add(input);
  }

  addG2(input: Uint8Array): Uint8Array {
    return this.#points.addTwistPoints(input);
  }

  sumG1(input: Uint8Array): Uint8Array {
    const points = this.#points;
    const sum = this.#sum(input, points.point, new this.#mcl.G1(), (start) =>
      points.pointAt(input, start),
    );
    return points.bytesOfPoint(sum);
  }

  sumG2(input: Uint8Array): Uint8Array {
    const points = this.#points;
    const sum = this.#sum(input, points.twistPoint, new this.#mcl.G2(), (start) =>
      points.twistPointAt(input, start),
    );
    return points.bytesOfTwistPoint(sum);
  }

  /** @param size bytes of a point */
  #sum<P extends G1 | G2>(input: Uint8Array, size: number, zero: P, at: (start: number) => P): P {
    const add = this.#mcl.add as (a: P, b: P) => P; // for points of either kind
    const sumOfProducts = this.#mcl.mulVec as (points: P[], scalars: unknown[]) => P; // as above
    let sum = zero;
    const item = size + SCALAR;
    for (let first = 0; first < input.length; first += AT_ONCE * item) {
      const end = Math.min(first + AT_ONCE * item, input.length);
      const points: P[] = [];
      const scalars: InstanceType<Mcl["Fr"]>[] = [];
      for (let start = first; start < end; start += item) {
        const point = at(start);
        expectPoint(point.isZero() || point.isValidOrder());
        const scalar = new this.#mcl.Fr();
        scalar.setBigEndianMod(input.subarray(start + size, start + item));
        points.push(point);
        scalars.push(scalar);
      }
      sum = add(sum, sumOfProducts(points, scalars));
    }
    return sum;
  }

  isProductOne(input: Uint8Array): Uint8Array {
    return this.#points.isProductOne(input);
  }

  mapToG1(input: Uint8Array): Uint8Array {
    return this.#points.bytesOfPoint(this.#points.elementAt(input, 0).mapToG1());
  }

  mapToG2(input: Uint8Array): Uint8Array {
    return this.#points.bytesOfTwistPoint(this.#points.pairAt(input, 0).mapToG2());
  }
}
