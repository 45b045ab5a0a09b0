/**
 * Sums of two points of pairing curves by mcl, in its memory and by its objects: of multiples of the generators,
 * which @noble/curves gives, the sum is known.
 */
import { expect } from "chai";
import * as fc from "fast-check";
import { BLS12_381_ENCODING } from "../../../../src/execution/engine/fast/precompiles/bls12-381-mcl";
import { BN254_ENCODING } from "../../../../src/execution/engine/fast/precompiles/bn254-mcl";
import { loadMcl, memoryOf } from "../../../../src/execution/engine/fast/precompiles/mcl";
import { MclPoints } from "../../../../src/execution/engine/fast/precompiles/mcl-points";
import { bytesToBigInt } from "../../../../src/state/bytes";
import { bls12381Points, bn254Points, type CurvePoints } from "../../../helpers/curve-points";
import { propertyParameters } from "../../../helpers/properties";

/** of the subgroups (EIP-197, EIP-2537) */
const BN254_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
const BLS12_381_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

const CURVES = [
  ["BN254", "BN_SNARK1", BN254_ORDER, BN254_ENCODING, bn254Points],
  ["BLS12-381", "BLS12_381", BLS12_381_ORDER, BLS12_381_ENCODING, bls12381Points],
] as const;

/** The generator this many times, infinity as zeros. */
function multipleOf(points: CurvePoints, group: "g1" | "g2", factor: bigint): Uint8Array {
  return factor === 0n ? new Uint8Array(points[group](1n).length) : points[group](factor);
}

describe("sums of two points", () => {
  for (const [name, curve, order, encoding, pointsOf] of CURVES) {
    for (const group of ["g1", "g2"] as const) {
      it(`${name}, ${group}: of any two, one after the other, and of what is no point`, async () => {
        const [mcl, points] = await Promise.all([loadMcl(curve), pointsOf()]);
        expect(memoryOf(mcl), "the installed version shows it").not.to.equal(null);
        const apart: typeof mcl = Object.create(mcl); // a library of which nothing is known but its names
        expect(memoryOf(apart)).to.equal(null);
        const sums = [mcl, apart].map((library) => {
          const ours = new MclPoints(library, encoding);
          return group === "g1" ? ours.add.bind(ours) : ours.addTwistPoints.bind(ours);
        });
        const multiple = (factor: bigint): Uint8Array => multipleOf(points, group, factor);

        const factor = fc.oneof(
          fc.constantFrom(0n, 1n, 5n, order - 5n, order - 1n),
          fc.bigInt({ min: 0n, max: order - 1n }),
        );
        // infinity twice, a point and itself, a point and its opposite
        const known: [bigint, bigint][] = [
          [0n, 0n],
          [0n, 5n],
          [5n, 0n],
          [5n, 5n],
          [5n, order - 5n],
        ];
        const check = (a: bigint, b: bigint): void => {
          const data = new Uint8Array(Buffer.concat([multiple(a), multiple(b)]));
          for (const sum of sums) {
            expect(sum(data)).to.deep.equal(multiple((a + b) % order));
          }
        };
        for (const before of known) {
          for (const factors of known) {
            check(...before);
            check(...factors);
          }
        }
        fc.assert(fc.property(factor, factor, check), propertyParameters({ numRuns: 30 }));

        const field = bytesToBigInt(encoding.order);
        const { element, padding } = encoding;
        const size = multiple(1n).length;
        const valid = new Uint8Array(Buffer.concat([multiple(5n), multiple(7n)]));
        for (let start = 0; start < 2 * size; start += element) {
          const value = bytesToBigInt(valid.subarray(start, start + element));
          // another coordinate; the same one, not below the field's order; the order; the most that fits
          const most = 2n ** BigInt(8 * (element - padding)) - 1n;
          for (const wrong of [value ^ 1n, value + field, field, most]) {
            const data = valid.slice();
            data.set(points.element(wrong), start);
            for (const sum of sums) {
              expect(() => sum(data), `${wrong} at ${start}`).to.throw(RangeError);
            }
          }
        }
        check(5n, 7n);
      }).timeout(60_000);
    }
  }

  it("a coordinate of zero is not written as the field's order", async () => {
    const [mcl, { element }] = await Promise.all([loadMcl("BLS12_381"), bls12381Points()]);
    const points = new MclPoints(mcl, BLS12_381_ENCODING);
    // y^2 = x^3 + 4 at x = 0
    const [x, y] = [element(0n), element(2n)];
    const point = new Uint8Array(Buffer.concat([x, y]));
    const infinity = new Uint8Array(point.length);
    const data = new Uint8Array(Buffer.concat([point, infinity]));
    expect(points.add(data)).to.deep.equal(point);
    data.set(element(bytesToBigInt(BLS12_381_ENCODING.order)), 0);
    expect(() => points.add(data)).to.throw(RangeError);
  });
});
