/**
 * What a receipt's encoding takes from its logs alone: the bloom and the logs' RLP (yellow paper,
 * sections 4.4.1 and 4.4.3). Pure functions over bytes: they can run in the thread that ran the
 * transactions, which does not know the cumulative gas yet.
 *
 * Owns: the layout of bodies. Does not own: what stands before them in a receipt (receipt-head.ts).
 *
 * The bodies of many receipts lie in one piece of memory, each with room before it for the head.
 */
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, writeHex } from "../state/bytes";
import { headerLength, LIST, STRING, writeHeader } from "../state/trie/rlp";
import { LogBlooms } from "./log-blooms";
import type { Log } from "./outcome";

export const BLOOM_BYTES = 256;
/** Type byte, header of the list (5), status (1) and cumulative gas (9). */
export const HEAD_ROOM = 16;
/** The header of a string of 256 bytes. */
const BLOOM_HEADER = 3;
const ADDRESS_ITEM = 21;
const TOPIC_ITEM = 33;

export interface ReceiptBodies {
  readonly bytes: Uint8Array;
  /** By receipt: where its body begins; HEAD_ROOM bytes before it are free. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** by receipt */
  readonly logCounts: Uint32Array;
}

/** Bodies of receipts with these logs, in this order. */
export function receiptBodies(logsOfReceipts: readonly (readonly Log[])[]): ReceiptBodies {
  const logCounts = Uint32Array.from(logsOfReceipts, (logs) => logs.length);
  const lengths = Uint32Array.from(logsOfReceipts, listLength);
  return writeBodies(logCounts, lengths, (bytes, at, index) =>
    writeLogs(bytes, at, logsOfReceipts[index] ?? []),
  );
}

/**
 * Bodies around lists of logs.
 * @param logCounts by receipt
 * @param lengths bytes of each list (RLP)
 * @param write writes the receipt's list at this place
 */
export function writeBodies(
  logCounts: Uint32Array,
  lengths: Uint32Array,
  write: (bytes: Uint8Array, at: number, index: number) => void,
): ReceiptBodies {
  const count = lengths.length;
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let end = 0;
  for (let index = 0; index < count; index++) {
    starts[index] = end + HEAD_ROOM;
    end += HEAD_ROOM + BLOOM_HEADER + BLOOM_BYTES + (lengths[index] ?? 0);
    ends[index] = end;
  }
  const bytes = new Uint8Array(end);
  const blooms = new LogBlooms(bytes);
  for (let index = 0; index < count; index++) {
    const bloom = writeHeader(bytes, starts[index] ?? 0, STRING, BLOOM_BYTES);
    const logs = bloom + BLOOM_BYTES;
    write(bytes, logs, index);
    blooms.addLogs(bloom, logs);
  }
  blooms.setBits();
  return { bytes, starts, ends, logCounts };
}

/** The logs that the receipt's body was made of. */
export function logsOfBody({ bytes, starts, ends }: ReceiptBodies, index: number): Log[] {
  const start = (starts[index] ?? 0) + BLOOM_HEADER + BLOOM_BYTES;
  // the form that writeLogs gives a list of logs
  const logs = RLP.decode(bytes.slice(start, ends[index])) as [
    Uint8Array,
    Uint8Array[],
    Uint8Array,
  ][];
  return logs.map(([address, topics, data]) => ({
    address: bytesToHex(address),
    topics: topics.map(bytesToHex),
    data: bytesToHex(data),
  }));
}

/** The receipt's bloom, as a part of the bodies. */
export function bloomOfBody({ bytes, starts }: ReceiptBodies, index: number): Uint8Array {
  const start = (starts[index] ?? 0) + BLOOM_HEADER;
  return bytes.subarray(start, start + BLOOM_BYTES);
}

/** The bloom of a block of these receipts. */
export function unitedBloom({ bytes, starts }: ReceiptBodies): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const united = new Uint8Array(BLOOM_BYTES);
  const target = new DataView(united.buffer);
  for (const start of starts) {
    for (let at = 0; at < BLOOM_BYTES; at += 4) {
      target.setUint32(at, target.getUint32(at) | view.getUint32(start + BLOOM_HEADER + at));
    }
  }
  return united;
}

/** Bytes of a receipt's logs as a list (RLP). */
export function listLength(logs: readonly Log[]): number {
  const content = logsLength(logs);
  return headerLength(content) + content;
}

/** The same without the header of the list. */
function logsLength(logs: readonly Log[]): number {
  let length = 0;
  for (const log of logs) {
    const content = logLength(log);
    length += headerLength(content) + content;
  }
  return length;
}

function logLength({ topics, data }: Log): number {
  const topicsLength = topics.length * TOPIC_ITEM;
  return ADDRESS_ITEM + headerLength(topicsLength) + topicsLength + dataItemLength(data);
}

function dataItemLength(data: Log["data"]): number {
  const length = (data.length - 2) >>> 1;
  return isSingleByte(data) ? 1 : headerLength(length) + length;
}

/** A byte below 0x80 is its own RLP. */
function isSingleByte(data: Log["data"]): boolean {
  return data.length === 4 && data < "0x80";
}

/** Writes the list, `listLength` bytes. */
export function writeLogs(bytes: Uint8Array, at: number, logs: readonly Log[]): void {
  let end = writeHeader(bytes, at, LIST, logsLength(logs));
  for (const log of logs) {
    end = writeHeader(bytes, end, LIST, logLength(log));
    bytes[end++] = STRING + 20;
    end = writeHex(bytes, end, log.address);
    end = writeHeader(bytes, end, LIST, log.topics.length * TOPIC_ITEM);
    for (const topic of log.topics) {
      bytes[end++] = STRING + 32;
      end = writeHex(bytes, end, topic);
    }
    if (!isSingleByte(log.data)) {
      end = writeHeader(bytes, end, STRING, (log.data.length - 2) >>> 1);
    }
    end = writeHex(bytes, end, log.data);
  }
}
