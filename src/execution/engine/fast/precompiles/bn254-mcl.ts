/** BN254 by mcl. */
import { bigIntToBytes32 } from "../../../../state/bytes";
import type { Bn254Curve } from "./bn254";
import { loadMcl, type Mcl } from "./mcl";
import { MclPoints, type PointEncoding } from "./mcl-points";

/** EIP-196 and EIP-197; G1 is the whole curve. */
export const BN254_ENCODING: PointEncoding = {
  element: 32,
  padding: 0,
  order: bigIntToBytes32(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n),
  imaginaryFirst: true,
  hasCofactor: false,
};
const SCALAR = 32;

/** Rejects as loadMcl. */
export async function loadMclBn254(): Promise<Bn254Curve> {
  return new MclBn254(await loadMcl("BN_SNARK1"));
}

class MclBn254 implements Bn254Curve {
  readonly #mcl: Mcl;
  readonly #points: MclPoints;

  constructor(mcl: Mcl) {
    this.#mcl = mcl;
    this.#points = new MclPoints(mcl, BN254_ENCODING);
  }

  add(data: Uint8Array): Uint8Array {
    return this.#points.add(data);
  }

  multiply(data: Uint8Array): Uint8Array {
    const points = this.#points;
    const point = points.pointAt(data, 0);
    const scalar = new this.#mcl.Fr();
    scalar.setBigEndianMod(data.subarray(points.point, points.point + SCALAR));
    return points.bytesOfPoint(this.#mcl.mul(point, scalar));
  }

  isProductOne(data: Uint8Array): Uint8Array {
    return this.#points.isProductOne(data);
  }
}
