/**
 * The container of an access log, format version 1: mark, version, then records, each with its
 * length and checksum, in gzip members. Described byte by byte in docs/access-log-format.md.
 *
 * Owns: the frame around records, shared by writer and reader. Does not own: what is in a record
 * (codec.ts), writing (access-log-writer.ts) and reading (access-log-reader.ts) files.
 */
import { createHash } from "node:crypto";
import type { ByteReader, ByteWriter } from "./bytes";

/** First byte not ASCII and a line break of each kind: transfers that alter text are noticed. */
export const MAGIC = Uint8Array.from([0x89, 0x48, 0x48, 0x50, 0x4c, 0x0d, 0x0a, 0x1a]);

/** Version of the container and of the records in it. */
export const FORMAT_VERSION = 1;

/** bytes: mark and version (u32) */
export const PREFIX_LENGTH = MAGIC.length + 4;

/** File name extension of an access log. */
export const LOG_EXTENSION = ".hhplog";

export const RECORD_KIND = { header: 1, block: 2, end: 3 } as const;
export type RecordKind = (typeof RECORD_KIND)[keyof typeof RECORD_KIND];

/** bytes: kind, length of the payload (u32) */
export const RECORD_HEAD_LENGTH = 5;

/** bytes: the first of SHA-256 over head and payload */
export const CHECKSUM_LENGTH = 8;

/** What the end marker says; a reader checks the first two against what it read. */
export interface LogTotals {
  readonly blocks: number;
  readonly transactions: number;
  /** Not recorded, because the log had reached its limit of bytes on disk. */
  readonly droppedBlocks: number;
  readonly droppedTransactions: number;
}

export function encodeTotals(writer: ByteWriter, totals: LogTotals): void {
  writer.varint(totals.blocks);
  writer.varint(totals.transactions);
  writer.varint(totals.droppedBlocks);
  writer.varint(totals.droppedTransactions);
}

export function decodeTotals(reader: ByteReader): LogTotals {
  const blocks = reader.varint();
  const transactions = reader.varint();
  const droppedBlocks = reader.varint();
  return { blocks, transactions, droppedBlocks, droppedTransactions: reader.varint() };
}

/** @param framed head and payload of a record */
export function checksum(framed: Uint8Array): Uint8Array {
  return createHash("sha256").update(framed).digest().subarray(0, CHECKSUM_LENGTH);
}

/** Head, payload and checksum of one record, appended to `output`; `scratch` is overwritten. */
export function frameRecord<T>(
  output: ByteWriter,
  scratch: ByteWriter,
  kind: RecordKind,
  value: T,
  encode: (writer: ByteWriter, value: T) => void,
): void {
  scratch.reset();
  encode(scratch, value);
  const start = output.length;
  output.u8(kind);
  output.u32(scratch.length);
  output.fixed(scratch.view());
  output.fixed(checksum(output.view().subarray(start)));
}
