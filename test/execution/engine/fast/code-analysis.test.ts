import { expect } from "chai";
import {
  CodeAnalysis,
  CodeCache,
  isDestination,
} from "../../../../src/execution/engine/fast/code-analysis";
import type { Hash } from "../../../../src/state/hex";

function pushOften(analysis: CodeAnalysis | undefined): void {
  for (let turn = 0; turn < 300; turn++) {
    expect(analysis?.push(0)).to.equal(0x1234n);
  }
}

describe("fast engine: code analysis", () => {
  it("a JUMPDEST in push data is no place to jump to", () => {
    // PUSH2 5b5b, JUMPDEST, PUSH1 5b
    const code = Uint8Array.of(0x61, 0x5b, 0x5b, 0x5b, 0x60, 0x5b);
    const { jumpDestinations } = new CodeAnalysis(code);
    const places = Array.from({ length: 100 }, (_, place) => place);
    expect(places.filter((place) => isDestination(jumpDestinations, place))).to.deep.equal([3]);
  });

  it("nothing beyond the code is a place to jump to, however far", () => {
    const { jumpDestinations } = new CodeAnalysis(new Uint8Array(100).fill(0x5b));
    expect([0, 7, 8, 99].every((place) => isDestination(jumpDestinations, place))).to.equal(true);
    for (const place of [100, 103, 104, 2 ** 31, 2 ** 32, 2 ** 35 + 8, 2 ** 53, 2 ** 256]) {
      expect(isDestination(jumpDestinations, place), `${place}`).to.equal(false);
    }
  });

  it("what a code pushes again and again is read from it once", () => {
    const code = Uint8Array.of(0x61, 0x12, 0x34);
    const analysis = new CodeAnalysis(code);
    pushOften(analysis);
    code.fill(0); // nobody does: it shows where the word comes from
    expect(analysis.push(0)).to.equal(0x1234n);
  });

  it("tables of pushed words are kept for 8 MB of code, and made again only for what pushes a lot", () => {
    const cache = new CodeCache(2 ** 30);
    const analyses = Array.from({ length: 200 }, (_, number) => {
      const code = new Uint8Array(0x10000);
      code.set([0x61, 0x12, 0x34]);
      const analysis = cache.get(`0x${number.toString(16).padStart(64, "0")}`, code);
      pushOften(analysis);
      return analysis;
    });
    const hasTable = (analysis: CodeAnalysis): boolean => {
      analysis.code[2] = 0x35; // as above
      const word = analysis.push(0);
      analysis.code[2] = 0x34;
      return word === 0x1234n;
    };
    expect(analyses.map(hasTable)).to.deep.equal([
      ...Array(200 - 128).fill(false),
      ...Array(128).fill(true),
    ]);
    const [first] = analyses;
    pushOften(first);
    expect(first !== undefined && hasTable(first), "as often as at first").to.equal(false);
    for (let round = 0; round < 20; round++) {
      pushOften(first);
    }
    expect(first !== undefined && hasTable(first)).to.equal(true);
  });

  it("push data that the code's end cuts off reads as zeros", () => {
    expect(new CodeAnalysis(Uint8Array.of(0x61, 0x12)).push(0)).to.equal(0x1200n);
    expect(new CodeAnalysis(Uint8Array.of(0x7f)).push(0)).to.equal(0n);
    const [push, ...rest] = [0x62, 0xff, 0xff];
    expect(new CodeAnalysis(Uint8Array.of(push ?? 0, ...rest)).push(0)).to.equal(0xffff00n);
  });

  it("code too large for a table of pushed words pushes the same words", () => {
    const code = new Uint8Array(70_000);
    code.set([0x61, 0x12, 0x34], 65_990);
    expect(new CodeAnalysis(code).push(65_990)).to.equal(0x1234n);
  });

  it("a code is analysed once per hash, until the cache is full: then the oldest goes", () => {
    const cache = new CodeCache(2 * (60 + 256) - 1); // 256 bytes for each
    const code = new Uint8Array(60);
    const hash = (digit: number): Hash => `0x${digit.toString().repeat(64)}`;
    const first = cache.get(hash(1), code);
    expect(cache.get(hash(1), code)).to.equal(first);
    cache.get(hash(2), code);
    expect(cache.get(hash(1), code), "dropped for the second").not.to.equal(first);
  });

  it("a code larger than the whole cache is used all the same", () => {
    const cache = new CodeCache(10);
    expect(cache.get(`0x${"1".repeat(64)}`, new Uint8Array(60)).code).to.have.length(60);
  });
});
