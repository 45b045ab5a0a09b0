import { expect } from "chai";
import fc from "fast-check";
import type { WriteRecord } from "../../src/access-log/block-record";
import type { ByteReader, ByteWriter } from "../../src/access-log/bytes";
import { DecodeError } from "../../src/access-log/bytes";
import * as codec from "../../src/access-log/codec";
import * as arbitraries from "./record-arbitraries";

const parameters = {
  numRuns: 100,
  ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }),
};

function itRoundTrips<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  encode: (writer: ByteWriter, value: T) => void,
  decode: (reader: ByteReader) => T,
): void {
  it(`a ${name} reads back as it was written, from one sequence of bytes`, () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const bytes = codec.toBytes(value, encode);
        const decoded = codec.fromBytes(bytes, decode);
        expect(decoded).to.deep.equal(value);
        expect([...codec.toBytes(decoded, encode)]).to.deep.equal([...bytes]);
      }),
      parameters,
    );
  });
}

describe("codec of the access log", () => {
  itRoundTrips("location", arbitraries.location, codec.encodeLocation, codec.decodeLocation);
  itRoundTrips("read", arbitraries.read, codec.encodeRead, codec.decodeRead);
  itRoundTrips("write", arbitraries.write, codec.encodeWrite, codec.decodeWrite);
  itRoundTrips(
    "write record",
    arbitraries.writeRecord,
    codec.encodeWriteRecord,
    codec.decodeWriteRecord,
  );
  itRoundTrips("frame", arbitraries.frame, codec.encodeFrame, codec.decodeFrame);
  itRoundTrips(
    "frame access",
    arbitraries.frameAccess,
    codec.encodeFrameAccess,
    codec.decodeFrameAccess,
  );
  itRoundTrips("trace", arbitraries.trace, codec.encodeTrace, codec.decodeTrace);
  itRoundTrips(
    "transaction",
    arbitraries.transaction,
    codec.encodeTransaction,
    codec.decodeTransaction,
  );
  itRoundTrips("block", arbitraries.block, codec.encodeBlock, codec.decodeBlock);
  itRoundTrips("run header", arbitraries.header, codec.encodeHeader, codec.decodeHeader);

  it("a storage write of 5 over 3 in slot 1 takes these 26 bytes", () => {
    const record: WriteRecord = {
      write: { kind: "storage", address: `0x${"11".repeat(20)}`, slot: 1n, value: 5n },
      before: 3n,
    };
    // kind 4 | address | slot: length 1, 1 | value: length 1, 5 | before is a number: length 1, 3
    expect([...codec.toBytes(record, codec.encodeWriteRecord)]).to.deep.equal([
      4,
      ...new Array<number>(20).fill(0x11),
      1,
      1,
      1,
      5,
      1,
      1,
      3,
    ]);
  });

  it("a block cut at any byte is refused, never read as another block", () => {
    const [sample] = fc.sample(arbitraries.block, { numRuns: 1, seed: 7 });
    if (sample === undefined) {
      throw new Error("no sample");
    }
    const bytes = codec.toBytes(sample, codec.encodeBlock);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => codec.fromBytes(bytes.subarray(0, length), codec.decodeBlock)).to.throw(
        DecodeError,
      );
    }
  });

  it("a corrupt length cannot make the reader allocate", () => {
    // a list of 2^42 frames
    const bytes = Uint8Array.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
    expect(() => codec.fromBytes(bytes, codec.decodeTrace)).to.throw(DecodeError, "elements");
  });
});
