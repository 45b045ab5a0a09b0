/** Terms of slots and addresses, from one execution, have the right values for other calls. */
import { expect } from "chai";
import fc from "fast-check";
import { Derivation } from "../../../src/chain/prefetch/derivation";
import { type Call, type Term, wordOf } from "../../../src/chain/prefetch/term";
import { keccak256 } from "../../../src/crypto/keccak256";
import { bigIntToBytes32, bytesToBigInt, hexToBytes } from "../../../src/state/bytes";
import type { Address } from "../../../src/state/hex";
import { propertyParameters } from "../../helpers/properties";

const address = (n: number): Address => `0x${(0x1000 + n).toString(16).padStart(40, "e")}`;
const concat = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));
const word = (value: bigint | Address) => bigIntToBytes32(BigInt(value));
const bytes20 = (value: Address) => hexToBytes(value);

function callOf(from: number, to: number, ...words: readonly (bigint | Address)[]): Call {
  return {
    from: address(from),
    to: address(to),
    data: concat(hexToBytes("0xa9059cbb"), ...words.map(word)),
  };
}

/** Hashes, and remembers what it has hashed. */
class Hasher {
  readonly preimages: [bigint, Uint8Array][] = [];

  hash(...parts: readonly Uint8Array[]): bigint {
    const preimage = concat(...parts);
    const hash = bytesToBigInt(keccak256(preimage));
    this.preimages.push([hash, preimage]);
    return hash;
  }
}

type Compute = (call: Call, hasher: Hasher) => bigint;

const argument = (call: Call, n: number) => call.data.subarray(4 + 32 * n, 36 + 32 * n);
/** The slot of OpenZeppelin's ERC20 storage (EIP-7201, "openzeppelin.storage.ERC20"). */
const NAMESPACE = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00n;

const CASES: Readonly<Record<string, Compute>> = {
  "a mapping by sender": (call, hasher) => hasher.hash(word(call.from), word(3n)),
  "a mapping by argument": (call, hasher) => hasher.hash(argument(call, 0), word(3n)),
  "a mapping in a namespace": (call, hasher) => hasher.hash(argument(call, 0), word(NAMESPACE)),
  "a mapping of Vyper's": (call, hasher) => hasher.hash(word(3n), argument(call, 0)),
  "a mapping of Solady's, packed": (call, hasher) =>
    hasher.hash(bytes20(call.from), hexToBytes("0x000000000000000087a211a2")),
  "a mapping of mappings": (call, hasher) =>
    hasher.hash(argument(call, 0), word(hasher.hash(word(call.from), word(4n)))),
  "a member of a struct in a mapping": (call, hasher) =>
    hasher.hash(word(call.from), word(5n)) + 2n,
  "an element of an array": (call, hasher) =>
    hasher.hash(word(6n)) + bytesToBigInt(argument(call, 1)),
  "an element of an array in a mapping": (call, hasher) =>
    hasher.hash(word(hasher.hash(word(call.from), word(7n)))) + bytesToBigInt(argument(call, 1)),
  "the argument itself": (call) => bytesToBigInt(argument(call, 1)),
  "a slot by the contract's own address": (call, hasher) => hasher.hash(word(call.to), word(8n)),
  "a pool of two tokens (CREATE2)": (call, hasher) => {
    const tokens = [argument(call, 0), argument(call, 2)].sort(Buffer.compare);
    const salt = hasher.hash(...tokens.map((token) => token.subarray(12)));
    const code = keccak256(Uint8Array.of(1, 2, 3));
    return BigInt.asUintN(
      160,
      hasher.hash(Uint8Array.of(0xff), bytes20(address(99)), word(salt), code),
    );
  },
};

describe("derivation of words", () => {
  const learned = callOf(1, 2, address(3), 1_000n, address(4));
  const others = [
    callOf(5, 2, address(6), 77n, address(7)),
    callOf(8, 9, address(2), 12n, address(1)), // tokens in descending order
  ];

  for (const [what, compute] of Object.entries(CASES)) {
    it(what, () => {
      const hasher = new Hasher();
      const word = compute(learned, hasher);
      const terms = new Derivation(learned, hasher.preimages).terms(word);
      const right = terms.filter((term) =>
        others.every((call) => wordOf(term, call) === compute(call, new Hasher())),
      );
      expect(right).to.have.length.greaterThan(0);
    });
  }

  it("a word that nothing explains is a constant", () => {
    const hasher = new Hasher();
    const fixed = hasher.hash(word(1n), word(2n));
    for (const value of [0n, 2n, fixed, fixed + 1n]) {
      expect(new Derivation(learned, hasher.preimages).terms(value)).to.deep.equal([
        { kind: "constant", value },
      ]);
    }
  });

  it("a small word may be an argument by chance", () => {
    const terms = new Derivation(callOf(1, 2, 5n), []).terms(5n);
    expect(terms).to.deep.equal([
      { kind: "constant", value: 5n },
      { kind: "data", offset: 4, bytes: 32 },
    ]);
  });

  it("calldata that is too short has no value", () => {
    const term: Term = { kind: "data", offset: 4, bytes: 32 };
    expect(wordOf(term, { ...learned, data: learned.data.subarray(0, 35) })).to.equal(null);
    const pieces = [{ term, bytes: 32 }];
    const short = { ...learned, data: new Uint8Array() };
    expect(wordOf({ kind: "hash", pieces, bytes: 32 }, short)).to.equal(null);
  });

  it("terms have the word as their value, whatever was hashed and called", () => {
    const small = fc.bigInt(0n, 3n);
    const wide = fc.bigInt(0n, (1n << 256n) - 1n);
    const piece = fc.oneof(
      fc.nat(6).map((n) => word(address(n))),
      fc.nat(6).map((n) => bytes20(address(n))),
      small.map(word),
      fc.uint8Array({ maxLength: 40 }),
    );
    const recipe = fc.record({
      parts: fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 6 }),
      words: fc.array(
        fc.oneof(
          fc.nat(6).map((n) => BigInt(address(n))),
          small,
          wide,
        ),
        { maxLength: 4 },
      ),
      tail: fc.uint8Array({ maxLength: 40 }),
      nest: fc.boolean(),
      more: small,
    });
    fc.assert(
      fc.property(recipe, ({ parts, words, tail, nest, more }) => {
        const whole = callOf(1, 2, ...words);
        const call: Call = { ...whole, data: concat(whole.data, tail) };
        const hasher = new Hasher();
        let last = 0n;
        for (const part of parts) {
          last = hasher.hash(...part, ...(nest ? [word(last)] : []));
        }
        const derivation = new Derivation(call, hasher.preimages);
        for (const [hash] of hasher.preimages) {
          for (const value of [hash, BigInt.asUintN(256, hash + more), BigInt.asUintN(160, hash)]) {
            for (const term of derivation.terms(value)) {
              expect(wordOf(term, call)).to.equal(value);
            }
          }
        }
        for (const value of words) {
          for (const term of derivation.terms(value)) {
            expect(wordOf(term, call)).to.equal(value);
          }
        }
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });
});
