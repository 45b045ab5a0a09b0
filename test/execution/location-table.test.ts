/** Two threads' tables over the same memory give a location one id, whatever either looked up before. */
import { expect } from "chai";
import fc from "fast-check";
import { LocationTable, locationTableBytes } from "../../src/execution/location-table";
import { arenaBytes, SharedArena } from "../../src/execution/shared-arena";
import type { Address } from "../../src/state/hex";
import { LOCATION_KINDS, type Location, locationKey } from "../../src/state/location";
import { propertyParameters } from "../helpers/properties";

const LOCATIONS = 256;

const address = fc.oneof(
  fc.constantFrom<Address>(`0x${"00".repeat(20)}`, `0x${"00".repeat(19)}01`),
  // alike in the last word, or in all others
  fc.constantFrom<Address>(
    "0x1111111122222222333333334444444455555555",
    "0x1111111122222222333333334444444466666666",
    "0x7777777722222222333333334444444455555555",
  ),
);
const slot = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.constantFrom(1n << 64n, 1n << 128n, 1n << 192n, (1n << 256n) - 1n),
);
const location: fc.Arbitrary<Location> = fc
  .tuple(fc.constantFrom(...LOCATION_KINDS), address, slot)
  .map(([kind, address, slot]) =>
    kind === "storage" ? { kind, address, slot } : { kind, address },
  );

describe("Location table", () => {
  it("one id a location, in whichever order two threads ask, and it is read back", () => {
    const buffer = new SharedArrayBuffer(locationTableBytes(LOCATIONS));
    const memory = new SharedArrayBuffer(arenaBytes(1 << 14));
    const first = new LocationTable(buffer, new SharedArena(memory));
    fc.assert(
      fc.property(
        fc.array(fc.record({ location, second: fc.boolean() }), { maxLength: 60 }),
        fc.array(slot, { maxLength: 4 }),
        (asked, codes) => {
          new SharedArena(memory).reset();
          first.reset();
          const tables = [0, 1].map(() => new LocationTable(buffer, new SharedArena(memory)));
          const ids = new Map<string, number>();
          for (const { location, second } of asked) {
            const table = tables[second ? 1 : 0];
            const id = table?.of(location) ?? 0;
            const key = locationKey(location);
            expect(id).to.equal(ids.get(key) ?? id);
            ids.set(key, id);
            expect(table?.location(id)).to.deep.equal(location);
          }
          const ofCodes = codes.map((hash) => tables[0]?.codeBytes(hash) ?? 0);
          expect(codes.map((hash) => tables[1]?.codeBytes(hash))).to.deep.equal(ofCodes);
          const distinct = ids.size + new Set(codes).size;
          expect(new Set([...ids.values(), ...ofCodes]).size).to.equal(distinct);
          expect(first.count()).to.equal(distinct);
        },
      ),
      propertyParameters({ numRuns: 200 }),
    );
  });
});
