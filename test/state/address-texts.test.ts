import { expect } from "chai";
import fc from "fast-check";
import { addressText } from "../../src/state/address-texts";
import { propertyParameters } from "../helpers/properties";

const LENGTH = 20;

function expectText(bytes: Uint8Array): void {
  const expected = `0x${Buffer.from(bytes).toString("hex")}`;
  const larger = new Uint8Array(LENGTH + 7).fill(0xff);
  larger.set(bytes, 3);
  expect(addressText(larger, 3)).to.equal(expected);
  expect(addressText(larger, 3), "again").to.equal(expected);
}

describe("Texts of addresses", () => {
  it("are those of Node's codec, of addresses that differ in any byte and share places", () => {
    // few values of a byte: addresses that are equal, and such as differ in the middle only
    const byte = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(0, 1, 0x80, 0xff) },
      { weight: 1, arbitrary: fc.nat({ max: 255 }) },
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: LENGTH, maxLength: LENGTH }),
        fc.array(fc.tuple(fc.nat({ max: LENGTH - 1 }), byte), { maxLength: 30 }),
        (address, changes) => {
          expectText(address);
          for (const [at, value] of changes) {
            address[at] = value;
            expectText(address);
          }
        },
      ),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("more addresses than are kept, the zero address before and after them", () => {
    const address = new Uint8Array(LENGTH);
    expectText(address);
    for (let n = 0; n < 10_000; n++) {
      address[18] = n >> 8;
      address[19] = n;
      expectText(address);
    }
    expectText(new Uint8Array(LENGTH));
  });
});
