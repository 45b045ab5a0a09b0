import { expect } from "chai";
import * as word from "../../../../src/execution/engine/fast/words";
import { writeBytes32 } from "../../../../src/state/bytes";

const MAX = (1n << 256n) - 1n;
const MIN_SIGNED = 1n << 255n;

// Expected values: yellow paper, appendix H.2, and the examples of EIP-145 and EIP-7939.
describe("fast engine: 256-bit words", () => {
  it("division by zero gives zero, signed or not", () => {
    expect(word.divide(5n, 0n)).to.equal(0n);
    expect(word.signedDivide(5n, 0n)).to.equal(0n);
    expect(word.modulo(5n, 0n)).to.equal(0n);
    expect(word.signedModulo(5n, 0n)).to.equal(0n);
  });

  it("signed division truncates towards zero, and -2^255 / -1 overflows to itself", () => {
    expect(word.signedDivide(MAX - 6n, 2n), "-7 / 2 = -3").to.equal(MAX - 2n);
    expect(word.signedDivide(MIN_SIGNED, MAX)).to.equal(MIN_SIGNED);
  });

  it("the signed remainder has the sign of the dividend", () => {
    expect(word.signedModulo(MAX - 7n, 3n), "-8 % 3 = -2").to.equal(MAX - 1n);
    expect(word.signedModulo(8n, MAX - 2n), "8 % -3 = 2").to.equal(2n);
  });

  it("powers wrap around 2^256; anything to the power of zero is one", () => {
    expect(word.power(0n, 0n)).to.equal(1n);
    expect(word.power(2n, 255n)).to.equal(MIN_SIGNED);
    expect(word.power(2n, 256n)).to.equal(0n);
    expect(word.power(3n, 7n)).to.equal(2187n);
    expect(word.power(MAX, MAX), "(-1)^odd = -1").to.equal(MAX);
  });

  it("SIGNEXTEND looks at the sign bit of the given byte; from byte 31 on nothing changes", () => {
    expect(word.signExtend(0n, 0xffn)).to.equal(MAX);
    expect(word.signExtend(0n, 0x17fn), "bytes above are dropped").to.equal(0x7fn);
    expect(word.signExtend(31n, MAX)).to.equal(MAX);
    expect(word.signExtend(MAX, 0xffn)).to.equal(0xffn);
  });

  it("BYTE counts from the most significant byte and gives zero from 32 on", () => {
    expect(word.byteAt(31n, 0x1234n)).to.equal(0x34n);
    expect(word.byteAt(0n, MIN_SIGNED)).to.equal(0x80n);
    expect(word.byteAt(32n, MAX)).to.equal(0n);
    expect(word.byteAt(MAX, MAX)).to.equal(0n);
  });

  it("shifts by 256 and more leave zero, or the sign (EIP-145)", () => {
    expect(word.shiftLeft(255n, 3n)).to.equal(MIN_SIGNED);
    expect(word.shiftLeft(256n, 1n)).to.equal(0n);
    expect(word.shiftRight(256n, MAX)).to.equal(0n);
    expect(word.shiftRight(MAX, MAX)).to.equal(0n);
    expect(word.arithmeticShiftRight(1n, MIN_SIGNED)).to.equal(MIN_SIGNED + (MIN_SIGNED >> 1n));
    expect(word.arithmeticShiftRight(256n, MIN_SIGNED)).to.equal(MAX);
    expect(word.arithmeticShiftRight(MAX, MIN_SIGNED - 1n)).to.equal(0n);
  });

  it("CLZ of zero is 256 (EIP-7939)", () => {
    expect(word.countLeadingZeros(0n)).to.equal(256n);
    expect(word.countLeadingZeros(1n)).to.equal(255n);
    expect(word.countLeadingZeros(MAX)).to.equal(0n);
  });

  it("words survive storing and loading at any alignment", () => {
    const view = new DataView(new ArrayBuffer(80));
    for (const [offset, value] of [
      0n,
      1n,
      1n << 64n,
      (1n << 128n) - 1n,
      MIN_SIGNED,
      MAX,
    ].entries()) {
      writeBytes32(view, offset, MAX); // what was there before does not shine through
      writeBytes32(view, offset, value);
      expect(word.loadWord(view, offset)).to.equal(value);
    }
  });

  it("an address is the low 20 bytes of a word", () => {
    expect(word.addressOf(MAX)).to.equal(`0x${"ff".repeat(20)}`);
    expect(word.addressOf(1n << 160n)).to.equal(`0x${"00".repeat(20)}`);
  });

  it("bytes of a number are counted without leading zeros", () => {
    expect([0n, 1n, 255n, 256n, MAX].map(word.byteLength)).to.deep.equal([0, 1, 1, 2, 32]);
  });
});
