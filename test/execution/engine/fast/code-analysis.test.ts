import { expect } from "chai";
import { CodeAnalysis, CodeCache } from "../../../../src/execution/engine/fast/code-analysis";
import type { Hash } from "../../../../src/state/hex";

describe("fast engine: code analysis", () => {
  it("a JUMPDEST in push data is no place to jump to", () => {
    // PUSH2 5b5b, JUMPDEST, PUSH1 5b
    const { jumpDestinations } = new CodeAnalysis(
      Uint8Array.of(0x61, 0x5b, 0x5b, 0x5b, 0x60, 0x5b),
    );
    expect([...jumpDestinations]).to.deep.equal([0, 0, 0, 1, 0, 0]);
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
    const cache = new CodeCache(100);
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
