import { expect } from "chai";
import fc from "fast-check";
import { BytePool } from "../../src/state/byte-pool";
import { propertyParameters } from "../helpers/properties";

describe("Pool of bytes", () => {
  it("copies stay as they were, whatever is copied later and whatever becomes of the original", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(4095, 4096, 4097, 70_000).map((length) => new Uint8Array(length).fill(7)),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 300 }), (originals) => {
        const pool = new BytePool();
        const expected = originals.map((each) => each.slice());
        const copies = originals.map((each, i) => {
          const within = new Uint8Array(each.length + 9).fill(0xdd);
          within.set(each, 4);
          const copy = i % 2 === 0 ? pool.copy(each) : pool.copy(within, 4, 4 + each.length);
          each.fill(0xee);
          within.fill(0xee);
          return copy;
        });
        expect(copies).to.deep.equal(expected);
      }),
      propertyParameters({ numRuns: 30 }),
    );
  });

  it("a copy of a Buffer is a plain array", () => {
    for (const length of [3, 5000]) {
      expect(new BytePool().copy(Buffer.alloc(length)).constructor).to.equal(Uint8Array);
    }
  });
});
