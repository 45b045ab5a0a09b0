import { expect } from "chai";
import fc from "fast-check";
import { ByteReader, ByteWriter } from "../../src/access-log/bytes";
import { decodeOperations, encodeOperations } from "../../src/execution/list-codec";
import { type ListOperation, ListRecorder } from "../../src/execution/list-operations";
import type { Address } from "../../src/state/hex";
import { propertyParameters } from "../helpers/properties";

const A: Address = `0x${"a1".repeat(20)}`;
const B: Address = `0x${"b2".repeat(20)}`;

describe("operations on a block-level access list", () => {
  it("say once what was accessed, also where it was in a frame that is taken back", () => {
    const recorder = new ListRecorder();
    recorder.checkpoint();
    recorder.account(A);
    recorder.read(A, 1n);
    recorder.revert();
    recorder.account(A);
    recorder.read(A, 1n);
    recorder.read(A, 2n);
    recorder.write(B, 1n, 5n, 0n);
    recorder.read(B, 1n);
    recorder.account(B);
    expect(recorder.operations).to.deep.equal([
      { kind: "checkpoint" },
      { kind: "account", address: A },
      { kind: "read", address: A, slot: 1n },
      { kind: "revert" },
      { kind: "read", address: A, slot: 2n },
      { kind: "write", address: B, slot: 1n, value: 5n, original: 0n },
    ]);
  });

  it("say nothing of frames in which nothing new was done, and all that changes", () => {
    const recorder = new ListRecorder();
    recorder.balance(A, -3n);
    recorder.checkpoint();
    recorder.checkpoint();
    recorder.account(A);
    recorder.commit();
    recorder.revert();
    recorder.checkpoint();
    recorder.balance(A, 0n);
    recorder.commit();
    recorder.nonce(A, 2n);
    recorder.nonce(A, 2n);
    recorder.cleared([A, B]);
    expect(recorder.operations.map(({ kind }) => kind)).to.deep.equal([
      ...["balance", "checkpoint", "balance", "commit", "nonce", "nonce", "cleared", "cleared"],
    ]);
  });

  it("are read back as they were written", () => {
    const address = fc.constantFrom(A, B);
    const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    const code = fc.uint8Array({ maxLength: 40 });
    const kind = <Kind extends ListOperation["kind"]>(name: Kind): fc.Arbitrary<Kind> =>
      fc.constant(name);
    const operation: fc.Arbitrary<ListOperation> = fc.oneof(
      fc.record({ kind: kind("checkpoint") }),
      fc.record({ kind: kind("commit") }),
      fc.record({ kind: kind("revert") }),
      fc.record({ kind: kind("account"), address }),
      fc.record({ kind: kind("cleared"), address }),
      fc.record({ kind: kind("read"), address, slot: word }),
      fc.record({ kind: kind("write"), address, slot: word, value: word, original: word }),
      fc.record({
        kind: kind("balance"),
        address,
        delta: fc.bigInt({ min: -(2n ** 256n), max: 2n ** 256n }),
      }),
      fc.record({ kind: kind("nonce"), address, value: word }),
      fc.record({ kind: kind("code"), address, code, before: fc.option(code) }),
    );
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const writer = new ByteWriter();
        encodeOperations(writer, operations);
        const reader = new ByteReader(writer.bytes());
        expect(decodeOperations(reader)).to.deep.equal(operations);
        expect(reader.remaining).to.equal(0);
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });
});
