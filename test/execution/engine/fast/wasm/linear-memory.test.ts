import { expect } from "chai";
import { webAssembly } from "../../../../../src/crypto/web-assembly";
import { Calldata } from "../../../../../src/execution/engine/fast/calldata";
import { Memory } from "../../../../../src/execution/engine/fast/memory";
import { REGIONS, WORD_BYTES } from "../../../../../src/execution/engine/fast/wasm/layout";
import { LinearMemory } from "../../../../../src/execution/engine/fast/wasm/linear-memory";

if (webAssembly === null) {
  throw new Error("these tests need WebAssembly");
}
const api = webAssembly;
const NO_CALLDATA = Calldata.of(new Uint8Array(0));

/** A memory whose first `size` bytes are active and all `value`. */
function filled(size: number, value: number): Memory {
  const memory = new Memory();
  memory.expand(size);
  memory.bytes.fill(value, 0, memory.size);
  return memory;
}

function allZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

describe("linear memory", () => {
  it("a frame's bytes move in, with its calldata and 32 zeros after it", () => {
    const linear = new LinearMemory(api);
    const memory = filled(64, 7);
    const region = linear.open(memory, 3, Calldata.of(Uint8Array.of(1, 2, 3)));
    expect(region.stack).to.equal(REGIONS);
    expect(region.calldata).to.equal(region.stack + 3 * WORD_BYTES);
    expect([...linear.bytes.subarray(region.calldata, region.calldata + 4)]).to.deep.equal([
      1, 2, 3, 0,
    ]);
    expect(region.memory).to.be.at.least(region.calldata + 3 + WORD_BYTES);
    expect([...linear.bytes.subarray(region.memory, region.memory + 65)]).to.deep.equal([
      ...new Array<number>(64).fill(7),
      0,
    ]);
    memory.store(0, 1n);
    expect(linear.bytes[region.memory + 31]).to.equal(1);
  });

  it("frames nest; what an inner one leaves behind is zero where the outer one grows", () => {
    const linear = new LinearMemory(api);
    const outer = filled(32, 1);
    const region = linear.open(outer, 2, NO_CALLDATA);
    for (const size of [32, 5000]) {
      const inner = new Memory();
      const innerRegion = linear.open(inner, 4, Calldata.of(new Uint8Array(100).fill(9)));
      expect(innerRegion.stack).to.be.at.least(region.memory + outer.size);
      linear.bytes.fill(5, innerRegion.stack, innerRegion.calldata); // a spilled stack
      inner.expand(size);
      inner.bytes.fill(6, 0, inner.size);
      inner.clear();
    }
    outer.expand(20_000);
    expect(allZero(outer.view(32, 20_000 - 32))).to.equal(true);
    outer.clear();
    expect(allZero(linear.bytes.subarray(REGIONS))).to.equal(true);
  });

  it("all frames see their bytes where they are after it has grown", () => {
    const linear = new LinearMemory(api);
    const outer = filled(32, 1);
    linear.open(outer, 1, NO_CALLDATA);
    const inner = new Memory();
    linear.open(inner, 1, NO_CALLDATA);
    const before = linear.size;
    inner.expand(before * 3);
    expect(linear.size).to.be.greaterThan(before * 3);
    inner.store(before * 3 - 32, 5n);
    expect(inner.load(before * 3 - 32)).to.equal(5n);
    expect(outer.load(0)).to.equal(BigInt(`0x${"01".repeat(32)}`));
  });

  it("calldata that lies in the caller's memory is copied and read from where that is after growth", () => {
    const linear = new LinearMemory(api);
    const outer = filled(64, 7);
    linear.open(outer, 1, NO_CALLDATA);
    outer.expand(linear.size - 4096); // the next region does not fit any more
    const calldata = Calldata.within(outer, 32, 32);
    const inner = new Memory();
    const before = linear.size;
    const region = linear.open(inner, 256, calldata);
    expect(linear.size).to.be.greaterThan(before);
    expect([...linear.bytes.subarray(region.calldata, region.calldata + 33)]).to.deep.equal([
      ...new Array<number>(32).fill(7),
      0,
    ]);
    inner.expand(linear.size * 2);
    expect([...calldata.bytes]).to.deep.equal(new Array<number>(32).fill(7));
  });

  it("closing all leaves nothing of a message that was given up", () => {
    const linear = new LinearMemory(api);
    for (let depth = 0; depth < 20; depth++) {
      linear.open(filled(100, depth), 2, Calldata.of(new Uint8Array(10).fill(1)));
    }
    linear.closeAll();
    expect(allZero(linear.bytes.subarray(REGIONS))).to.equal(true);
    expect(linear.open(new Memory(), 0, NO_CALLDATA).stack).to.equal(REGIONS);
  });

  it("a memory that is cleared has its own bytes back, zeros", () => {
    const linear = new LinearMemory(api);
    const memory = filled(64, 3);
    linear.open(memory, 1, NO_CALLDATA);
    memory.clear();
    memory.expand(64);
    expect(allZero(memory.view(0, 64))).to.equal(true);
    linear.open(new Memory(), 1, NO_CALLDATA);
    memory.store(0, 1n);
    expect(allZero(linear.bytes.subarray(REGIONS))).to.equal(true);
  });
});
