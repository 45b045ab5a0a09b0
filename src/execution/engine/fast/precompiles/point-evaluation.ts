/**
 * Point evaluation (EIP-4844): a blob's polynomial, which a commitment stands for, has a value at a point.
 *
 * Owns: the form of its input and output. Does not own: the proof's verification (kzg-mcl.ts, kzg-native.ts and
 * kzg-choice.ts; ../../kzg.ts where a runtime has no WebAssembly).
 */
import { createHash } from "node:crypto";
import { bigIntToBytes32, bytesToHex } from "../../../../state/bytes";
import { lazyKzg, loadKzg } from "../../kzg";
import { CurveBackend } from "./curve-backend";
import { KzgChoice } from "./kzg-choice";
import { loadMclKzg } from "./kzg-mcl";
import { loadNativeKzg } from "./kzg-native";
import { type Precompile, priced } from "./precompile";

const GAS = 50_000;
const INPUT_BYTES = 192;
const VERSION = 1;
const FIELD_ELEMENTS_PER_BLOB = 4096n;
const BLS_MODULUS = 52435875175126190479447740508185965837690552500527637822603658699938581184513n;
const SUCCESS = Uint8Array.from([
  ...bigIntToBytes32(FIELD_ELEMENTS_PER_BLOB),
  ...bigIntToBytes32(BLS_MODULUS),
]);

export interface KzgVerifier {
  /**
   * Does the proof hold? Throws an Error for what is no point of the curve's subgroup or no scalar.
   * @param commitment 48 bytes, as the proof
   * @param z 32 bytes, as y
   */
  verifies(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean;
}

/** By micro-eth-signer, which is loaded before. */
const plainKzg: KzgVerifier = {
  verifies: (commitment, z, y, proof) =>
    lazyKzg.verifyProof(bytesToHex(commitment), bytesToHex(z), bytesToHex(y), bytesToHex(proof)),
};

export async function loadPlainKzg(): Promise<KzgVerifier> {
  await loadKzg();
  return plainKzg;
}

/**
 * The precompile over one library, for tests and measurements over a certain one. Throws PrecompilePending.
 * @param loadPlain where a runtime has no WebAssembly
 */
export function createPointEvaluation(
  load: () => Promise<KzgVerifier>,
  loadPlain: () => Promise<KzgVerifier> = load,
): Precompile {
  const backend = new CurveBackend<KzgVerifier>(load, loadPlain);
  return priced(
    () => GAS,
    backend.orFail((kzg, input) => {
      const commitment = input.subarray(96, 144);
      const versionedHash = createHash("sha256").update(commitment).digest();
      versionedHash[0] = VERSION;
      const holds =
        input.length === INPUT_BYTES &&
        versionedHash.equals(input.subarray(0, 32)) &&
        kzg.verifies(
          commitment,
          input.subarray(32, 64),
          input.subarray(64, 96),
          input.subarray(144),
        );
      if (!holds) {
        throw new RangeError("the proof does not hold");
      }
      return SUCCESS.slice();
    }),
  );
}

/** Throws PrecompilePending. */
export const evaluatePoint = createPointEvaluation(
  async () => new KzgChoice(await loadMclKzg(), loadNativeKzg),
  async () => new KzgChoice(await loadPlainKzg(), loadNativeKzg),
);
