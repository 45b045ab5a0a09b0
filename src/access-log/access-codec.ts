/**
 * Bytes of locations, reads and writes.
 *
 * Owns: their encoding. Does not own: primitives (bytes.ts), whole records (codec.ts).
 * Canonical: the number of a kind is its index in LOCATION_KINDS.
 */
import { InvariantError } from "../errors/base-error";
import type { Location, LocationKind } from "../state/location";
import { LOCATION_KINDS } from "../state/location";
import type { Read, ReadOrigin } from "../state/read-set";
import { UNBOUNDED } from "../state/read-set";
import type { Write } from "../state/write-set";
import type { WriteRecord } from "./block-record";
import type { ByteReader, ByteWriter } from "./bytes";
import { DecodeError } from "./bytes";

/** bytes */
export const ADDRESS_LENGTH = 20;
/** bytes */
export const HASH_LENGTH = 32;

function encodeKind(writer: ByteWriter, kind: LocationKind): void {
  writer.u8(LOCATION_KINDS.indexOf(kind));
}

function decodeKind(reader: ByteReader): LocationKind {
  const kind = LOCATION_KINDS[reader.u8()];
  if (kind === undefined) {
    throw new DecodeError("unknown kind of location", reader.offset - 1);
  }
  return kind;
}

export function encodeLocation(writer: ByteWriter, location: Location): void {
  encodeKind(writer, location.kind);
  writer.fixedHex(location.address, ADDRESS_LENGTH);
  if (location.kind === "storage") {
    writer.uint(location.slot);
  }
}

export function decodeLocation(reader: ByteReader): Location {
  const kind = decodeKind(reader);
  const address = reader.fixedHex(ADDRESS_LENGTH);
  return kind === "storage" ? { kind, address, slot: reader.uint() } : { kind, address };
}

function encodeOrigin(writer: ByteWriter, origin: ReadOrigin): void {
  writer.varint(origin.transactionIndex + 1);
  writer.varint(origin.incarnation);
}

function decodeOrigin(reader: ByteReader): ReadOrigin {
  const transactionIndex = reader.varint() - 1;
  return { transactionIndex, incarnation: reader.varint() };
}

/** How the upper end of an interval is written: most reads are exact or open above. */
const INTERVAL = { exact: 0, unbounded: 1, bounded: 2 } as const;

export function encodeRead(writer: ByteWriter, read: Read): void {
  encodeKind(writer, read.kind);
  writer.fixedHex(read.address, ADDRESS_LENGTH);
  switch (read.kind) {
    case "balance":
    case "nonce":
      writer.uint(read.min);
      if (read.max === read.min) {
        writer.u8(INTERVAL.exact);
      } else if (read.max === UNBOUNDED) {
        writer.u8(INTERVAL.unbounded);
      } else {
        writer.u8(INTERVAL.bounded);
        writer.uint(read.max);
      }
      break;
    case "code":
      writer.fixedHex(read.codeHash, HASH_LENGTH);
      break;
    case "existence":
      writer.bool(read.exists);
      break;
    case "storage":
      writer.uint(read.slot);
      writer.uint(read.value);
      break;
  }
  encodeOrigin(writer, read.origin);
}

export function decodeRead(reader: ByteReader): Read {
  const kind = decodeKind(reader);
  const address = reader.fixedHex(ADDRESS_LENGTH);
  switch (kind) {
    case "balance":
    case "nonce": {
      const min = reader.uint();
      const max = decodeIntervalEnd(reader, min);
      return { kind, address, min, max, origin: decodeOrigin(reader) };
    }
    case "code": {
      const codeHash = reader.fixedHex(HASH_LENGTH);
      return { kind, address, codeHash, origin: decodeOrigin(reader) };
    }
    case "existence": {
      const exists = reader.bool();
      return { kind, address, exists, origin: decodeOrigin(reader) };
    }
    case "storage": {
      const slot = reader.uint();
      const value = reader.uint();
      return { kind, address, slot, value, origin: decodeOrigin(reader) };
    }
  }
}

function decodeIntervalEnd(reader: ByteReader, min: bigint): bigint {
  const form = reader.u8();
  if (form === INTERVAL.exact) {
    return min;
  }
  const max = form === INTERVAL.unbounded ? UNBOUNDED : reader.uint();
  if (form > INTERVAL.bounded || max === min || (form === INTERVAL.bounded && max === UNBOUNDED)) {
    throw new DecodeError("malformed interval of a read", reader.offset);
  }
  return max;
}

export function encodeWrite(writer: ByteWriter, write: Write): void {
  encodeKind(writer, write.kind);
  writer.fixedHex(write.address, ADDRESS_LENGTH);
  switch (write.kind) {
    case "balance":
      writer.int(write.delta);
      break;
    case "nonce":
      writer.uint(write.value);
      break;
    case "code":
      writer.fixedHex(write.codeHash, HASH_LENGTH);
      break;
    case "existence":
      writer.u8((write.exists ? 1 : 0) | (write.clearsStorage ? 2 : 0));
      break;
    case "storage":
      writer.uint(write.slot);
      writer.uint(write.value);
      break;
  }
}

export function decodeWrite(reader: ByteReader): Write {
  const kind = decodeKind(reader);
  const address = reader.fixedHex(ADDRESS_LENGTH);
  switch (kind) {
    case "balance":
      return { kind, address, delta: reader.int() };
    case "nonce":
      return { kind, address, value: reader.uint() };
    case "code":
      return { kind, address, codeHash: reader.fixedHex(HASH_LENGTH) };
    case "existence": {
      const flags = reader.u8();
      if (flags > 3) {
        throw new DecodeError("unknown flags of an existence write", reader.offset - 1);
      }
      return { kind, address, exists: (flags & 1) !== 0, clearsStorage: (flags & 2) !== 0 };
    }
    case "storage": {
      const slot = reader.uint();
      return { kind, address, slot, value: reader.uint() };
    }
  }
}

/** What stands in front of a value before the write. */
const BEFORE = { unknown: 0, number: 1, hash: 2, false: 3, true: 4 } as const;

export function encodeWriteRecord(writer: ByteWriter, record: WriteRecord): void {
  encodeWrite(writer, record.write);
  const { before } = record;
  if (before === null) {
    writer.u8(BEFORE.unknown);
  } else if (typeof before === "bigint") {
    writer.u8(BEFORE.number);
    writer.uint(before);
  } else if (typeof before === "boolean") {
    writer.u8(before ? BEFORE.true : BEFORE.false);
  } else {
    writer.u8(BEFORE.hash);
    writer.fixedHex(before, HASH_LENGTH);
  }
}

export function decodeWriteRecord(reader: ByteReader): WriteRecord {
  const write = decodeWrite(reader);
  const form = reader.u8();
  switch (form) {
    case BEFORE.unknown:
      return { write, before: null };
    case BEFORE.number:
      return { write, before: reader.uint() };
    case BEFORE.hash:
      return { write, before: reader.fixedHex(HASH_LENGTH) };
    case BEFORE.false:
      return { write, before: false };
    case BEFORE.true:
      return { write, before: true };
    default:
      throw new DecodeError("unknown form of a value before a write", reader.offset - 1);
  }
}

/** Length, then each element. */
export function encodeList<T>(
  writer: ByteWriter,
  list: readonly T[],
  encode: (writer: ByteWriter, element: T) => void,
): void {
  writer.varint(list.length);
  for (const element of list) {
    encode(writer, element);
  }
}

export function decodeList<T>(reader: ByteReader, decode: (reader: ByteReader) => T): T[] {
  const length = reader.varint();
  // every element takes at least one byte: a corrupt length cannot make us allocate
  if (length > reader.remaining) {
    throw new DecodeError(`list of ${length} elements in ${reader.remaining} bytes`, reader.offset);
  }
  const list: T[] = [];
  for (let i = 0; i < length; i++) {
    list.push(decode(reader));
  }
  return list;
}

/** Absent or present: one byte, then the value. */
export function encodeOptional<T>(
  writer: ByteWriter,
  value: T | null | undefined,
  encode: (writer: ByteWriter, value: T) => void,
): void {
  const present = value !== null && value !== undefined;
  writer.bool(present);
  if (present) {
    encode(writer, value);
  }
}

export function decodeOptional<T>(
  reader: ByteReader,
  decode: (reader: ByteReader) => T,
): T | undefined {
  return reader.bool() ? decode(reader) : undefined;
}

/** Throws unless the number is one of the given: for fields with few legal values. */
export function expectOneOf<T extends string>(values: readonly T[], index: number, at: number): T {
  const value = values[index];
  if (value === undefined) {
    throw new DecodeError(`expected a number below ${values.length}, got ${index}`, at);
  }
  return value;
}

/** Index of a value that the type system knows to be in the list. */
export function indexIn<T extends string>(values: readonly T[], value: T): number {
  const index = values.indexOf(value);
  if (index < 0) {
    throw new InvariantError(`unknown value ${value}`);
  }
  return index;
}
