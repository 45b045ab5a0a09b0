/**
 * Logs as a receipt holds them: a list of [address, topics, data] (RLP; yellow paper, section 4.4.1).
 *
 * Owns: the encoding, and the memory that logs are written into while a message runs. Does not own: what
 * stands around the list in a receipt (receipt-bodies.ts).
 *
 * Most logs are never looked at, but all are put into a receipt: so they are made in this form, and are
 * plain only for whoever asks.
 */
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, writeBytes32, writeHex } from "../state/bytes";
import type { Address } from "../state/hex";
import { headerLength, LIST, STRING, writeHeader } from "../state/trie/rlp";
import type { Log } from "./outcome";

const ADDRESS_BYTES = 20;
const TOPIC_BYTES = 32;
const ADDRESS_ITEM = 1 + ADDRESS_BYTES;
const TOPIC_ITEM = 1 + TOPIC_BYTES;
/** Longest header of a list or string of fewer than 2^48 bytes. */
const HEADER_ROOM = 7;
/** bytes that are taken at once for the logs of many messages */
const PIECE = 64 * 1024;

export interface EncodedLogs {
  readonly count: number;
  /** the list with its header */
  readonly list: Uint8Array;
}

/** The list of no logs. */
export const NO_LOGS: EncodedLogs = { count: 0, list: Uint8Array.of(LIST) };

export function encodeLogs(logs: readonly Log[]): EncodedLogs {
  if (logs.length === 0) {
    return NO_LOGS;
  }
  const lengths = logs.map(({ topics, data }) => logLength(topics.length, dataItemLength(data)));
  const content = lengths.reduce((sum, length) => sum + headerLength(length) + length, 0);
  const list = new Uint8Array(headerLength(content) + content);
  let end = writeHeader(list, 0, LIST, content);
  for (const [index, { address, topics, data }] of logs.entries()) {
    end = writeHead(list, end, lengths[index] ?? 0, address, topics.length);
    for (const topic of topics) {
      list[end++] = STRING + TOPIC_BYTES;
      end = writeHex(list, end, topic);
    }
    if (!isSingleByte(data)) {
      end = writeHeader(list, end, STRING, (data.length - 2) >>> 1);
    }
    end = writeHex(list, end, data);
  }
  return { count: logs.length, list };
}

/** @param list as `encodeLogs` and `LogBuffer` write it */
export function decodeLogs(list: Uint8Array): Log[] {
  const logs = RLP.decode(list) as [Uint8Array, Uint8Array[], Uint8Array][]; // the form of a list of logs
  return logs.map(([address, topics, data]) => ({
    address: bytesToHex(address),
    topics: topics.map(bytesToHex),
    data: bytesToHex(data),
  }));
}

function logLength(topics: number, dataItem: number): number {
  const topicsLength = topics * TOPIC_ITEM;
  return ADDRESS_ITEM + headerLength(topicsLength) + topicsLength + dataItem;
}

function dataItemLength(data: Log["data"]): number {
  const length = (data.length - 2) >>> 1;
  return isSingleByte(data) ? 1 : headerLength(length) + length;
}

/** A byte below 0x80 is its own RLP. */
function isSingleByte(data: Log["data"]): boolean {
  return data.length === 4 && data < "0x80";
}

/** What stands before a log's topics. */
function writeHead(
  bytes: Uint8Array,
  at: number,
  length: number,
  address: Address,
  topics: number,
): number {
  let end = writeHeader(bytes, at, LIST, length);
  bytes[end++] = STRING + ADDRESS_BYTES;
  end = writeHex(bytes, end, address);
  return writeHeader(bytes, end, LIST, topics * TOPIC_ITEM);
}

/**
 * The logs of one message after another, one message at a time; what is taken out stays as it is.
 * Messages share pieces of memory, which live as long as logs in them do.
 */
export class LogBuffer {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  /** of the message: room for the list's header comes first */
  #start = 0;
  /** where each log of the message ends */
  readonly #ends: number[] = [];

  /** A message begins; logs of an earlier one that were not taken are gone. */
  begin(): void {
    this.#ends.length = 0;
  }

  get count(): number {
    return this.#ends.length;
  }

  /** Takes back all logs but the first. @param count how many stay */
  truncate(count: number): void {
    this.#ends.length = count;
  }

  /**
   * @param topics at most 4
   * @param memory has the data in [offset, offset + length)
   */
  add(
    address: Address,
    topics: readonly bigint[],
    memory: Uint8Array,
    offset: number,
    length: number,
  ): void {
    const single = length === 1 && (memory[offset] ?? 0) < STRING;
    const content = logLength(topics.length, single ? 1 : headerLength(length) + length);
    const at = this.#reserve(headerLength(content) + content);
    const bytes = this.#bytes;
    let end = writeHead(bytes, at, content, address, topics.length);
    for (const topic of topics) {
      bytes[end++] = STRING + TOPIC_BYTES;
      writeBytes32(this.#view, end, topic);
      end += TOPIC_BYTES;
    }
    if (!single) {
      end = writeHeader(bytes, end, STRING, length);
    }
    copy(memory, offset, length, bytes, end);
    this.#ends.push(end + length);
  }

  /** The message's logs; the next message can begin. */
  take(): EncodedLogs {
    const count = this.count;
    if (count === 0) {
      return NO_LOGS;
    }
    const first = this.#start + HEADER_ROOM;
    const end = this.#end;
    const start = first - headerLength(end - first);
    writeHeader(this.#bytes, start, LIST, end - first);
    const list = new Uint8Array(this.#bytes.buffer, start, end - start);
    this.#start = end;
    this.#ends.length = 0;
    return { count, list };
  }

  get #end(): number {
    return this.#ends[this.#ends.length - 1] ?? this.#start + HEADER_ROOM;
  }

  /** Where so many bytes can be written. */
  #reserve(length: number): number {
    const end = this.#end;
    if (end + length > this.#bytes.length) {
      const used = end - this.#start;
      const bytes = new Uint8Array(Math.max(PIECE, 2 * (used + length)));
      bytes.set(this.#bytes.subarray(this.#start, end));
      for (let index = 0; index < this.#ends.length; index++) {
        this.#ends[index] = (this.#ends[index] ?? 0) - this.#start;
      }
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
      this.#start = 0;
    }
    return this.#end;
  }
}

/** A view of a few bytes takes longer than copying them. */
const SHORT = 256;

function copy(
  from: Uint8Array,
  offset: number,
  length: number,
  target: Uint8Array,
  at: number,
): void {
  if (length > SHORT) {
    target.set(from.subarray(offset, offset + length), at);
    return;
  }
  for (let index = 0; index < length; index++) {
    target[at + index] = from[offset + index] ?? 0;
  }
}
