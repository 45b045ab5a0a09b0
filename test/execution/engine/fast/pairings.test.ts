/** Products of pairings of any number of pairs: what comes out is known from how they are made. */
import { expect } from "chai";
import { loadMclBls12381 } from "../../../../src/execution/engine/fast/precompiles/bls12-381-mcl";
import { loadMclBn254 } from "../../../../src/execution/engine/fast/precompiles/bn254-mcl";
import {
  loadMcl,
  memoryOf,
  millerLoops,
  type Pair,
} from "../../../../src/execution/engine/fast/precompiles/mcl";
import { bytesToBigInt } from "../../../../src/state/bytes";
import { bls12381Points, bn254Points, type CurvePoints } from "../../../helpers/curve-points";

/** of the subgroups (EIP-197, EIP-2537) */
const BN254_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
const BLS12_381_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
/** Around the pairs that are computed at once, and twice as many. */
const COUNTS = [1, 2, 3, 15, 16, 17, 18, 32, 33, 34];

/**
 * Pairs (a G, b H) of which the last one takes back the sum of all products a b, plus `excess`: the product of
 * their pairings is one if that is zero. Infinity stands among them.
 */
function pairsOf(
  { g1, g2 }: CurvePoints,
  order: bigint,
  count: number,
  excess: bigint,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let sum = -excess;
  for (let i = 1n; i < count; i++) {
    const [a, b] = [7n * i + 1n, order - 3n * i];
    sum += a * b;
    parts.push(g1(a), g2(b));
    if (i % 5n === 0n) {
      parts.push(new Uint8Array(g1(1n).length), g2(i));
      parts.push(g1(i), new Uint8Array(g2(1n).length));
    }
  }
  const last = ((-sum % order) + order) % order;
  if (last !== 0n) {
    parts.push(g1(last), g2(1n));
  }
  return new Uint8Array(Buffer.concat(parts));
}

describe("products of pairings", () => {
  for (const [name, order, load, pointsOf] of [
    ["BN254", BN254_ORDER, loadMclBn254, bn254Points],
    ["BLS12-381", BLS12_381_ORDER, loadMclBls12381, bls12381Points],
  ] as const) {
    it(`${name}: is one exactly if the products of the factors add up to zero`, async () => {
      const [curve, points] = await Promise.all([load(), pointsOf()]);
      for (const count of COUNTS) {
        for (const excess of [0n, 1n, order - 1n]) {
          const input = pairsOf(points, order, count, excess);
          const found = bytesToBigInt(curve.isProductOne(input));
          expect(found, `${count} pairs, ${excess} too many`).to.equal(excess === 0n ? 1n : 0n);
        }
      }
    }).timeout(60_000);
  }

  it("loops that are computed together are the product of those that are not", async () => {
    const mcl = await loadMcl("BLS12_381");
    expect(memoryOf(mcl), "the installed version shows it").not.to.equal(null);
    const apart: typeof mcl = Object.create(mcl); // a library of which nothing is known but its names
    expect(memoryOf(apart)).to.equal(null);
    for (const count of COUNTS) {
      const pairs = Array.from({ length: count }, (_, i): Pair => {
        const [point, twistPoint] = [mcl.hashAndMapToG1(`${i}`), mcl.hashAndMapToG2(`${i}`)];
        return [point, twistPoint];
      });
      const loops = [mcl, apart].map((library) => mcl.finalExp(millerLoops(library, pairs)));
      expect(loops[0]?.getStr(16), `${count} pairs`).to.equal(loops[1]?.getStr(16));
    }
    expect(() => millerLoops(mcl, [])).to.throw(RangeError);
  }).timeout(60_000);
});
