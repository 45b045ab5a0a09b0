/**
 * Verifies signatures over the curve secp256r1 (EIP-7951).
 *
 * Node.js's own verification hashes what it is given, and this one is given a hash. But its key exchange is
 * multiplication on the curve, native and exact: the public key of k is k G, and the secret of k and P is the
 * x-coordinate of k P. A signature (r, s) of e by Q holds if the x-coordinate of (e/s) G + (r/s) Q is r modulo n,
 * which is that of (r/s) P with P = (e/r) G + Q.
 */
import { createECDH } from "node:crypto";
import { bigIntToBytes32, bytesToBigInt } from "../../../../state/bytes";
import { type Precompile, priced } from "./precompile";

const GAS = 6_900;
const INPUT_BYTES = 160;
const NOTHING = new Uint8Array(0);
const ONE = bigIntToBytes32(1n);
/** Before the coordinates of a point that is not compressed. */
const UNCOMPRESSED = 0x04;

/** SEC 2, section 2.4.2: y^2 = x^3 - 3 x + b over the field of p elements; n points. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

export const verifyP256: Precompile = priced(
  () => GAS,
  (input) => (input.length === INPUT_BYTES && verifies(input) ? ONE.slice() : NOTHING),
);

function verifies(input: Uint8Array): boolean {
  const [hash, r, s, x, y] = [0, 32, 64, 96, 128].map((start) =>
    bytesToBigInt(input.subarray(start, start + 32)),
  ) as [bigint, bigint, bigint, bigint, bigint]; // as many as there were
  if (r === 0n || r >= N || s === 0n || s >= N || x >= P || y >= P || !isOnCurve({ x, y })) {
    return false;
  }
  const factor = remainder(hash * inverse(r, N), N);
  const point = factor === 0n ? { x, y } : sum(multipleOfBase(factor), { x, y });
  if (point === null) {
    return false;
  }
  return remainder(xOfMultiple(remainder(r * inverse(s, N), N), point), N) === r;
}

/** Infinity, which would be (0, 0), is not. */
function isOnCurve({ x, y }: Point): boolean {
  return remainder(y * y - (x * x - 3n) * x - B, P) === 0n;
}

/** @param factor not 0 modulo n */
function multipleOfBase(factor: bigint): Point {
  const exchange = createECDH("prime256v1");
  exchange.setPrivateKey(bigIntToBytes32(factor));
  const key = exchange.getPublicKey();
  return { x: bytesToBigInt(key.subarray(1, 33)), y: bytesToBigInt(key.subarray(33)) };
}

/** @param factor not 0 modulo n */
function xOfMultiple(factor: bigint, { x, y }: Point): bigint {
  const exchange = createECDH("prime256v1");
  exchange.setPrivateKey(bigIntToBytes32(factor));
  const key = new Uint8Array(65);
  key[0] = UNCOMPRESSED;
  key.set(bigIntToBytes32(x), 1);
  key.set(bigIntToBytes32(y), 33);
  return bytesToBigInt(exchange.computeSecret(key));
}

/** Null: infinity. */
function sum(a: Point, b: Point): Point | null {
  if (a.x === b.x && (a.y !== b.y || a.y === 0n)) {
    return null;
  }
  const [rise, run] = a.x === b.x ? [3n * (a.x * a.x - 1n), 2n * a.y] : [b.y - a.y, b.x - a.x];
  const slope = remainder(rise * inverse(remainder(run, P), P), P);
  const x = remainder(slope * slope - a.x - b.x, P);
  return { x, y: remainder(slope * (a.x - x) - a.y, P) };
}

/** In [0, modulus). */
function remainder(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** By the extended Euclidean algorithm. @param value in [1, prime) */
function inverse(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [prime, value, 0n, 1n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return remainder(x, prime);
}
