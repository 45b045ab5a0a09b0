/**
 * Bytes of whole records: transactions, blocks, the header of a run. Canonical: the same record
 * always gives the same bytes, so equal runs give equal logs.
 *
 * Owns: the order of the fields (part of format version 1, docs/access-log-format.md). Does not
 * own: parts (access-codec.ts, trace-codec.ts), the file around them (access-log-file.ts).
 */
import type { Address, Hash } from "../state/hex";
import {
  ADDRESS_LENGTH,
  decodeList,
  decodeLocation,
  decodeOptional,
  decodeRead,
  decodeWriteRecord,
  encodeList,
  encodeLocation,
  encodeOptional,
  encodeRead,
  encodeWriteRecord,
  expectOneOf,
  HASH_LENGTH,
  indexIn,
} from "./access-codec";
import type { BlockRecord, ObservedExecution, RunHeader, TransactionRecord } from "./block-record";
import { ByteReader, ByteWriter, DecodeError } from "./bytes";
import { decodeTrace, encodeTrace } from "./trace-codec";

export {
  decodeLocation,
  decodeRead,
  decodeWrite,
  decodeWriteRecord,
  encodeLocation,
  encodeRead,
  encodeWrite,
  encodeWriteRecord,
} from "./access-codec";
export {
  decodeFrame,
  decodeFrameAccess,
  decodeTrace,
  encodeFrame,
  encodeFrameAccess,
  encodeTrace,
} from "./trace-codec";

function encodeAddress(writer: ByteWriter, address: Address): void {
  writer.fixedHex(address, ADDRESS_LENGTH);
}

function decodeAddress(reader: ByteReader): Address {
  return reader.fixedHex(ADDRESS_LENGTH);
}

function encodeHash(writer: ByteWriter, hash: Hash): void {
  writer.fixedHex(hash, HASH_LENGTH);
}

function decodeHash(reader: ByteReader): Hash {
  return reader.fixedHex(HASH_LENGTH);
}

export function encodeTransaction(writer: ByteWriter, record: TransactionRecord): void {
  writer.varint(record.transactionIndex);
  encodeHash(writer, record.hash);
  writer.varint(record.type);
  encodeAddress(writer, record.from);
  encodeOptional(writer, record.to, encodeAddress);
  encodeOptional(writer, record.createdAddress, encodeAddress);
  writer.bigVarint(record.nonce);
  writer.uint(record.value);
  writer.u8(record.status);
  writer.bigVarint(record.gasLimit);
  writer.bigVarint(record.gasUsed);
  writer.bigVarint(record.gasBeforeRefund);
  writer.bigVarint(record.intrinsicGas);
  encodeList(writer, record.reads, encodeRead);
  encodeList(writer, record.writes, encodeWriteRecord);
  encodeTrace(writer, record.trace);
  encodeList(writer, record.deployed, (out, { address, codeHash, code }) => {
    encodeAddress(out, address);
    encodeHash(out, codeHash);
    out.hex(code);
  });
}

export function decodeTransaction(reader: ByteReader): TransactionRecord {
  const transactionIndex = reader.varint();
  const hash = decodeHash(reader);
  const type = reader.varint();
  const from = decodeAddress(reader);
  const to = decodeOptional(reader, decodeAddress) ?? null;
  const createdAddress = decodeOptional(reader, decodeAddress) ?? null;
  const nonce = reader.bigVarint();
  const value = reader.uint();
  const status = reader.bool() ? 1 : 0;
  const gasLimit = reader.bigVarint();
  const gasUsed = reader.bigVarint();
  const gasBeforeRefund = reader.bigVarint();
  const intrinsicGas = reader.bigVarint();
  const reads = decodeList(reader, decodeRead);
  const writes = decodeList(reader, decodeWriteRecord);
  const trace = decodeTrace(reader);
  const deployed = decodeList(reader, (input) => {
    const address = decodeAddress(input);
    const codeHash = decodeHash(input);
    return { address, codeHash, code: input.hex() };
  });
  return {
    transactionIndex,
    hash,
    type,
    from,
    to,
    createdAddress,
    nonce,
    value,
    status,
    gasLimit,
    gasUsed,
    gasBeforeRefund,
    intrinsicGas,
    reads,
    writes,
    trace,
    deployed,
  };
}

/** Number of a mode in the encoding: never reorder. */
const MODES: readonly ObservedExecution["mode"][] = ["parallel", "inThread", "sequential"];

export function encodeObserved(writer: ByteWriter, observed: ObservedExecution): void {
  writer.u8(indexIn(MODES, observed.mode));
  writer.varint(observed.workers);
  encodeList(writer, observed.incarnations, (out, count) => out.varint(count));
  encodeList(writer, observed.aborts, (out, abort) => {
    out.varint(abort.transactionIndex);
    out.varint(abort.writer + 1);
    encodeLocation(out, abort.location);
  });
  writer.float(observed.milliseconds);
  encodeOptional(writer, observed.fallback, (out, text) => out.text(text));
}

export function decodeObserved(reader: ByteReader): ObservedExecution {
  const mode = expectOneOf(MODES, reader.u8(), reader.offset);
  const workers = reader.varint();
  const incarnations = decodeList(reader, (input) => input.varint());
  const aborts = decodeList(reader, (input) => {
    const transactionIndex = input.varint();
    const writer = input.varint() - 1;
    return { transactionIndex, writer, location: decodeLocation(input) };
  });
  const milliseconds = reader.float();
  const fallback = decodeOptional(reader, (input) => input.text());
  return {
    mode,
    workers,
    incarnations,
    aborts,
    milliseconds,
    ...(fallback === undefined ? {} : { fallback }),
  };
}

export function encodeBlock(writer: ByteWriter, record: BlockRecord): void {
  writer.bigVarint(record.number);
  writer.bigVarint(record.timestamp);
  encodeAddress(writer, record.coinbase);
  writer.text(record.hardfork);
  writer.bigVarint(record.gasLimit);
  writer.bigVarint(record.gasUsed);
  writer.varint(record.segment);
  encodeOptional(writer, record.section, (out, text) => out.text(text));
  encodeList(writer, record.transactions, encodeTransaction);
  encodeObserved(writer, record.observed);
  encodeOptional(writer, record.rootCheck, (out, check) => {
    encodeHash(out, check.parallel);
    encodeHash(out, check.sequential);
  });
}

export function decodeBlock(reader: ByteReader): BlockRecord {
  const number = reader.bigVarint();
  const timestamp = reader.bigVarint();
  const coinbase = decodeAddress(reader);
  const hardfork = reader.text();
  const gasLimit = reader.bigVarint();
  const gasUsed = reader.bigVarint();
  const segment = reader.varint();
  const section = decodeOptional(reader, (input) => input.text());
  const transactions = decodeList(reader, decodeTransaction);
  const observed = decodeObserved(reader);
  const rootCheck = decodeOptional(reader, (input) => {
    const parallel = decodeHash(input);
    return { parallel, sequential: decodeHash(input) };
  });
  return {
    number,
    timestamp,
    coinbase,
    hardfork,
    gasLimit,
    gasUsed,
    segment,
    ...(section === undefined ? {} : { section }),
    transactions,
    observed,
    rootCheck: rootCheck ?? null,
  };
}

export function encodeHeader(writer: ByteWriter, header: RunHeader): void {
  writer.varint(header.format);
  writer.text(header.tool);
  writer.text(header.toolVersion);
  writer.bigVarint(header.chainId);
  writer.text(header.source);
}

export function decodeHeader(reader: ByteReader): RunHeader {
  const format = reader.varint();
  if (format !== 1) {
    throw new DecodeError(`expected record format 1, got ${format}`, reader.offset);
  }
  const tool = reader.text();
  const toolVersion = reader.text();
  const chainId = reader.bigVarint();
  return { format, tool, toolVersion, chainId, source: reader.text() };
}

/** The bytes of one value by its encoder. */
export function toBytes<T>(value: T, encode: (writer: ByteWriter, value: T) => void): Uint8Array {
  const writer = new ByteWriter(4096);
  encode(writer, value);
  return writer.bytes();
}

/** The value that fills exactly these bytes; throws DecodeError otherwise. */
export function fromBytes<T>(bytes: Uint8Array, decode: (reader: ByteReader) => T): T {
  const reader = new ByteReader(bytes);
  const value = decode(reader);
  reader.end();
  return value;
}
