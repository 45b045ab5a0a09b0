/** Rules of a function's footprint: the right ones stay, the wrong ones go. */
import { expect } from "chai";
import { Derivation } from "../../../src/chain/prefetch/derivation";
import { Footprint } from "../../../src/chain/prefetch/footprint";
import { Footprints } from "../../../src/chain/prefetch/footprints";
import type { Call } from "../../../src/chain/prefetch/term";
import { bigIntToBytes32, hexToBytes } from "../../../src/state/bytes";
import type { Address } from "../../../src/state/hex";
import { type StateKey, stateKeyText } from "../../../src/state/missing";

const CONTRACT: Address = `0x${"c0".repeat(20)}`;

function call(n: number, argument: bigint): Call {
  const from: Address = `0x${(0x1000 + n).toString(16).padStart(40, "e")}`;
  const data = Buffer.concat([hexToBytes("0x01020304"), bigIntToBytes32(argument)]);
  return { from, to: CONTRACT, data };
}

const slot = (value: bigint): StateKey => ({ kind: "slot", address: CONTRACT, slot: value });
const texts = (keys: readonly StateKey[]) => keys.map(stateKeyText).sort();
const touched = (...slots: readonly bigint[]) => new Set(texts(slots.map(slot)));

describe("footprint of a function", () => {
  it("foresees the keys of other calls, each once", () => {
    const footprint = new Footprint();
    footprint.learn(slot(BigInt(call(1, 0n).from)), new Derivation(call(1, 0n), []));
    footprint.learn(slot(2n ** 70n), new Derivation(call(1, 2n ** 70n), []));
    const other = call(2, 2n ** 71n);
    expect(texts(footprint.foresee(other))).to.deep.equal(
      texts([slot(BigInt(other.from)), slot(2n ** 71n)]),
    );
  });

  it("keeps the explanation that other calls bear out", () => {
    const footprint = new Footprint();
    // slot 5 is always read, and the first call happens to have 5 as its argument
    footprint.learn(slot(5n), new Derivation(call(1, 5n), []));
    expect(texts(footprint.foresee(call(2, 6n)))).to.deep.equal(texts([slot(5n), slot(6n)]));
    for (let n = 0; n < 3; n++) {
      footprint.judge(call(n, BigInt(100 + n)), touched(5n));
    }
    expect(footprint.foresee(call(9, 9n)).map(stateKeyText)).to.deep.equal([
      stateKeyText(slot(5n)),
    ]);
  });

  it("says which of the touched keys it has right", () => {
    const footprint = new Footprint();
    footprint.learn(slot(2n ** 70n), new Derivation(call(1, 2n ** 70n), []));
    const right = footprint.judge(call(2, 2n ** 72n), touched(2n ** 72n, 1n));
    expect([...right]).to.deep.equal([...touched(2n ** 72n)]);
  });

  it("forgets what the function has stopped doing, however often it was right", () => {
    const footprint = new Footprint();
    footprint.learn(slot(2n ** 70n), new Derivation(call(1, 2n ** 70n), []));
    for (let n = 0; n < 10_000; n++) {
      footprint.judge(call(n, 2n ** 71n), touched(2n ** 71n));
    }
    let calls = 0;
    while (footprint.foresee(call(0, 2n ** 72n)).length > 0) {
      footprint.judge(call(0, 2n ** 72n), touched());
      calls++;
    }
    expect(calls).to.be.lessThan(100);
    footprint.learn(slot(2n ** 73n), new Derivation(call(1, 2n ** 73n), []));
    for (let n = 0; n < 50; n++) {
      footprint.judge(call(n, 2n ** 71n), touched(2n ** 71n));
    }
    expect(footprint.foresee(call(0, 2n ** 72n))).to.have.length(1);
  });

  it("has a limited number of rules, and drops the worst", () => {
    const footprint = new Footprint();
    footprint.learn(slot(2n ** 70n), new Derivation(call(1, 2n ** 70n), []));
    for (let n = 0; n < 1_000; n++) {
      footprint.judge(call(1, 2n ** 70n), touched(2n ** 70n));
      footprint.learn(slot(BigInt(n) + 2n ** 100n), new Derivation(call(1, 1n), []));
    }
    const keys = texts(footprint.foresee(call(1, 2n ** 70n)));
    expect(keys).to.have.length.within(1, 64);
    expect(keys).to.include(stateKeyText(slot(2n ** 70n)));
  });

  it("is of one account's function, and the least recently used is forgotten", () => {
    const footprints = new Footprints();
    const first = footprints.of(CONTRACT, call(1, 1n));
    expect(footprints.find(CONTRACT, call(2, 2n))).to.equal(first);
    const otherFunction: Call = { ...call(1, 1n), data: hexToBytes("0x99999999") };
    expect(footprints.find(CONTRACT, otherFunction)).to.equal(undefined);
    for (let n = 0; n < 2_000; n++) {
      expect(footprints.find(CONTRACT, call(1, 1n))).to.equal(first);
      footprints.of(`0x${n.toString(16).padStart(40, "0")}`, call(1, 1n));
    }
    expect(footprints.find(`0x${"0".repeat(40)}`, call(1, 1n))).to.equal(undefined);
  });
});
