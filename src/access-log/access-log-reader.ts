/**
 * Reads an access log block by block, in bounded memory.
 *
 * Nothing doubtful is handed out: a record is decoded only after its checksum held. A log without
 * its end marker is an error unless the caller asked for `allowIncomplete`; then the blocks that
 * are whole come out and `totals` stays null: the caller must show that the log is incomplete.
 *
 * Owns: reading and its errors. Does not own: the format (access-log-file.ts, codec.ts).
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { constants, createGunzip } from "node:zlib";
import { isParallelError, ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import {
  CHECKSUM_LENGTH,
  checksum,
  decodeTotals,
  FORMAT_VERSION,
  type LogTotals,
  MAGIC,
  PREFIX_LENGTH,
  RECORD_HEAD_LENGTH,
  RECORD_KIND,
} from "./access-log-file";
import type { BlockRecord, RunHeader } from "./block-record";
import { DecodeError } from "./bytes";
import { decodeBlock, decodeHeader, fromBytes } from "./codec";

export interface ReadLogOptions {
  /** Take the whole blocks of a log that has no end marker. Default false. */
  readonly allowIncomplete?: boolean;
}

interface RawRecord {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** An access log being read; iterate `blocks` once. */
export class AccessLogReader {
  readonly path: string;
  readonly header: RunHeader;
  readonly #records: AsyncGenerator<RawRecord>;
  readonly #allowIncomplete: boolean;
  #totals: LogTotals | null = null;
  #blocks = 0;
  #transactions = 0;

  private constructor(
    path: string,
    header: RunHeader,
    records: AsyncGenerator<RawRecord>,
    allowIncomplete: boolean,
  ) {
    this.path = path;
    this.header = header;
    this.#records = records;
    this.#allowIncomplete = allowIncomplete;
  }

  /**
   * Opens a log and reads its header. Throws ParallelError: LOG_UNREADABLE, LOG_FOREIGN,
   * LOG_NEWER_FORMAT, LOG_CORRUPT, LOG_TRUNCATED (no header).
   */
  static async open(path: string, options: ReadLogOptions = {}): Promise<AccessLogReader> {
    await checkPrefix(path);
    const allowIncomplete = options.allowIncomplete ?? false;
    const records = readRecords(path, allowIncomplete);
    const first = await guard(path, 0, () => records.next());
    if (first.done === true) {
      throw truncated(path, 0);
    }
    if (first.value.kind !== RECORD_KIND.header) {
      throw corrupt(path, 0, "the first record is not the header");
    }
    const { payload } = first.value;
    const header = await guard(path, 0, async () => fromBytes(payload, decodeHeader));
    return new AccessLogReader(path, header, records, allowIncomplete);
  }

  /** What the end marker says; null before the end, and for an incomplete log. */
  get totals(): LogTotals | null {
    return this.#totals;
  }

  /** Blocks in order. Throws ParallelError LOG_CORRUPT, LOG_TRUNCATED or LOG_UNREADABLE. */
  async *blocks(): AsyncGenerator<BlockRecord, void, undefined> {
    try {
      for (;;) {
        const next = await guard(this.path, this.#blocks, () => this.#records.next());
        if (next.done === true) {
          if (this.#totals === null && !this.#allowIncomplete) {
            throw truncated(this.path, this.#blocks);
          }
          return;
        }
        const { kind, payload } = next.value;
        if (this.#totals !== null) {
          throw corrupt(this.path, this.#blocks, "a record follows the end marker");
        }
        if (kind === RECORD_KIND.block) {
          const block = await guard(this.path, this.#blocks, async () =>
            fromBytes(payload, decodeBlock),
          );
          this.#blocks++;
          this.#transactions += block.transactions.length;
          yield block;
        } else if (kind === RECORD_KIND.end) {
          this.#end(
            await guard(this.path, this.#blocks, async () => fromBytes(payload, decodeTotals)),
          );
        } else {
          throw corrupt(this.path, this.#blocks, `unknown kind of record ${kind}`);
        }
      }
    } finally {
      await this.#records.return(undefined);
    }
  }

  #end(totals: LogTotals): void {
    if (totals.blocks !== this.#blocks || totals.transactions !== this.#transactions) {
      throw corrupt(
        this.path,
        this.#blocks,
        `the end marker counts ${totals.blocks} blocks and ${totals.transactions} transactions, ` +
          `the log has ${this.#blocks} and ${this.#transactions}`,
      );
    }
    this.#totals = totals;
  }
}

async function checkPrefix(path: string): Promise<void> {
  const prefix = await guard(path, 0, async () => {
    const file = await open(path, "r");
    try {
      const buffer = Buffer.alloc(PREFIX_LENGTH);
      const { bytesRead } = await file.read(buffer, 0, PREFIX_LENGTH, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  });
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new ParallelError(ERRORS.LOG_FOREIGN, { path });
  }
  if (prefix.length < PREFIX_LENGTH) {
    throw truncated(path, 0);
  }
  const version = prefix.readUInt32LE(MAGIC.length);
  if (version > FORMAT_VERSION) {
    throw new ParallelError(ERRORS.LOG_NEWER_FORMAT, { path, version, supported: FORMAT_VERSION });
  }
  if (version < FORMAT_VERSION) {
    throw corrupt(path, 0, `format version ${version} never existed`);
  }
}

/** Records whose checksum holds; with `allowIncomplete` a cut last record is left out. */
async function* readRecords(path: string, allowIncomplete: boolean): AsyncGenerator<RawRecord> {
  const source = createReadStream(path, { start: PREFIX_LENGTH });
  const inflated = createGunzip({
    chunkSize: 256 * 1024,
    // zlib then gives what it has when the input ends too early, instead of an error
    ...(allowIncomplete ? { finishFlush: constants.Z_SYNC_FLUSH } : {}),
  });
  source.on("error", (error) => inflated.destroy(error));
  source.pipe(inflated);
  let pending: Buffer[] = [];
  let pendingLength = 0;
  let needed = RECORD_HEAD_LENGTH;
  try {
    // a Gunzip is a stream of Buffers: its type says only "any"
    for await (const chunk of inflated as AsyncIterable<Buffer>) {
      pending.push(chunk);
      pendingLength += chunk.length;
      if (pendingLength < needed) {
        continue;
      }
      const bytes = Buffer.concat(pending);
      let offset = 0;
      needed = recordLength(bytes, offset);
      while (bytes.length - offset >= needed) {
        yield checkedRecord(bytes.subarray(offset, offset + needed));
        offset += needed;
        needed = recordLength(bytes, offset);
      }
      pending = [bytes.subarray(offset)];
      pendingLength = bytes.length - offset;
    }
  } finally {
    source.destroy();
    inflated.destroy();
  }
}

/** Length of the record that begins at `offset`; of its head, if not even that is there. */
function recordLength(bytes: Buffer, offset: number): number {
  return bytes.length - offset < RECORD_HEAD_LENGTH
    ? RECORD_HEAD_LENGTH
    : RECORD_HEAD_LENGTH + bytes.readUInt32LE(offset + 1) + CHECKSUM_LENGTH;
}

function checkedRecord(record: Buffer): RawRecord {
  const framed = record.subarray(0, record.length - CHECKSUM_LENGTH);
  if (!record.subarray(framed.length).equals(checksum(framed))) {
    throw new DecodeError("wrong checksum of a record", 0);
  }
  return { kind: framed.readUInt8(0), payload: framed.subarray(RECORD_HEAD_LENGTH) };
}

/** Runs a step and turns what went wrong into the user's error. */
async function guard<T>(path: string, blocks: number, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isParallelError(error)) {
      throw error;
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "Z_BUF_ERROR") {
      throw truncated(path, blocks, error);
    }
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof DecodeError || code.startsWith("Z_")) {
      throw corrupt(path, blocks, reason, error);
    }
    if (code !== "") {
      throw new ParallelError(ERRORS.LOG_UNREADABLE, { path, reason }, { cause: error });
    }
    throw error;
  }
}

function truncated(path: string, blocks: number, cause?: unknown): ParallelError {
  return new ParallelError(ERRORS.LOG_TRUNCATED, { path, blocks }, { cause });
}

function corrupt(path: string, blocks: number, reason: string, cause?: unknown): ParallelError {
  return new ParallelError(ERRORS.LOG_CORRUPT, { path, blocks, reason }, { cause });
}
