import { expect } from "chai";
import fc from "fast-check";
import { RecentWords } from "../../../../../src/execution/engine/fast/wasm/recent-words";
import { propertyParameters } from "../../../../helpers/properties";

const LIMBS = 8;

/** Few values of a limb: words that differ in one limb, that are equal, and that fall on one place. */
const limb = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 0x8000_0000, 0xffff_ffff) },
  { weight: 1, arbitrary: fc.nat({ max: 0xffff_ffff }) },
);
const word = fc.array(limb, { minLength: LIMBS, maxLength: LIMBS });

/** Asks for each word where it lies, one after the other; they are what BigInt makes of their limbs. */
function expectAll(recent: RecentWords, words: readonly (readonly number[])[]): void {
  const memory = new ArrayBuffer(words.length * LIMBS * 4);
  const words32 = new Uint32Array(memory);
  words.forEach((limbs, index) => {
    words32.set(limbs, index * LIMBS);
  });
  const values = words.map((_, index) => recent.at(words32, new BigUint64Array(memory), index * 4));
  const expected = words.map((limbs) =>
    limbs.reduceRight((sum, each) => sum * 2n ** 32n + BigInt(each), 0n),
  );
  expect(values).to.deep.equal(expected);
}

describe("recent words", () => {
  it("are the numbers that their limbs make, whatever was asked before", () => {
    const recent = new RecentWords();
    fc.assert(
      fc.property(fc.array(word, { maxLength: 200 }), (words) => expectAll(recent, words)),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("words that share a place take turns: more of them than places, twice, and pairs in turns", () => {
    const recent = new RecentWords();
    const many = Array.from({ length: 1000 }, (_, n) => [n, 0, 0, 0, 0, 0, 0, 7]);
    expectAll(recent, [...many, ...many]);
    // alike but for one limb, which alone does not always change the place
    for (let limb = 0; limb < LIMBS; limb++) {
      const base = [1, 2, 3, 4, 5, 6, 7, 8];
      const other = base.with(limb, 0xffff_ffff);
      expectAll(recent, [base, other, base, other]);
    }
  });

  it("zero is there from the start", () => {
    expectAll(new RecentWords(), [new Array<number>(LIMBS).fill(0)]);
  });
});
