/**
 * What a receipt's encoding takes from its logs alone: the bloom and the logs' RLP (yellow paper,
 * sections 4.4.1 and 4.4.3). Pure functions over bytes: they can run in the thread that ran the
 * transactions, which does not know the cumulative gas yet.
 *
 * Owns: the layout of bodies. Does not own: what stands before them in a receipt (receipt-head.ts).
 *
 * The bodies of many receipts lie in one piece of memory, each with room before it for the head.
 */
import { STRING, writeHeader } from "../state/trie/rlp";
import { decodeLogs, type EncodedLogs, NO_LOGS } from "./encoded-logs";
import { LogBlooms } from "./log-blooms";
import type { Log } from "./outcome";

export const BLOOM_BYTES = 256;
/** Type byte, header of the list (5), status (1) and cumulative gas (9). */
export const HEAD_ROOM = 16;
/** The header of a string of 256 bytes. */
const BLOOM_HEADER = 3;

export interface ReceiptBodies {
  readonly bytes: Uint8Array;
  /** By receipt: where its body begins; HEAD_ROOM bytes before it are free. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** by receipt */
  readonly logCounts: Uint32Array;
  /** of a block of these receipts: the bits of all their blooms */
  readonly bloom: Uint8Array;
}

/** Bodies of receipts with these logs, in this order. */
export function receiptBodies(logsOfReceipts: readonly EncodedLogs[]): ReceiptBodies {
  const logCounts = Uint32Array.from(logsOfReceipts, ({ count }) => count);
  const lengths = Uint32Array.from(logsOfReceipts, ({ list }) => list.length);
  return writeBodies(logCounts, lengths, (bytes, at, index) =>
    bytes.set((logsOfReceipts[index] ?? NO_LOGS).list, at),
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
  const bloom = new Uint8Array(BLOOM_BYTES);
  blooms.setBits(bloom);
  return { bytes, starts, ends, logCounts, bloom };
}

/** The bodies of all parts, in their order. */
export function joinBodies(parts: readonly ReceiptBodies[]): ReceiptBodies {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    return only;
  }
  const count = parts.reduce((sum, { starts }) => sum + starts.length, 0);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  const logCounts = new Uint32Array(count);
  const bloom = new Uint8Array(BLOOM_BYTES);
  let index = 0;
  let offset = 0;
  for (const part of parts) {
    bytes.set(part.bytes, offset);
    for (const [at, byte] of part.bloom.entries()) {
      bloom[at] = (bloom[at] ?? 0) | byte;
    }
    logCounts.set(part.logCounts, index);
    for (const [i, start] of part.starts.entries()) {
      starts[index] = offset + start;
      ends[index++] = offset + (part.ends[i] ?? 0);
    }
    offset += part.bytes.length;
  }
  return { bytes, starts, ends, logCounts, bloom };
}

/** The logs that the receipt's body was made of. */
export function logsOfBody({ bytes, starts, ends }: ReceiptBodies, index: number): Log[] {
  const start = (starts[index] ?? 0) + BLOOM_HEADER + BLOOM_BYTES;
  return decodeLogs(bytes.slice(start, ends[index]));
}

/** The receipt's bloom, as a part of the bodies. */
export function bloomOfBody({ bytes, starts }: ReceiptBodies, index: number): Uint8Array {
  const start = (starts[index] ?? 0) + BLOOM_HEADER;
  return bytes.subarray(start, start + BLOOM_BYTES);
}
