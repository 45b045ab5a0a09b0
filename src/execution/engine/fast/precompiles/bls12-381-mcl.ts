/** BLS12-381 by mcl. */
import { bigIntToBytes32, hexToBytes } from "../../../../state/bytes";
import type { Bls12381Curve } from "./bls12-381";
import { elementOf, expectPoint, type Fp, type G1, type G2, loadMcl, type Mcl } from "./mcl";

const ELEMENT = 64;
/** zeros at the start of an element */
const PADDING = 16;
const POINT = 2 * ELEMENT;
const TWIST_POINT = 4 * ELEMENT;
const SCALAR = 32;
const PAIR = POINT + TWIST_POINT;
/** of the field (EIP-2537), big-endian */
const ORDER = hexToBytes(
  "0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
);
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
  readonly #one: Fp;

  constructor(mcl: Mcl) {
    this.#mcl = mcl;
    this.#one = new mcl.Fp();
    this.#one.setInt(1);
  }

  addG1(input: Uint8Array): Uint8Array {
    return this.#bytesOfPoint(this.#mcl.add(this.#pointAt(input, 0), this.#pointAt(input, POINT)));
  }

  addG2(input: Uint8Array): Uint8Array {
    const [a, b] = [this.#twistPointAt(input, 0), this.#twistPointAt(input, TWIST_POINT)];
    return this.#bytesOfTwistPoint(this.#mcl.add(a, b));
  }

  sumG1(input: Uint8Array): Uint8Array {
    const sum = this.#sum(input, POINT, new this.#mcl.G1(), (start) => this.#pointAt(input, start));
    return this.#bytesOfPoint(sum);
  }

  sumG2(input: Uint8Array): Uint8Array {
    const sum = this.#sum(input, TWIST_POINT, new this.#mcl.G2(), (start) =>
      this.#twistPointAt(input, start),
    );
    return this.#bytesOfTwistPoint(sum);
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
    const mcl = this.#mcl;
    let product: InstanceType<Mcl["GT"]> | null = null;
    for (let start = 0; start < input.length; start += PAIR) {
      const point = this.#pointAt(input, start);
      const twistPoint = this.#twistPointAt(input, start + POINT);
      expectPoint(point.isZero() || point.isValidOrder());
      expectPoint(twistPoint.isZero() || twistPoint.isValidOrder());
      if (!point.isZero() && !twistPoint.isZero()) {
        const loop = mcl.millerLoop(point, twistPoint);
        product = product === null ? loop : mcl.mul(product, loop);
      }
    }
    return bigIntToBytes32(product === null || mcl.finalExp(product).isOne() ? 1n : 0n);
  }

  mapToG1(input: Uint8Array): Uint8Array {
    return this.#bytesOfPoint(this.#elementAt(input, 0).mapToG1());
  }

  mapToG2(input: Uint8Array): Uint8Array {
    return this.#bytesOfTwistPoint(this.#pairAt(input, 0).mapToG2());
  }

  /** On the curve; perhaps not in the subgroup. */
  #pointAt(input: Uint8Array, start: number): G1 {
    const point = new this.#mcl.G1();
    if (!isZero(input, start, POINT)) {
      point.setX(this.#elementAt(input, start));
      point.setY(this.#elementAt(input, start + ELEMENT));
      point.setZ(this.#one);
      expectPoint(point.isValid());
    }
    return point;
  }

  /** As pointAt. */
  #twistPointAt(input: Uint8Array, start: number): G2 {
    const point = new this.#mcl.G2();
    if (!isZero(input, start, TWIST_POINT)) {
      point.setX(this.#pairAt(input, start));
      point.setY(this.#pairAt(input, start + POINT));
      const one = new this.#mcl.Fp2();
      one.set_a(this.#one);
      point.setZ(one);
      expectPoint(point.isValid());
    }
    return point;
  }

  /** Its real part comes first. */
  #pairAt(input: Uint8Array, start: number): InstanceType<Mcl["Fp2"]> {
    const element = new this.#mcl.Fp2();
    element.set_a(this.#elementAt(input, start));
    element.set_b(this.#elementAt(input, start + ELEMENT));
    return element;
  }

  #elementAt(input: Uint8Array, start: number): Fp {
    return elementOf(this.#mcl, input.subarray(start + PADDING, start + ELEMENT), ORDER);
  }

  #bytesOfPoint(point: G1): Uint8Array {
    const bytes = new Uint8Array(POINT);
    if (!point.isZero()) {
      point.normalize();
      writeElements(bytes, [point.getX(), point.getY()]);
    }
    return bytes;
  }

  #bytesOfTwistPoint(point: G2): Uint8Array {
    const bytes = new Uint8Array(TWIST_POINT);
    if (!point.isZero()) {
      point.normalize();
      const [x, y] = [point.getX(), point.getY()];
      writeElements(bytes, [x.get_a(), x.get_b(), y.get_a(), y.get_b()]);
    }
    return bytes;
  }
}

function writeElements(bytes: Uint8Array, elements: readonly Fp[]): void {
  for (const [index, element] of elements.entries()) {
    bytes.set(element.serialize().reverse(), index * ELEMENT + PADDING);
  }
}

function isZero(input: Uint8Array, start: number, length: number): boolean {
  return !input.subarray(start, start + length).some((byte) => byte !== 0);
}
