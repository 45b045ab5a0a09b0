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
    for (const hex of ["0x1", "0xzz", "0x12zz", "0x12 4"] as const) {
      expect(() => hexToBytes(hex), hex).to.throw(InvariantError);
    }
    expect(() => bigIntToBytes32(2n ** 256n)).to.throw(InvariantError);
    expect(() => bigIntToBytes32(-1n)).to.throw(InvariantError);
    expect(() => bigIntToMinimalBytes(-1n)).to.throw(InvariantError);
  });
});
