/** Each precompile gives what @ethereumjs's gives: output, gas, and which way it fails. */
import { createHash } from "node:crypto";
import {
  EVMError,
  type EVMInterface,
  getActivePrecompiles,
  NobleBLS,
  NobleBN254,
  paramsEVM,
} from "@ethereumjs/evm";
import { expect } from "chai";
import fc from "fast-check";
import { sign } from "../../../../src/crypto/secp256k1";
import { webAssembly } from "../../../../src/crypto/web-assembly";
import { createEvmCommon } from "../../../../src/execution/engine/evm-common";
import { Precompiles } from "../../../../src/execution/engine/fast/precompiles";
import { compressIn } from "../../../../src/execution/engine/fast/precompiles/blake2f";
import { compressPlainly } from "../../../../src/execution/engine/fast/precompiles/blake2f-plain";
import { loadMclBls12381 } from "../../../../src/execution/engine/fast/precompiles/bls12-381-mcl";
import { nobleBls12381 } from "../../../../src/execution/engine/fast/precompiles/bls12-381-noble";
import { loadMclBn254 } from "../../../../src/execution/engine/fast/precompiles/bn254-mcl";
import { nobleBn254 } from "../../../../src/execution/engine/fast/precompiles/bn254-noble";
import { PrecompilePending } from "../../../../src/execution/engine/fast/precompiles/precompile";
import { loadKzg } from "../../../../src/execution/engine/kzg";
import { bigIntToBytes32 } from "../../../../src/state/bytes";
import { bls12381Points, bn254Points } from "../../../helpers/curve-points";
import { rules } from "../../../helpers/environment";
import { pointEvaluationInputs } from "../../../helpers/point-evaluation-inputs";
import { propertyParameters } from "../../../helpers/properties";

const GAS = 30_000_000;
/** of the subgroups (EIP-197, EIP-2537) */
const BN254_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
const BLS12_381_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

interface Pair {
  ours(place: number, data: Uint8Array, gas: number): Promise<unknown>;
  theirs(place: number, data: Uint8Array, gas: number): Promise<unknown>;
}

const digitsOf = (place: number): string => place.toString(16).padStart(40, "0");

function pairOf(hardfork: string): Pair {
  const common = createEvmCommon(rules(hardfork));
  common.updateParams(paramsEVM);
  const functions = getActivePrecompiles(common);
  const precompiles = new Precompiles(rules(hardfork));
  // The curves are all that precompiles take from their host.
  const host = { _bn254: new NobleBN254(), _bls: new NobleBLS() } as unknown as EVMInterface;
  return {
    ours: async (place, data, gas) => {
      const result = await whenReady(() => precompiles.run(`0x${digitsOf(place)}`, data, gas));
      return typeof result === "string"
        ? result
        : [Buffer.from(result.output).toString("hex"), result.gasUsed];
    },
    theirs: async (place, data, gas) => {
      const run = functions.get(digitsOf(place));
      const result = await run?.({ data, gasLimit: BigInt(gas), common, _EVM: host });
      if (result?.exceptionError !== undefined) {
        const { OUT_OF_GAS } = EVMError.errorMessages;
        return result.exceptionError.error === OUT_OF_GAS ? "OutOfGas" : "Failed";
      }
      return [
        Buffer.from(result?.returnValue ?? []).toString("hex"),
        Number(result?.executionGasUsed),
      ];
    },
  };
}

/** As the engine does: a precompile whose library is not loaded runs again once it is. */
async function whenReady<T>(run: () => T): Promise<T> {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PrecompilePending)) {
      throw error;
    }
    await error.ready;
    return run();
  }
}

type Run = (data: Uint8Array) => Uint8Array;

/** Both libraries of a curve give the same, or both say that something is no point. */
function expectSameOfLibraries([fast, plain]: readonly [Run, Run], data: Uint8Array): void {
  const [a, b] = [fast, plain].map((run) => {
    try {
      return Buffer.from(run(data)).toString("hex");
    } catch (error) {
      expect(error).to.be.instanceOf(Error);
      return "no point";
    }
  });
  expect(a).to.equal(b);
}

const PAIRS = new Map(
  ["chainstart", "byzantium", "istanbul", "berlin", "prague", "osaka"].map((hardfork) => [
    hardfork,
    pairOf(hardfork),
  ]),
);

async function expectSame(
  hardfork: string,
  place: number,
  data: Uint8Array,
  gas = GAS,
): Promise<void> {
  const pair = PAIRS.get(hardfork);
  expect(await pair?.theirs(place, data, gas), `0x${place.toString(16)}`).to.deep.equal(
    await pair?.ours(place, data, gas),
  );
}

/** Inputs around a well-formed one: cut off, longer, a bit flipped, with an operand at the field's order. */
function around(data: Uint8Array, field: bigint, element: number): fc.Arbitrary<Uint8Array> {
  const flipped = fc.nat(data.length * 8 - 1).map((bit) => {
    const bytes = data.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return bytes;
  });
  const shorter = fc.nat(data.length).map((length) => data.slice(0, length));
  const longer = fc.nat(70).map((more) => Uint8Array.from([...data, ...Array(more).fill(1)]));
  const atOrder = fc.nat(Math.max(0, Math.floor(data.length / element) - 1)).map((place) => {
    const bytes = data.slice();
    const digits = field.toString(16).padStart(element * 2, "0");
    bytes.set(Buffer.from(digits, "hex"), place * element);
    return bytes;
  });
  return fc.oneof(fc.constant(data), flipped, shorter, longer, atOrder);
}

const concat = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts));
const word = (value: bigint | number): Uint8Array => bigIntToBytes32(BigInt(value));
const scalar = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.constantFrom(0n, 1n, 2n, BN254_ORDER, BLS12_381_ORDER, 2n ** 256n - 1n),
);
const small = fc.bigInt({ min: 1n, max: 1000n });

describe("precompiles", () => {
  it("MODEXP: any lengths and operands, on every price list", async function () {
    this.timeout(0);
    const operand = fc.oneof(
      fc.uint8Array({ maxLength: 40, size: "max" }),
      fc.uint8Array({ maxLength: 5 }).map((bytes) => Uint8Array.from([0, 0, ...bytes])),
      fc.constantFrom(0, 1, 2, 255, 256, 2 ** 16, 2 ** 26, 2 ** 26 + 1).map((value) => word(value)),
      fc.uint8Array({ minLength: 100, maxLength: 300, size: "max" }),
    );
    const length = fc.oneof(
      fc.nat(70).map(BigInt),
      fc.constantFrom(
        0n,
        1n,
        31n,
        32n,
        33n,
        64n,
        65n,
        1023n,
        1024n,
        1025n,
        2n ** 31n,
        2n ** 64n,
        2n ** 255n,
      ),
    );
    const exact = fc
      .tuple(operand, operand, operand)
      .map(([base, exponent, modulus]) =>
        concat(
          word(base.length),
          word(exponent.length),
          word(modulus.length),
          base,
          exponent,
          modulus,
        ),
      );
    const loose = fc
      .tuple(length, length, length, fc.uint8Array({ maxLength: 200, size: "max" }))
      .map(([base, exponent, modulus, rest]) =>
        concat(word(base), word(exponent), word(modulus), rest),
      );
    const cut = fc.tuple(exact, fc.nat(400)).map(([data, end]) => data.slice(0, end));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("byzantium", "berlin", "osaka"),
        fc.oneof(exact, exact, loose, cut),
        fc.constantFrom(0, 200, 500, 3_000, GAS),
        (hardfork, data, gas) => expectSame(hardfork, 0x05, data, gas),
      ),
      propertyParameters({ numRuns: 600 }),
    );
  });

  it("MODEXP: an exponent of which the input ends early", async () => {
    for (const [base, exponent, modulus] of [
      [3n, 1n, 7n],
      [2n, 5n, 2n ** 60n + 1n],
      [0n, 1n, 9n],
    ] as const) {
      const data = concat(word(32), word(40), word(32), word(base), word(exponent << 248n));
      await expectSame("berlin", 0x05, data);
      await expectSame("berlin", 0x05, concat(data, new Uint8Array(8), word(modulus)));
    }
  });

  it("MODEXP: base, exponent and modulus have 1,024 bytes at most from Osaka on (EIP-7823)", async () => {
    const lengths = (place: number, length: bigint): Uint8Array =>
      concat(...[0, 1, 2].map((index) => word(index === place ? length : 1n)), new Uint8Array(3));
    const { ours } = pairOf("osaka");
    for (const place of [0, 1, 2]) {
      for (const [length, fails] of [
        [1024n, false],
        [1025n, true],
        [2n ** 64n, true],
      ] as const) {
        const data = lengths(place, length);
        await expectSame("osaka", 0x05, data);
        const result = await ours(0x05, data, GAS);
        expect(typeof result === "string", `${place}, ${length}`).to.equal(fails);
      }
      await expectSame("prague", 0x05, lengths(place, 1025n));
    }
  });

  it("hashes, the identity and ECRECOVER: any input", async () => {
    const key = word(7);
    const hash = createHash("sha256").update("message").digest();
    const { r, s, yParity } = sign(hash, key);
    const signed = concat(hash, word(27 + yParity), word(r), word(s));
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 300, size: "max" }),
      around(signed, 2n ** 256n - 2n ** 32n - 977n, 32),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        data,
        fc.constantFrom(0, 100, 2_999, 3_000, GAS),
        (place, input, gas) => expectSame("chainstart", place, input, gas),
      ),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("BLAKE2f: rounds, flags and lengths", async () => {
    // EIP-152, test vector 5 and others by the reference
    const state = fc.uint8Array({ minLength: 208, maxLength: 208, size: "max" });
    const rounds = fc.constantFrom(0, 1, 9, 10, 11, 12, 25, 300);
    await fc.assert(
      fc.asyncProperty(
        rounds,
        state,
        fc.constantFrom(0, 1, 2),
        fc.constantFrom(0, 0, -1, 1),
        (count, body, flag, more) => {
          const head = word(count).subarray(28);
          const input = concat(head, body, Uint8Array.of(flag), new Uint8Array(1));
          if (webAssembly !== null && flag < 2) {
            const whole = input.slice(0, 213);
            expect(compressPlainly(whole, count, flag === 1)).to.deep.equal(
              compressIn(webAssembly)(whole, count, flag === 1),
            );
          }
          return expectSame("istanbul", 0x09, input.slice(0, 213 + more), 100);
        },
      ),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("BN254: sums, products and pairings of points, and of what is none", async function () {
    this.timeout(0);
    const { bn254 } = await import("@noble/curves/bn254.js");
    const { G2, fields } = bn254;
    const { g1, g2 } = await bn254Points();
    const { ORDER } = fields.Fp;
    const fast = await loadMclBn254();
    const libraries: Readonly<Record<number, readonly [Run, Run]>> = {
      6: [fast.add.bind(fast), nobleBn254.add],
      7: [fast.multiply.bind(fast), nobleBn254.multiply],
      8: [fast.isProductOne.bind(fast), nobleBn254.isProductOne],
    };
    const check = async (
      name: string,
      place: number,
      data: Uint8Array,
      gas = GAS,
    ): Promise<void> => {
      await expectSame(name, place, data, gas);
      const lengths: Readonly<Record<number, number>> = { 6: 128, 7: 96 };
      const length = lengths[place] ?? data.length - (data.length % 192);
      const input = new Uint8Array(length);
      input.set(data.subarray(0, length));
      const pair = libraries[place];
      if (pair !== undefined) {
        expectSameOfLibraries(pair, input);
      }
    };
    /** On the twist, not in the subgroup: the first x whose right side is a square. */
    const outsider = ((): Uint8Array => {
      const { Fp2 } = fields;
      for (let i = 1n; ; i++) {
        const x = Fp2.fromBigTuple([i, 0n]);
        try {
          const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b));
          return concat(word(0), word(i), word(y.c1), word(y.c0));
        } catch {
          // no square: the next one
        }
      }
    })();
    const hardfork = fc.constantFrom("byzantium", "istanbul");
    const inputs = fc.oneof(
      fc.tuple(small, small).map(([a, b]) => [0x06, concat(g1(a), g1(b))] as const),
      fc.tuple(small, scalar).map(([a, b]) => [0x07, concat(g1(a), word(b))] as const),
      fc.constantFrom(
        [0x06, new Uint8Array(128)] as const,
        [0x06, concat(g1(5n), g1(5n))] as const,
        [0x06, concat(g1(5n), g1(fields.Fr.ORDER - 5n))] as const,
        [0x07, new Uint8Array(96)] as const,
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        hardfork,
        inputs.chain(([place, data]) => fc.tuple(fc.constant(place), around(data, ORDER, 32))),
        fc.constantFrom(100, 6_000, GAS),
        (name, [place, data], gas) => check(name, place, data, gas),
      ),
      propertyParameters({ numRuns: 150 }),
    );
    // e(a G, b H) e(-ab G, H) = 1
    const product = fc
      .tuple(small, small)
      .map(([a, b]) => concat(g1(a), g2(b), g1(fields.Fr.ORDER - a * b), g2(1n)));
    await fc.assert(
      fc.asyncProperty(
        hardfork,
        fc.oneof(
          product.chain((data) => around(data, ORDER, 32)),
          fc.constantFrom(
            new Uint8Array(0),
            new Uint8Array(192),
            new Uint8Array(384),
            concat(g1(3n), new Uint8Array(128)),
            concat(new Uint8Array(64), g2(3n)),
            concat(g1(1n), outsider),
          ),
        ),
        (name, data) => check(name, 0x08, data),
      ),
      propertyParameters({ numRuns: 40 }),
    );
  });

  it("BLS12-381: sums, products, pairings and maps, and what is no point", async function () {
    this.timeout(0);
    const { bls12_381 } = await import("@noble/curves/bls12-381.js");
    const { G2, fields } = bls12_381;
    const { element, g1, g2 } = await bls12381Points();
    /** On the curve, not in the subgroup: the first x whose right side is a square. */
    const outside = (): Uint8Array => {
      const { Fp } = fields;
      for (let x = 1n; ; x++) {
        const square = Fp.add(Fp.mul(Fp.sqr(x), x), 4n);
        if (Fp.eql(Fp.pow(square, (Fp.ORDER - 1n) / 2n), 1n)) {
          return concat(element(x), element(Fp.sqrt(square)));
        }
      }
    };
    const outsider = outside();
    const outsider2 = ((): Uint8Array => {
      const { Fp2 } = fields;
      for (let i = 1n; ; i++) {
        const x = Fp2.fromBigTuple([i, 0n]);
        try {
          const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b));
          return concat(...[i, 0n, y.c0, y.c1].map(element));
        } catch {
          // no square: the next one
        }
      }
    })();
    const fast = await loadMclBls12381();
    const plain = nobleBls12381;
    /** With the bytes of an item. */
    const libraries: Readonly<Record<number, readonly [number, Run, Run]>> = {
      11: [256, fast.addG1.bind(fast), plain.addG1],
      12: [160, fast.sumG1.bind(fast), plain.sumG1],
      13: [512, fast.addG2.bind(fast), plain.addG2],
      14: [288, fast.sumG2.bind(fast), plain.sumG2],
      15: [384, fast.isProductOne.bind(fast), plain.isProductOne],
      16: [64, fast.mapToG1.bind(fast), plain.mapToG1],
      17: [128, fast.mapToG2.bind(fast), plain.mapToG2],
    };
    const check = async (place: number, data: Uint8Array): Promise<void> => {
      await expectSame("prague", place, data);
      const [item, mcl, noble] = libraries[place] ?? [1, plain.addG1, plain.addG1];
      // what has another form never gets to the libraries
      const form = await PAIRS.get("prague")?.ours(place, data, GAS);
      if (data.length > 0 && data.length % item === 0 && form !== "Failed") {
        expectSameOfLibraries([mcl, noble], data);
      }
    };
    const { ORDER } = fields.Fp;
    const r = fields.Fr.ORDER;
    type Input = readonly [place: number, data: Uint8Array];
    const inputs = fc.oneof(
      fc.tuple(small, small).map(([a, b]): Input => [0x0b, concat(g1(a), g1(b))]),
      fc.tuple(small, small).map(([a, b]): Input => [0x0d, concat(g2(a), g2(b))]),
      fc
        .tuple(small, scalar, small, scalar)
        .map(([a, k, b, l]): Input => [0x0c, concat(g1(a), word(k), g1(b), word(l))]),
      fc
        .tuple(small, scalar, small, scalar)
        .map(([a, k, b, l]): Input => [0x0e, concat(g2(a), word(k), g2(b), word(l))]),
      small.map((a): Input => [0x0f, concat(g1(a), g2(3n), g1(r - 3n * a), g2(1n))]),
      fc.bigInt({ min: 0n, max: ORDER - 1n }).map((a): Input => [0x10, element(a)]),
      fc
        .tuple(fc.bigInt({ min: 0n, max: ORDER - 1n }), small)
        .map(([a, b]): Input => [0x11, concat(element(a), element(b))]),
      fc.constantFrom<Input[]>(
        [0x0b, new Uint8Array(256)],
        [0x0b, concat(g1(2n), g1(r - 2n))],
        [0x0b, concat(outsider, g1(2n))],
        [0x0c, concat(outsider, word(2))],
        [0x0c, concat(new Uint8Array(128), word(2))],
        [0x0d, new Uint8Array(512)],
        [0x0d, concat(outsider2, g2(2n))],
        [0x0e, concat(outsider2, word(2))],
        [0x0e, concat(new Uint8Array(256), word(2))],
        [0x0f, concat(g1(1n), outsider2)],
        [0x0f, concat(outsider, g2(1n))],
        [0x0f, concat(new Uint8Array(128), g2(1n))],
        [0x0f, concat(g1(1n), new Uint8Array(256))],
        [0x10, element(0n)],
        [0x11, concat(element(0n), element(0n))],
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        inputs.chain(([place, data]) => fc.tuple(fc.constant(place), around(data, ORDER, 64))),
        (input) => check(...input),
      ),
      propertyParameters({ numRuns: 120 }),
    );
    await expectSame("prague", 0x0c, new Uint8Array(0));
    // more than are summed at once; among them infinity, factors of 0 and beyond the order, a point and its opposite
    const factors = [0n, 1n, r - 1n, r, r + 1n, 2n ** 256n - 1n];
    const many = <T>(point: (factor: bigint) => T): T[] =>
      Array.from({ length: 150 }, (_, i) => point(i % 11 === 0 ? r - 5n : BigInt(i + 1)));
    const scalars = Array.from({ length: 150 }, (_, i) => word(factors[i % 7] ?? BigInt(i) ** 20n));
    for (const [place, points, infinity] of [
      [0x0c, many(g1), new Uint8Array(128)],
      [0x0e, many(g2), new Uint8Array(256)],
    ] as const) {
      const items = points.map((point, i) =>
        concat(i % 13 === 0 ? infinity : point, scalars[i] ?? infinity),
      );
      await check(place, concat(...items));
    }
    for (const place of [0x0c, 0x0e]) {
      const pair = place === 0x0c ? concat(g1(5n), word(77)) : concat(g2(5n), word(77));
      await check(place, concat(...Array(9).fill(pair)));
    }
  });

  it("point evaluation: proofs that hold, and anything else", async function () {
    this.timeout(0);
    await loadKzg();
    const { holding, onePointEach, any } = await pointEvaluationInputs();
    const pair = PAIRS.get("prague");
    for (const data of holding) {
      expect(await pair?.ours(0x0a, data, GAS)).to.be.an("array");
      await expectSame("prague", 0x0a, data);
      await expectSame("prague", 0x0a, data, 49_999);
    }
    await fc.assert(
      fc.asyncProperty(any, (data) => expectSame("prague", 0x0a, data)),
      propertyParameters({ numRuns: 150 }),
    );
    for (const data of onePointEach) {
      await expectSame("prague", 0x0a, data);
    }
  });

  it("P256VERIFY: signatures, also with a high s, and what is none", async () => {
    const { p256 } = await import("@noble/curves/nist.js");
    const secret = word(99);
    const hash = createHash("sha256").update("message").digest();
    const signature = p256.sign(hash, secret, { prehash: false, lowS: false });
    const key = p256.getPublicKey(secret, false).subarray(1);
    const signed = concat(hash, signature, key);
    const { Fn, Fp } = p256.Point;
    const highS = signed.slice();
    highS.set(
      word(Fn.ORDER - BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`)),
      64,
    );
    // the public key is d G: (e/r) G is the key itself, or what cancels it
    const r = BigInt(`0x${Buffer.from(signature.subarray(0, 32)).toString("hex")}`);
    const e = (99n * r) % Fn.ORDER;
    const [doubled, cancelled, zero] = [e, Fn.ORDER - e, 0n].map((value) =>
      concat(word(value), signature, key),
    );
    for (const data of [doubled, cancelled, zero]) {
      await expectSame("osaka", 0x100, data ?? signed);
    }
    const inputs = fc.oneof(
      around(signed, Fn.ORDER, 32),
      around(highS, Fp.ORDER, 32),
      fc.constantFrom(new Uint8Array(160), concat(hash, signature, new Uint8Array(64))),
    );
    await fc.assert(
      fc.asyncProperty(inputs, fc.constantFrom(6_899, GAS), (data, gas) =>
        expectSame("osaka", 0x100, data, gas),
      ),
      propertyParameters({ numRuns: 100 }),
    );
    expect(await PAIRS.get("osaka")?.ours(0x100, signed, GAS)).to.deep.equal([
      Buffer.from(word(1)).toString("hex"),
      6_900,
    ]);
  });
});
