/** Many messages hashed where they lie, by WebAssembly and without it, against @noble/hashes. */
import { expect } from "chai";
import fc from "fast-check";
import { ARENA_END, ARENA_START, HashMemory, paddedLength } from "../../src/crypto/hash-memory";
import { nobleKeccak256 } from "../../src/crypto/keccak256-noble";
import { type WebAssemblyApi, webAssembly } from "../../src/crypto/web-assembly";
import { propertyParameters } from "../helpers/properties";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Lengths on both sides of block borders, and some messages of more than 31 blocks (4216 bytes). */
const message = fc
  .oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 600 }) },
    { weight: 2, arbitrary: fc.constantFrom(0, 135, 136, 137, 271, 272) },
    { weight: 1, arbitrary: fc.integer({ min: 4000, max: 5000 }) },
  )
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));

for (const [name, memory] of [
  ["WebAssembly", new HashMemory(webAssembly)],
  ["no WebAssembly", new HashMemory(null)],
] as const) {
  describe(`hash memory with ${name}`, () => {
    it("hashes any number of messages of any lengths, each in its place", () => {
      fc.assert(
        fc.property(fc.array(message, { maxLength: 40 }), fc.nat(15), (messages, shift) => {
          let end = ARENA_START + shift;
          const places = messages.map((bytes) => {
            const place = end;
            memory.bytes.set(bytes, place);
            memory.addJob(place, bytes.length);
            end += paddedLength(bytes.length);
            return place;
          });
          memory.hashMany();
          expect(memory.jobs).to.equal(0);
          expect(
            places.map((place) => hex(memory.bytes.subarray(place, place + 32))),
          ).to.deep.equal(messages.map((bytes) => hex(nobleKeccak256(bytes))));
        }),
        propertyParameters({ numRuns: 200 }),
      );
    });

    it("hashes one message in place, up to the end of the memory", () => {
      for (const length of [0, 1, 135, 136, 272]) {
        const place = ARENA_END - paddedLength(length);
        const bytes = new Uint8Array(length).fill(0xa5);
        memory.bytes.set(bytes, place);
        memory.hash(place, length);
        expect(hex(memory.bytes.subarray(place, place + 32))).to.equal(hex(nobleKeccak256(bytes)));
      }
    });
  });
}

describe("hash memory", () => {
  it("says which implementation it uses", () => {
    expect(new HashMemory(webAssembly).backend).to.equal("wasm");
    expect(new HashMemory(null).backend).to.equal("noble");
  });

  it("falls to noble where the runtime refuses the module or lacks memory for it", () => {
    const api = webAssembly;
    if (api === null) {
      throw new Error("the tests run with WebAssembly");
    }
    const failing = (error: Error): WebAssemblyApi =>
      Object.assign(Object.create(api), {
        Instance: class {
          constructor() {
            throw error;
          }
        },
      });
    expect(new HashMemory(failing(new RangeError("out of memory"))).backend).to.equal("noble");
    expect(new HashMemory(failing(new api.CompileError("no SIMD"))).backend).to.equal("noble");
    expect(() => new HashMemory(failing(new TypeError("a mistake of ours")))).to.throw(TypeError);
  });

  it("without WebAssembly hashes messages larger than a piece", () => {
    const memory = new HashMemory(null);
    const bytes = new Uint8Array(130_000).fill(3);
    memory.hashCopy(bytes);
    const start = 4096; // SINGLE_START
    expect(hex(memory.bytes.subarray(start, start + 32))).to.equal(hex(nobleKeccak256(bytes)));
  });
});
