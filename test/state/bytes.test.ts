import { expect } from "chai";
import fc from "fast-check";
import { InvariantError } from "../../src/errors/base-error";
import {
  bigIntToBytes32,
  bigIntToHex32,
  bigIntToMinimalBytes,
  bytesToBigInt,
  bytesToHex,
  hexToBytes,
  writeHex,
  writeMinimalBytes,
} from "../../src/state/bytes";
import { propertyParameters } from "../helpers/properties";

describe("bytes", () => {
  it("hex and bytes are inverse, for views into larger buffers too", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(5), (data, offset) => {
        const buffer = new Uint8Array(offset + data.length + 3);
        buffer.set(data, offset);
        const hex = bytesToHex(buffer.subarray(offset, offset + data.length));
        expect(hex).to.match(/^0x([0-9a-f]{2})*$/);
        expect(hexToBytes(hex)).to.deep.equal(data);
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("lengths on both sides of every change of method convert like Node's codecs", () => {
    for (const length of [
      0, 1, 6, 7, 8, 9, 16, 17, 32, 33, 63, 64, 65, 256, 1023, 1024, 1025, 5000,
    ]) {
      const data = Uint8Array.from({ length }, (_, index) => (index * 31 + 5) & 255);
      const hex = Buffer.from(data).toString("hex");
      expect(bytesToHex(data)).to.equal(`0x${hex}`);
      expect(hexToBytes(`0x${hex}`)).to.deep.equal(data);
      expect(hexToBytes(`0x${hex.toUpperCase()}`)).to.deep.equal(data);
      expect(bytesToBigInt(data)).to.equal(length === 0 ? 0n : BigInt(`0x${hex}`));
      const larger = Uint8Array.of(0xff, 0xff, ...data, 0xff);
      expect(bytesToBigInt(larger, 2, 2 + length)).to.equal(bytesToBigInt(data));
    }
  });

  it("writes hex into other bytes and leaves the rest", () => {
    for (const length of [1, 64, 65, 300]) {
      const target = new Uint8Array(length + 7).fill(9);
      const view = target.subarray(2); // a view that does not begin where its buffer does
      expect(writeHex(view, 3, `0x${"ab".repeat(length)}`)).to.equal(3 + length);
      expect(bytesToHex(target)).to.equal(`0x${"09".repeat(5)}${"ab".repeat(length)}0909`);
    }
  });

  it("numbers around each length of minimal bytes", () => {
    for (let bits = 1n; bits <= 300n; bits++) {
      for (const value of [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n]) {
        const digits = value.toString(16);
        const even = digits.length % 2 === 0 ? digits : `0${digits}`;
        expect(bytesToHex(bigIntToMinimalBytes(value))).to.equal(`0x${even}`);
        if (bits < 256n) {
          const length = even.length / 2;
          const target = new Uint8Array(length + 3).fill(9);
          expect(writeMinimalBytes(target, 2, value)).to.equal(2 + length);
          expect(bytesToHex(target)).to.equal(`0x0909${even}09`);
        }
      }
    }
  });

  it("numbers and bytes are inverse", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(bigIntToBytes32(value)).to.have.length(32);
        expect(bytesToBigInt(bigIntToBytes32(value))).to.equal(value);
        expect(BigInt(bigIntToHex32(value))).to.equal(value);
        const minimal = bigIntToMinimalBytes(value);
        expect(bytesToBigInt(minimal)).to.equal(value);
        expect(minimal[0]).to.not.equal(0);
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("zero has no minimal bytes", () => {
    expect(bigIntToMinimalBytes(0n)).to.have.length(0);
    expect(bytesToBigInt(new Uint8Array(0))).to.equal(0n);
  });

  it("what is not hex of whole bytes, or does not fit, is refused", () => {
    for (const hex of [
      "0x1",
      "0xzz",
      "0x12zz",
      "0x12 4",
      "0x1\u0661",
      "0x+1",
      `0x${"ab".repeat(70)}zz`,
    ] as const) {
      expect(() => hexToBytes(hex), hex).to.throw(InvariantError);
    }
    expect(() => bigIntToBytes32(2n ** 256n)).to.throw(InvariantError);
    expect(() => bigIntToBytes32(-1n)).to.throw(InvariantError);
    expect(() => bigIntToMinimalBytes(-1n)).to.throw(InvariantError);
  });
});
