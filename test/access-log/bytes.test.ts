import { expect } from "chai";
import fc from "fast-check";
import { ByteReader, ByteWriter, DecodeError } from "../../src/access-log/bytes";
import { InvariantError } from "../../src/errors/base-error";

const parameters = {
  numRuns: 200,
  ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }),
};

function written(write: (writer: ByteWriter) => void): number[] {
  const writer = new ByteWriter();
  write(writer);
  return [...writer.bytes()];
}

function reading(bytes: number[]): ByteReader {
  return new ByteReader(Uint8Array.from(bytes));
}

describe("bytes of the access log", () => {
  it("varints are unsigned LEB128 in shortest form", () => {
    // 300 = 0b10_0101100: low seven bits 0x2c with the continuation bit, then 2
    expect(written((w) => w.varint(300))).to.deep.equal([0xac, 0x02]);
    expect(written((w) => w.bigVarint(300n))).to.deep.equal([0xac, 0x02]);
    expect(written((w) => w.varint(127))).to.deep.equal([0x7f]);
    expect(written((w) => w.varint(0))).to.deep.equal([0]);
    expect(reading([0xac, 0x02]).varint()).to.equal(300);
  });

  it("integers are big-endian after their length, zero has none", () => {
    expect(written((w) => w.uint(0n))).to.deep.equal([0]);
    expect(written((w) => w.uint(0x0100n))).to.deep.equal([2, 1, 0]);
    expect(written((w) => w.uint(1n << 256n))).to.have.length(34);
  });

  it("signed integers are zigzag: 0, -1, 1, -2 are 0, 1, 2, 3", () => {
    for (const [value, zigzag] of [
      [0n, []],
      [-1n, [1]],
      [1n, [2]],
      [-2n, [3]],
    ] as const) {
      expect(written((w) => w.int(value))).to.deep.equal([zigzag.length, ...zigzag]);
    }
  });

  it("every primitive reads back what was written", () => {
    fc.assert(
      fc.property(
        fc.record({
          small: fc.maxSafeNat(),
          big: fc.bigInt({ min: 0n, max: 1n << 90n }),
          wide: fc.bigInt({ min: 0n, max: 1n << 256n }),
          signed: fc.bigInt({ min: -(1n << 256n), max: 1n << 256n }),
          flag: fc.boolean(),
          word: fc.nat({ max: 0xffffffff }),
          number: fc.double(),
          raw: fc.uint8Array({ maxLength: 300 }),
          label: fc.string({ unit: "grapheme" }),
        }),
        (v) => {
          const writer = new ByteWriter(1);
          const hex = `0x${Buffer.from(v.raw).toString("hex")}` as const;
          writer.varint(v.small);
          writer.bigVarint(v.big);
          writer.uint(v.wide);
          writer.int(v.signed);
          writer.bool(v.flag);
          writer.u32(v.word);
          writer.float(v.number);
          writer.lengthPrefixed(v.raw);
          writer.fixed(v.raw);
          writer.hex(hex);
          writer.fixedHex(hex, v.raw.length);
          writer.text(v.label);
          const reader = new ByteReader(writer.bytes());
          expect(reader.varint()).to.equal(v.small);
          expect(reader.bigVarint()).to.equal(v.big);
          expect(reader.uint()).to.equal(v.wide);
          expect(reader.int()).to.equal(v.signed);
          expect(reader.bool()).to.equal(v.flag);
          expect(reader.u32()).to.equal(v.word);
          expect(Object.is(reader.float(), v.number)).to.equal(true);
          expect([...reader.lengthPrefixed()]).to.deep.equal([...v.raw]);
          expect([...reader.fixed(v.raw.length)]).to.deep.equal([...v.raw]);
          expect(reader.hex()).to.equal(hex);
          expect(reader.fixedHex(v.raw.length)).to.equal(hex);
          expect(reader.text()).to.equal(v.label);
          reader.end();
        },
      ),
      parameters,
    );
  });

  it("reads from shared memory give copies", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    shared.set([2, 7, 9]);
    const taken = new ByteReader(shared).lengthPrefixed();
    shared.fill(0);
    expect([...taken]).to.deep.equal([7, 9]);
    expect(taken.buffer).to.be.instanceOf(ArrayBuffer);
  });

  it("addresses are 20 bytes of hex; a reader of a part of memory ends with the part", () => {
    const address = `0x${"ab".repeat(20)}` as const;
    const writer = new ByteWriter();
    writer.u8(9);
    writer.fixedHex(address, 20);
    writer.u32(7);
    writer.u8(9);
    for (const bytes of [writer.bytes(), Buffer.from(writer.bytes())]) {
      const reader = new ByteReader(bytes, 1, bytes.length - 1);
      expect(reader.remaining).to.equal(24);
      expect(reader.address()).to.equal(address);
      expect(reader.offset).to.equal(21);
      expect(() => reader.address()).to.throw(
        DecodeError,
        "bytes end in the middle of 20 bytes at byte 21",
      );
      expect(reader.u32()).to.equal(7);
      reader.end();
      expect(() => reader.u8()).to.throw(DecodeError);
      expect(new ByteReader(bytes).fixed(1)).to.deep.equal(Uint8Array.of(9));
    }
  });

  it("a writer takes over what another one wrote, also beyond its room", () => {
    const source = new ByteWriter();
    source.fixed(Uint8Array.from({ length: 100 }, (_, i) => i));
    const writer = new ByteWriter(16);
    writer.u8(7);
    writer.copy(source, 10, 12);
    writer.copy(source, 5, 5);
    writer.copy(source, 0, 100);
    expect([...writer.bytes()]).to.deep.equal([7, 10, 11, ...source.bytes()]);
  });

  it("bytes that end too early are named, with their place", () => {
    expect(() => reading([]).u8()).to.throw(
      DecodeError,
      "bytes end in the middle of a byte at byte 0",
    );
    expect(() => reading([0x80]).varint()).to.throw(DecodeError, "at byte 1");
    expect(() => reading([5, 1, 2]).lengthPrefixed()).to.throw(DecodeError, "5 bytes");
    expect(() => reading([3, 1]).uint()).to.throw(DecodeError, "an integer");
  });

  it("forms that are not the shortest are refused: one value has one encoding", () => {
    expect(() => reading([0x80, 0x00]).varint()).to.throw(DecodeError, "shortest");
    expect(() => reading([0x80, 0x00]).bigVarint()).to.throw(DecodeError, "shortest");
    expect(() => reading([2, 0, 1]).uint()).to.throw(DecodeError, "leading zero");
    expect(() => reading([2]).bool()).to.throw(DecodeError, "boolean");
    expect(() => reading([1, 2]).end()).to.throw(DecodeError, "2 bytes too many");
  });

  it("values that the encoding cannot hold are broken invariants", () => {
    const writer = new ByteWriter();
    expect(() => writer.u8(256)).to.throw(InvariantError);
    expect(() => writer.varint(-1)).to.throw(InvariantError);
    expect(() => writer.varint(1.5)).to.throw(InvariantError);
    expect(() => writer.uint(-1n)).to.throw(InvariantError);
    expect(() => writer.fixedHex("0x12", 20)).to.throw(InvariantError);
    expect(() => writer.hex("0x1")).to.throw(InvariantError);
    expect(() => writer.hex("0xzz")).to.throw(InvariantError);
  });
});
