import { expect } from "chai";
import { Memory } from "../../../../src/execution/engine/fast/memory";

describe("fast engine: memory", () => {
  it("costs 3 gas a word and the square of the words over 512 (yellow paper, appendix H.1)", () => {
    const memory = new Memory();
    expect(memory.expansionGas(1)).to.equal(3);
    expect(memory.expansionGas(32)).to.equal(3);
    expect(memory.expansionGas(33)).to.equal(6);
    // 1024 words: 3072 + 1024 * 1024 / 512 = 5120
    expect(memory.expansionGas(32 * 1024)).to.equal(5120);
    // 2^32 bytes = 2^27 words: 3 * 2^27 + 2^54 / 2^9
    expect(memory.expansionGas(2 ** 32)).to.equal(3 * 2 ** 27 + 2 ** 45);
  });

  it("only words beyond the active ones cost", () => {
    const memory = new Memory();
    memory.expand(64);
    expect(memory.words).to.equal(2);
    expect(memory.expansionGas(64)).to.equal(0);
    expect(memory.expansionGas(65)).to.equal(3);
  });

  it("fresh memory is zero, also after it grew beyond what was reserved", () => {
    const memory = new Memory();
    memory.expand(32);
    memory.store(0, (1n << 256n) - 1n);
    memory.expand(1 << 16);
    expect(memory.load(0)).to.equal((1n << 256n) - 1n);
    expect(memory.load(32)).to.equal(0n);
    expect(memory.load((1 << 16) - 32)).to.equal(0n);
  });

  it("growing word by word moves the bytes a few times, however large they are", () => {
    const memory = new Memory();
    const places = new Set<Uint8Array>();
    for (let end = 32; end <= 1 << 22; end += 32) {
      memory.expand(end);
      places.add(memory.bytes);
    }
    expect(places.size, "1 KB to 4 MB, twice as much each time").to.equal(13);
  });

  it("copying from beyond the end of a source writes zeros", () => {
    const memory = new Memory();
    memory.expand(32);
    memory.store(0, (1n << 256n) - 1n);
    memory.copyFrom(0, Uint8Array.of(1, 2), 1n, 4);
    expect([...memory.slice(0, 5)]).to.deep.equal([2, 0, 0, 0, 255]);
    memory.copyFrom(0, Uint8Array.of(1, 2), 1n << 255n, 1);
    expect([...memory.slice(0, 1)]).to.deep.equal([0]);
  });

  it("an empty range is empty wherever it is", () => {
    expect(new Memory().slice(1 << 30, 0)).to.have.length(0);
    expect(new Memory().view(1 << 30, 0)).to.have.length(0);
  });

  it("numbers below 2^53 are read and written as words are", () => {
    const memory = new Memory();
    memory.expand(64);
    for (const value of [0, 1, 255, 2 ** 31, 2 ** 32, 2 ** 32 + 7, 2 ** 53 - 1]) {
      memory.bytes.fill(0xff);
      memory.storeNumber(13, value);
      expect(memory.load(13)).to.equal(BigInt(value));
      expect(memory.loadNumber(13)).to.equal(value);
      expect([memory.bytes[12], memory.bytes[45]]).to.deep.equal([0xff, 0xff]);
    }
    for (const word of [2n ** 53n, 2n ** 64n, 2n ** 95n, 2n ** 255n, 2n ** 256n - 1n]) {
      memory.store(13, word);
      expect(memory.loadNumber(13)).to.equal(-1);
    }
  });
});
