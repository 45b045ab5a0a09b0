/** Locations and their ids: two threads' tables over the same memory, and what a reader notes. */
import { expect } from "chai";
import fc from "fast-check";
import { EXISTENCE, LocationTable, locationTableBytes } from "../../src/execution/location-table";
import { arenaBytes, SharedArena } from "../../src/execution/shared-arena";
import { BlockMemory } from "../../src/execution/shared-block";
import { VersionedReader } from "../../src/execution/versioned-reader";
import { bigIntToHex32 } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { LOCATION_KINDS, type Location, locationKey } from "../../src/state/location";
import { EMPTY_WRITE_SET } from "../../src/state/write-set";
import { propertyParameters } from "../helpers/properties";
import { ModelPreState, programArbitrary, runProgram } from "./mock-incarnations";

/** Of the large one a thread counts many places at once. */
const [SMALL, LARGE] = [256, 8192];

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
  for (const capacity of [SMALL, LARGE]) {
    it(`of ${capacity}: one id a location, in whichever order two threads ask, and it is read back`, () => {
      const buffer = new SharedArrayBuffer(locationTableBytes(capacity));
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
            const ofCodes = codes.map((hash) => tables[0]?.codeBytes(bigIntToHex32(hash)) ?? 0);
            expect(codes.map((hash) => tables[1]?.codeBytes(bigIntToHex32(hash)))).to.deep.equal(
              ofCodes,
            );
            const codeCount = new Set(codes).size;
            expect(new Set([...ids.values(), ...ofCodes]).size).to.equal(ids.size + codeCount);
            const slots = asked.filter(({ location }) => location.kind === "storage");
            for (const { location } of slots) {
              const id = first.of(location);
              expect(first.existenceOf(id)).to.equal(first.account(EXISTENCE, location.address));
            }
          },
        ),
        propertyParameters({ numRuns: 200 }),
      );
    });
  }

  it("readers and views note the locations of the read set and the write set, each in its place", async () => {
    const preState = new ModelPreState();
    const memory = new BlockMemory({
      locations: SMALL,
      arenaWords: 1 << 16,
      maximumArenaWords: 1 << 16,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(programArbitrary, { maxLength: 6 }), async (programs) => {
        const { block } = memory.begin(programs.length, preState);
        const { locations } = block.memory;
        for (const [index, program] of programs.entries()) {
          const reader = new VersionedReader(block.memory, preState, index);
          const ran = await runProgram(program, reader, () => undefined);
          const reads = "reads" in ran ? ran.reads : [];
          expect(reader.noted).to.deep.equal(reads.map((read) => locations.of(read)));
          const { writes, writeLocations } =
            "writes" in ran ? ran : { writes: EMPTY_WRITE_SET, writeLocations: [] };
          const read = new Set(reads.map(locationKey));
          expect(writeLocations).to.deep.equal(
            writes.writes.map((write) => (read.has(locationKey(write)) ? locations.of(write) : 0)),
          );
          block.writes.publish(index, 0, writes, writeLocations);
        }
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });
});
