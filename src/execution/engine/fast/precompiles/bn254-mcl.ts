/** BN254 by mcl. */
import { bigIntToBytes32 } from "../../../../state/bytes";
import type { Bn254Curve } from "./bn254";
import { elementOf, expectPoint, type Fp, type G1, type G2, loadMcl, type Mcl } from "./mcl";

const ELEMENT = 32;
const POINT = 2 * ELEMENT;
const PAIR = 6 * ELEMENT;
/** of the field (EIP-196), big-endian */
const ORDER = bigIntToBytes32(0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n);

/** Rejects as loadMcl. */
export async function loadMclBn254(): Promise<Bn254Curve> {
  return new MclBn254(await loadMcl("BN_SNARK1"));
}

class MclBn254 implements Bn254Curve {
  readonly #mcl: Mcl;
  readonly #one: Fp;

  constructor(mcl: Mcl) {
    this.#mcl = mcl;
    this.#one = new mcl.Fp();
    this.#one.setInt(1);
  }

  add(data: Uint8Array): Uint8Array {
    return this.#bytesOf(this.#mcl.add(this.#pointAt(data, 0), this.#pointAt(data, POINT)));
  }

  multiply(data: Uint8Array): Uint8Array {
    const point = this.#pointAt(data, 0);
    const scalar = new this.#mcl.Fr();
    scalar.setBigEndianMod(data.subarray(POINT, POINT + ELEMENT));
    return this.#bytesOf(this.#mcl.mul(point, scalar));
  }

  isProductOne(data: Uint8Array): Uint8Array {
    const mcl = this.#mcl;
    let product: InstanceType<Mcl["GT"]> | null = null;
    for (let start = 0; start < data.length; start += PAIR) {
      const point = this.#pointAt(data, start);
      const twistPoint = this.#twistPointAt(data, start + POINT);
      if (!point.isZero() && !twistPoint.isZero()) {
        const loop = mcl.millerLoop(point, twistPoint);
        product = product === null ? loop : mcl.mul(product, loop);
      }
    }
    return bigIntToBytes32(product === null || mcl.finalExp(product).isOne() ? 1n : 0n);
  }

  #pointAt(data: Uint8Array, start: number): G1 {
    const point = new this.#mcl.G1();
    if (!isZero(data, start, POINT)) {
      point.setX(this.#elementAt(data, start));
      point.setY(this.#elementAt(data, start + ELEMENT));
      point.setZ(this.#one);
      expectPoint(point.isValid());
    }
    return point;
  }

  /** Coordinates have their imaginary part first. */
  #twistPointAt(data: Uint8Array, start: number): G2 {
    const { Fp, Fp2, G2 } = this.#mcl;
    const point = new G2();
    if (!isZero(data, start, 2 * POINT)) {
      const coordinate = (place: number): InstanceType<typeof Fp2> => {
        const element = new Fp2();
        element.set_a(this.#elementAt(data, place + ELEMENT));
        element.set_b(this.#elementAt(data, place));
        return element;
      };
      point.setX(coordinate(start));
      point.setY(coordinate(start + POINT));
      const one = new Fp2();
      one.set_a(this.#one);
      one.set_b(new Fp());
      point.setZ(one);
      expectPoint(point.isValid() && point.isValidOrder());
    }
    return point;
  }

  #elementAt(data: Uint8Array, start: number): Fp {
    return elementOf(this.#mcl, data.subarray(start, start + ELEMENT), ORDER);
  }

  #bytesOf(point: G1): Uint8Array {
    const bytes = new Uint8Array(POINT);
    if (!point.isZero()) {
      point.normalize();
      bytes.set(point.getX().serialize().reverse());
      bytes.set(point.getY().serialize().reverse(), ELEMENT);
    }
    return bytes;
  }
}

function isZero(data: Uint8Array, start: number, length: number): boolean {
  return !data.subarray(start, start + length).some((byte) => byte !== 0);
}
