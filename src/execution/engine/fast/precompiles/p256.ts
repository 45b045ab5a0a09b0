/**
 * Verifies signatures over the curve secp256r1 (EIP-7951). The curve's library is loaded when it is first used.
 */
import type * as Library from "@noble/curves/nist.js" with { "resolution-mode": "import" };
import { bigIntToBytes32, bytesToBigInt } from "../../../../state/bytes";
import { type Precompile, priced } from "./precompile";

type Curve = typeof Library.p256;

const GAS = 6_900;
const INPUT_BYTES = 160;
const NOTHING = new Uint8Array(0);
const ONE = bigIntToBytes32(1n);
/** Before the coordinates of a point that is not compressed. */
const UNCOMPRESSED = 0x04;

/** Loaded by `require`, see crypto/keccak256-noble.ts. */
let library: Curve | null = null;

export const verifyP256: Precompile = priced(
  () => GAS,
  (input) => (input.length === INPUT_BYTES && verifies(input) ? ONE.slice() : NOTHING),
);

function verifies(input: Uint8Array): boolean {
  library ??= (require("@noble/curves/nist.js") as typeof Library).p256;
  const { Fn, Fp } = library.Point;
  const [r, s, x, y] = [32, 64, 96, 128].map((start) =>
    bytesToBigInt(input.subarray(start, start + 32)),
  ) as [bigint, bigint, bigint, bigint]; // as many as there were
  if (r === 0n || r >= Fn.ORDER || s === 0n || s >= Fn.ORDER || x >= Fp.ORDER || y >= Fp.ORDER) {
    return false;
  }
  try {
    library.Point.fromAffine({ x, y }).assertValidity();
  } catch (error) {
    if (error instanceof Error) {
      return false; // not a point of the curve
    }
    throw error;
  }
  const publicKey = new Uint8Array(65);
  publicKey[0] = UNCOMPRESSED;
  publicKey.set(input.subarray(96), 1);
  return library.verify(input.subarray(32, 96), input.subarray(0, 32), publicKey, {
    lowS: false,
    prehash: false,
  });
}
