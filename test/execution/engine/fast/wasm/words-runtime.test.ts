import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { nobleKeccak256 } from "../../../../../src/crypto/keccak256-noble";
import { webAssembly } from "../../../../../src/crypto/web-assembly";
import {
  instantiateWords,
  LIMB_OPERATIONS,
  RESULT_ADDRESS,
  WORDS_RUNTIME_BYTES,
} from "../../../../../src/execution/engine/fast/wasm/words-runtime";
import * as words from "../../../../../src/execution/engine/fast/words";

const ROOT = join(__dirname, "../../../../..");
/** cases of each operation */
const RUNS = Number(process.env.HHP_WORD_RUNS ?? 100_000);
const LIMB = (1n << 64n) - 1n;

if (webAssembly === null) {
  throw new Error("these tests need WebAssembly");
}
const memory = new webAssembly.Memory({ initial: 4 });
const runtime = instantiateWords(webAssembly, memory);
const result = new BigUint64Array(memory.buffer, RESULT_ADDRESS, 4);

const OPERATIONS: Readonly<Record<string, (a: bigint, b: bigint, n: bigint) => bigint>> = {
  multiply: (a, b) => BigInt.asUintN(256, a * b),
  power: words.power,
  divide: words.divide,
  modulo: words.modulo,
  signedDivide: words.signedDivide,
  signedModulo: words.signedModulo,
  addModulo: (a, b, n) => words.modulo(a + b, n),
  multiplyModulo: (a, b, n) => words.modulo(a * b, n),
  shiftLeft: words.shiftLeft,
  shiftRight: words.shiftRight,
  arithmeticShiftRight: words.arithmeticShiftRight,
  byteAt: words.byteAt,
  signExtend: words.signExtend,
  significantBytes: (a) => BigInt(words.byteLength(a)),
};
const TERNARY = new Set(["addModulo", "multiplyModulo"]);
/** Their first operand is one limb. */
const AMOUNTS: ReadonlySet<string> = new Set(LIMB_OPERATIONS);
/** Their result is one limb. */
const SHORT = new Set(["byteAt", "significantBytes"]);

/** Words whose limbs and digits are all zeros, all ones, one bit, or anything; of any length. */
function drawWord(random: () => number): bigint {
  const digits = Math.floor(random() * 9);
  let value = 0n;
  for (let i = 0; i < digits; i++) {
    const kind = random();
    const digit =
      kind < 0.2
        ? 0
        : kind < 0.4
          ? 0xffff_ffff
          : kind < 0.6
            ? 2 ** Math.floor(random() * 32)
            : kind < 0.7
              ? 0xffff_fffe
              : Math.floor(random() * 2 ** 32);
    value = (value << 32n) | BigInt(digit);
  }
  return random() < 0.2 ? BigInt.asUintN(256, -value) : value;
}

function limbs(word: bigint): bigint[] {
  return [0n, 64n, 128n, 192n].map((shift) => (word >> shift) & LIMB);
}

/** mulberry32: a small generator with one number as its state */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const EDGES = [0n, 1n, 2n, 3n, 31n, 32n, 64n, 255n, 256n, 257n]
  .flatMap((edge) => [edge, BigInt.asUintN(256, -edge)])
  .concat([63n, 64n, 127n, 128n, 191n, 192n, 254n, 255n].map((bit) => 1n << bit))
  .concat([64n, 128n, 192n, 255n].map((bit) => (1n << bit) - 1n));

describe("256-bit arithmetic in WebAssembly", () => {
  for (const [name, expected] of Object.entries(OPERATIONS)) {
    const check = (a: bigint, b: bigint, n: bigint): void => {
      const amount = a >= 2n ** 64n ? a >> 240n : n % 8n === 0n ? a % 300n : a;
      const operands = AMOUNTS.has(name)
        ? [amount, ...limbs(b)]
        : (TERNARY.has(name) ? [a, b, n] : name === "significantBytes" ? [a] : [a, b]).flatMap(
            limbs,
          );
      // the operations are named as the exports
      const operation = runtime[name as "multiply"];
      if (SHORT.has(name)) {
        result.fill(0n);
      }
      const low = BigInt.asUintN(64, operation(...operands));
      const [, r1, r2, r3] = [...result] as [bigint, bigint, bigint, bigint];
      const actual = (r3 << 192n) | (r2 << 128n) | (r1 << 64n) | low;
      const wanted = expected(AMOUNTS.has(name) ? amount : a, b, n);
      if (actual !== wanted) {
        throw new Error(`${name}(${operands.join(", ")}) is ${wanted}, not ${actual}`);
      }
    };

    it(`${name} is what bigint gives, at the edges`, () => {
      for (const a of EDGES) {
        for (const b of EDGES) {
          for (const n of TERNARY.has(name) ? EDGES : [0n]) {
            check(a, b, n);
          }
        }
      }
    });

    it(`${name} is what bigint gives, anywhere`, function () {
      this.timeout(0);
      const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
      const random = generator(seed);
      const runs = name === "power" ? RUNS / 10 : RUNS;
      try {
        for (let run = 0; run < runs; run++) {
          check(drawWord(random), drawWord(random), drawWord(random));
        }
      } catch (error) {
        throw new Error(`FC_SEED=${seed}`, { cause: error });
      }
    });
  }

  it("keccak256 of every length up to 600 and some large ones is noble's", () => {
    const start = WORDS_RUNTIME_BYTES;
    const largest = 200_000;
    const data = new Uint8Array(memory.buffer, start, largest);
    const random = generator(7);
    for (let i = 0; i < largest; i++) {
      data[i] = Math.floor(random() * 256);
    }
    const lengths = Array.from({ length: 601 }, (_, length) => length);
    for (const length of [...lengths, 135 * 136, 136 * 136, 8191, 8192, 199_999, largest]) {
      const low = BigInt.asUintN(64, runtime.keccak256(start, length));
      const [, r1, r2, r3] = [...result] as [bigint, bigint, bigint, bigint];
      const actual = (r3 << 192n) | (r2 << 128n) | (r1 << 64n) | low;
      const expected = words.wordOfHash(nobleKeccak256(data.subarray(0, length)));
      expect(actual, `length ${length}`).to.equal(expected);
    }
  });

  it("keccak256 does not care where the bytes lie", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(64), (bytes, shift) => {
        const start = WORDS_RUNTIME_BYTES + shift;
        new Uint8Array(memory.buffer).set(bytes, start);
        const low = BigInt.asUintN(64, runtime.keccak256(start, bytes.length));
        expect(low).to.equal(words.wordOfHash(nobleKeccak256(bytes)) & LIMB);
      }),
    );
  });

  it("is what assembly/ compiles to", function () {
    this.timeout(120_000);
    execFileSync(process.execPath, [join(ROOT, "scripts", "build-words.mjs"), "--check"], {
      stdio: "pipe",
    });
  });
});
