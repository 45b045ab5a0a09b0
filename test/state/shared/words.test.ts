import { expect } from "chai";
import fc from "fast-check";
import {
  addressToWords,
  hashWords,
  readValue,
  wordsToAddress,
  wordViews,
  writeValue,
} from "../../../src/state/shared/words";
import { propertyParameters } from "../../helpers/properties";

describe("words", () => {
  it("a 256-bit value reads as it was written, whatever was there before", () => {
    const value = fc.oneof(
      fc.nat(256).map((bits) => (1n << BigInt(bits)) - 1n),
      fc.nat(255).map((bits) => 1n << BigInt(bits)),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    );
    const views = wordViews(new SharedArrayBuffer(96));
    fc.assert(
      fc.property(value, fc.nat(8), (written, offset) => {
        views.words.fill(0xdeadbeef);
        writeValue(views.bigs, offset, written);
        expect(readValue(views, offset)).to.equal(written);
      }),
      propertyParameters({ numRuns: 500 }),
    );
  });

  it("an address reads as it was written", () => {
    const address = fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((bytes): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`);
    const words = new Uint32Array(5);
    fc.assert(
      fc.property(address, (written) => {
        addressToWords(written, words);
        expect(wordsToAddress(words, 0)).to.equal(written);
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("what is not a lower-case address is refused", () => {
    const digits = "00000000000000000000000000000000000000";
    for (const address of [
      "0x",
      `0x${digits}0`,
      `0x${digits}000`,
      `0x${digits}0G`,
      `0x${digits}AB`,
    ]) {
      expect(() => addressToWords(`0x${address.slice(2)}`, new Uint32Array(5)), address).to.throw(
        /not a lower-case address/,
      );
    }
  });

  it("hashes of keys that differ in one bit differ in about half of their bits", () => {
    // 8 words, every single-bit key and zero: the mean distance of 32-bit hashes is 16, and the
    // mean of 256 distances has a standard deviation of sqrt(8 / 256) = 0.18
    const words = new Uint32Array(8);
    const zero = hashWords(words, 8, 1);
    let distance = 0;
    for (let bit = 0; bit < 256; bit++) {
      words.fill(0);
      words[bit >> 5] = 1 << (bit & 31);
      let difference = zero ^ hashWords(words, 8, 1);
      for (; difference !== 0; difference &= difference - 1) {
        distance++;
      }
    }
    expect(distance / 256).to.be.within(15, 17);
  });
});
