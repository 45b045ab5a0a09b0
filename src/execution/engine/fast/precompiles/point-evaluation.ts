/**
 * Point evaluation (EIP-4844) as a synchronous function.
 *
 * Owns: the form of its input and output. Does not own: the proof's verification (kzg.ts), whose
 * library has to be loaded before.
 */
import { createHash } from "node:crypto";
import { InvariantError } from "../../../../errors/base-error";
import { bigIntToBytes32, bytesToHex } from "../../../../state/bytes";
import { lazyKzg } from "../../kzg";

const INPUT_BYTES = 192;
const VERSION = 1;
const FIELD_ELEMENTS_PER_BLOB = 4096n;
const BLS_MODULUS = 52435875175126190479447740508185965837690552500527637822603658699938581184513n;
const SUCCESS = Uint8Array.from([
  ...bigIntToBytes32(FIELD_ELEMENTS_PER_BLOB),
  ...bigIntToBytes32(BLS_MODULUS),
]);

/** Null if the proof does not hold or the input is malformed. */
export function evaluatePoint(input: Uint8Array): Uint8Array | null {
  if (input.length !== INPUT_BYTES) {
    return null;
  }
  const commitment = input.subarray(96, 144);
  const versionedHash = createHash("sha256").update(commitment).digest();
  versionedHash[0] = VERSION;
  if (!versionedHash.equals(input.subarray(0, 32))) {
    return null;
  }
  return verifies(commitment, input) ? SUCCESS.slice() : null;
}

function verifies(commitment: Uint8Array, input: Uint8Array): boolean {
  const z = bytesToHex(input.subarray(32, 64));
  const y = bytesToHex(input.subarray(64, 96));
  const proof = bytesToHex(input.subarray(144, INPUT_BYTES));
  try {
    return lazyKzg.verifyProof(bytesToHex(commitment), z, y, proof);
  } catch (error) {
    if (error instanceof InvariantError) {
      throw error; // the library is not loaded
    }
    return false; // not points of the curve
  }
}
