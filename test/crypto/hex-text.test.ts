import { expect } from "chai";
import fc from "fast-check";
import { hexText } from "../../src/crypto/hex-text";
import { propertyParameters } from "../helpers/properties";

describe("Text of bytes", () => {
  it("is that of Node's codec, for any part of any bytes, and on both sides of the change of method", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom(63, 64, 65, 1000).map((length) => new Uint8Array(length).fill(0x5a)),
    );
    fc.assert(
      fc.property(bytes, fc.nat(5), fc.nat(5), (data, before, after) => {
        const larger = new Uint8Array(before + data.length + after + 3).fill(0xff).subarray(3);
        larger.set(data, before);
        const expected = `0x${Buffer.from(data).toString("hex")}`;
        expect(hexText(larger, before, before + data.length)).to.equal(expected);
        expect(hexText(data)).to.equal(expected);
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });
});
