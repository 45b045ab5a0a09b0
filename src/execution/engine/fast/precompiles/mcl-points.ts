/**
 * Points and field elements as precompiles take and give them, by mcl: coordinates without compression, infinity
 * as zeros.
 *
 * Owns: what the encodings of the two curves share. Does not own: which operations a curve has.
 */
import { bigIntToBytes32 } from "../../../../state/bytes";
import { isZero } from "./is-zero";
import {
  expectPoint,
  type Fp,
  type G1,
  type G2,
  type Mcl,
  memoryOf,
  millerLoops,
  type Pair,
} from "./mcl";
import { MclSums } from "./mcl-sums";

export type Fp2 = InstanceType<Mcl["Fp2"]>;

export interface PointEncoding {
  /** bytes of an element of the field */
  readonly element: number;
  /** zeros at the start of an element, which the caller has checked */
  readonly padding: number;
  /** of the field, big-endian */
  readonly order: Uint8Array;
  /** Of elements of the quadratic extension, the imaginary part comes first. */
  readonly imaginaryFirst: boolean;
  /** Not all points of the curve are of the subgroup G1. */
  readonly hasCofactor: boolean;
}

export class MclPoints {
  /** bytes of a point of G1 and of G2 */
  readonly point: number;
  readonly twistPoint: number;
  readonly #mcl: Mcl;
  readonly #encoding: PointEncoding;
  readonly #one: Fp;
  readonly #twistOne: Fp2;
  // Read into again and again: the library copies what it is given as a coordinate, and allocating takes longer.
  readonly #element: Fp;
  readonly #pair: Fp2;
  /** null where a version of the library hides its memory */
  readonly #sums: MclSums | null;

  constructor(mcl: Mcl, encoding: PointEncoding) {
    this.#mcl = mcl;
    this.#encoding = encoding;
    this.point = 2 * encoding.element;
    this.twistPoint = 4 * encoding.element;
    this.#one = new mcl.Fp();
    this.#one.setInt(1);
    this.#twistOne = new mcl.Fp2();
    this.#twistOne.set_a(this.#one);
    this.#element = new mcl.Fp();
    this.#pair = new mcl.Fp2();
    const memory = memoryOf(mcl);
    this.#sums = memory === null ? null : new MclSums(memory, encoding);
  }

  /** Valid until the next element is read. Throws a RangeError if it is not below the field's order. */
  elementAt(data: Uint8Array, start: number): Fp {
    const { element, padding, order } = this.#encoding;
    const bytes = data.subarray(start + padding, start + element);
    if (Buffer.compare(bytes, order) >= 0) {
      throw new RangeError("not an element of the field");
    }
    this.#element.setBigEndianMod(bytes);
    return this.#element;
  }

  /** As elementAt. */
  pairAt(data: Uint8Array, start: number): Fp2 {
    const { element, imaginaryFirst } = this.#encoding;
    const pair = this.#pair;
    pair.set_a(this.elementAt(data, start + (imaginaryFirst ? element : 0)));
    pair.set_b(this.elementAt(data, start + (imaginaryFirst ? 0 : element)));
    return pair;
  }

  /** On the curve, perhaps not in the subgroup. Throws a RangeError for what is no point. */
  pointAt(data: Uint8Array, start: number): G1 {
    const point = new this.#mcl.G1();
    if (!isZero(data, start, this.point)) {
      point.setX(this.elementAt(data, start));
      point.setY(this.elementAt(data, start + this.#encoding.element));
      point.setZ(this.#one);
      expectPoint(point.isValid());
    }
    return point;
  }

  /** As pointAt. */
  twistPointAt(data: Uint8Array, start: number): G2 {
    const point = new this.#mcl.G2();
    if (!isZero(data, start, this.twistPoint)) {
      point.setX(this.pairAt(data, start));
      point.setY(this.pairAt(data, start + this.point));
      point.setZ(this.#twistOne);
      expectPoint(point.isValid());
    }
    return point;
  }

  /** The sum of two points of the curve, perhaps not of the subgroup. Throws as pointAt. */
  add(data: Uint8Array): Uint8Array {
    if (this.#sums !== null) {
      return this.#sums.add("G1", data);
    }
    const sum = this.#mcl.add(this.pointAt(data, 0), this.pointAt(data, this.point));
    return this.bytesOfPoint(sum);
  }

  /** As add. */
  addTwistPoints(data: Uint8Array): Uint8Array {
    if (this.#sums !== null) {
      return this.#sums.add("G2", data);
    }
    const first = this.twistPointAt(data, 0);
    return this.bytesOfTwistPoint(this.#mcl.add(first, this.twistPointAt(data, this.twistPoint)));
  }

  bytesOfPoint(point: G1): Uint8Array {
    const bytes = new Uint8Array(this.point);
    if (!point.isZero()) {
      point.normalize();
      this.#write(bytes, [point.getX(), point.getY()]);
    }
    return bytes;
  }

  bytesOfTwistPoint(point: G2): Uint8Array {
    const bytes = new Uint8Array(this.twistPoint);
    if (!point.isZero()) {
      point.normalize();
      const parts = (pair: Fp2): readonly Fp[] =>
        this.#encoding.imaginaryFirst ? [pair.get_b(), pair.get_a()] : [pair.get_a(), pair.get_b()];
      this.#write(bytes, [...parts(point.getX()), ...parts(point.getY())]);
    }
    return bytes;
  }

  /**
   * A word: 1 if the product of the pairings of all pairs, a point of G1 and one of G2 each, is one, else 0. Throws
   * a RangeError for what is no point of the subgroups.
   */
  isProductOne(data: Uint8Array): Uint8Array {
    const pairs: Pair[] = [];
    for (let start = 0; start < data.length; start += this.point + this.twistPoint) {
      const point = this.pointAt(data, start);
      const twistPoint = this.twistPointAt(data, start + this.point);
      expectPoint(!this.#encoding.hasCofactor || point.isZero() || point.isValidOrder());
      expectPoint(twistPoint.isZero() || twistPoint.isValidOrder());
      if (!point.isZero() && !twistPoint.isZero()) {
        pairs.push([point, twistPoint]);
      }
    }
    return bigIntToBytes32(this.#isOne(pairs) ? 1n : 0n);
  }

  #isOne(pairs: readonly Pair[]): boolean {
    if (pairs.length < 2) {
      // None is one; and the pairing of two points of prime order of which none is infinity never is.
      return pairs.length === 0;
    }
    return this.#mcl.finalExp(millerLoops(this.#mcl, pairs)).isOne();
  }

  #write(bytes: Uint8Array, elements: readonly Fp[]): void {
    const { element, padding } = this.#encoding;
    for (const [index, each] of elements.entries()) {
      bytes.set(each.serialize().reverse(), index * element + padding);
    }
  }
}
