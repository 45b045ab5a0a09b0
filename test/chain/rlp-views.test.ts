import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import { listViews } from "../../src/chain/rlp-views";
import { propertyParameters } from "../helpers/properties";

type Item = Uint8Array | Item[];

const { item } = fc.letrec<{ item: Item; list: Item[] }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4 },
    fc.uint8Array({ maxLength: 3 }),
    fc.uint8Array({ minLength: 50, maxLength: 300 }),
    tie("list"),
  ),
  list: fc.array(tie("item"), { maxLength: 6 }),
}));
const list = fc.array(item, { maxLength: 12 });

/** What the library makes of it; null = an error, or no list. */
function decoded(bytes: Uint8Array): unknown {
  try {
    const value = RLP.decode(bytes);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

describe("views of RLP lists", () => {
  it("are what the library decodes", () => {
    fc.assert(
      fc.property(list, (items) => {
        const bytes = RLP.encode(items);
        expect(listViews(bytes)).to.deep.equal(decoded(bytes));
        expect(RLP.encode(listViews(bytes) as Item[])).to.deep.equal(bytes); // a list is one
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("are never given of what the library refuses, and never other than it decodes", () => {
    const edit = fc.record({ at: fc.nat(600), value: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(list, fc.array(edit, { minLength: 1, maxLength: 3 }), (items, edits) => {
        let bytes = RLP.encode(items);
        for (const { at, value, cut } of edits) {
          if (cut) {
            bytes = bytes.slice(0, at);
          } else if (at < bytes.length) {
            bytes[at] = value;
          }
        }
        const views = listViews(bytes);
        if (views !== null) {
          expect(decoded(bytes)).to.deep.equal(views);
        }
      }),
      propertyParameters({ numRuns: 1000 }),
    );
  });

  // Yellow paper, appendix B: each of these has a shorter encoding, or ends elsewhere.
  for (const hex of ["c28101", "f800", "f90000", "c3820001ff", "c2c1", "c100ff", "", "83010203"]) {
    it(`are not given of ${hex === "" ? "nothing" : hex}`, () => {
      expect(listViews(Uint8Array.from(Buffer.from(hex, "hex")))).to.equal(null);
    });
  }
});
