/** ECRECOVER (yellow paper, appendix E.1): the signer of a hash, or nothing. */
import { InvalidSignatureError, recoverAddress } from "../../../../crypto/secp256k1";
import { bytesToBigInt, hexToBytes } from "../../../../state/bytes";
import { type Precompile, padded, priced } from "./precompile";

const GAS = 3_000;
const NOTHING = new Uint8Array(0);

export const recoverSigner: Precompile = priced(() => GAS, signerOf);

function signerOf(input: Uint8Array): Uint8Array {
  const data = padded(input, 0, 128);
  const v = bytesToBigInt(data.subarray(32, 64));
  if (v !== 27n && v !== 28n) {
    return NOTHING;
  }
  const r = bytesToBigInt(data.subarray(64, 96));
  const s = bytesToBigInt(data.subarray(96, 128));
  try {
    const output = new Uint8Array(32);
    output.set(hexToBytes(recoverAddress(data.subarray(0, 32), r, s, v === 28n ? 1 : 0)), 12);
    return output;
  } catch (error) {
    if (error instanceof InvalidSignatureError) {
      return NOTHING;
    }
    throw error;
  }
}
