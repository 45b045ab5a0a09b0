/**
 * Bytes of a transaction's trace: frames, their accesses, keccak preimages, transient slots.
 *
 * Owns: their encoding. Does not own: primitives (bytes.ts), whole records (codec.ts).
 */
import {
  ADDRESS_LENGTH,
  decodeList,
  decodeLocation,
  encodeList,
  encodeLocation,
  expectOneOf,
  HASH_LENGTH,
  indexIn,
} from "./access-codec";
import type { Frame, FrameAccess, FrameKind, TransactionTrace } from "./block-record";
import type { ByteReader, ByteWriter } from "./bytes";
import { DecodeError } from "./bytes";

/** Number of a kind in the encoding: never reorder. */
const FRAME_KINDS: readonly FrameKind[] = [
  "call",
  "staticcall",
  "delegatecall",
  "callcode",
  "create",
  "create2",
];

export function encodeFrame(writer: ByteWriter, frame: Frame): void {
  writer.varint(frame.parent + 1);
  writer.varint(frame.depth);
  writer.u8(indexIn(FRAME_KINDS, frame.kind));
  writer.bool(frame.success);
  writer.fixedHex(frame.caller, ADDRESS_LENGTH);
  writer.fixedHex(frame.codeAddress, ADDRESS_LENGTH);
  writer.fixedHex(frame.codeHash, HASH_LENGTH);
  writer.fixedHex(frame.storageOwner, ADDRESS_LENGTH);
  writer.uint(frame.value);
  writer.hex(frame.input);
  writer.varint(frame.inputLength);
  writer.bigVarint(frame.gasUsed);
}

export function decodeFrame(reader: ByteReader): Frame {
  const parent = reader.varint() - 1;
  const depth = reader.varint();
  const kind = expectOneOf(FRAME_KINDS, reader.u8(), reader.offset);
  const success = reader.bool();
  const caller = reader.fixedHex(ADDRESS_LENGTH);
  const codeAddress = reader.fixedHex(ADDRESS_LENGTH);
  const codeHash = reader.fixedHex(HASH_LENGTH);
  const storageOwner = reader.fixedHex(ADDRESS_LENGTH);
  const value = reader.uint();
  const input = reader.hex();
  const inputLength = reader.varint();
  const gasUsed = reader.bigVarint();
  return {
    parent,
    depth,
    kind,
    caller,
    codeAddress,
    codeHash,
    storageOwner,
    value,
    input,
    inputLength,
    gasUsed,
    success,
  };
}

export function encodeFrameAccess(writer: ByteWriter, access: FrameAccess): void {
  writer.varint(access.frame);
  encodeLocation(writer, access.location);
  writer.u8((access.read ? 1 : 0) | (access.write ? 2 : 0));
  writer.varint(access.readPc + 1);
  writer.varint(access.writePc + 1);
}

export function decodeFrameAccess(reader: ByteReader): FrameAccess {
  const frame = reader.varint();
  const location = decodeLocation(reader);
  const flags = reader.u8();
  if (flags > 3) {
    throw new DecodeError("unknown flags of an access", reader.offset - 1);
  }
  const readPc = reader.varint() - 1;
  const writePc = reader.varint() - 1;
  return { frame, location, read: (flags & 1) !== 0, write: (flags & 2) !== 0, readPc, writePc };
}

export function encodeTrace(writer: ByteWriter, trace: TransactionTrace): void {
  encodeList(writer, trace.frames, encodeFrame);
  encodeList(writer, trace.accesses, encodeFrameAccess);
  encodeList(writer, trace.preimages, (out, { hash, preimage }) => {
    out.fixedHex(hash, HASH_LENGTH);
    out.hex(preimage);
  });
  encodeList(writer, trace.transient, (out, { address, slot }) => {
    out.fixedHex(address, ADDRESS_LENGTH);
    out.uint(slot);
  });
}

export function decodeTrace(reader: ByteReader): TransactionTrace {
  const frames = decodeList(reader, decodeFrame);
  const accesses = decodeList(reader, decodeFrameAccess);
  const preimages = decodeList(reader, (input) => {
    const hash = input.fixedHex(HASH_LENGTH);
    return { hash, preimage: input.hex() };
  });
  const transient = decodeList(reader, (input) => {
    const address = input.fixedHex(ADDRESS_LENGTH);
    return { address, slot: input.uint() };
  });
  return { frames, accesses, preimages, transient };
}
