/**
 * Writes an access log: append-only, in the background, bounded in memory and on disk.
 *
 * A log has its final name only when it is complete: until `close` it is `<path>.partial`.
 *
 * Owns: when records become chunks, the limit on disk. Does not own: the background writing
 * (background-file.ts), bytes of records (codec.ts).
 */
import { invariant } from "../errors/base-error";
import {
  encodeTotals,
  FORMAT_VERSION,
  frameRecord,
  type LogTotals,
  MAGIC,
  RECORD_KIND,
} from "./access-log-file";
import { BackgroundFile } from "./background-file";
import type { BlockRecord, RunHeader } from "./block-record";
import { ByteWriter } from "./bytes";
import { encodeBlock, encodeHeader } from "./codec";

/** bytes before compression that are written together */
const CHUNK_SIZE = 1024 * 1024;

/** bytes on disk after which further blocks are counted but not kept */
export const DEFAULT_MAX_LOG_BYTES = 4 * 1024 * 1024 * 1024;

export interface AccessLogWriterOptions {
  /** bytes; default DEFAULT_MAX_LOG_BYTES. The log may exceed it by what waits to be written. */
  readonly maxBytes?: number;
}

export interface WrittenLog extends LogTotals {
  readonly path: string;
  /** on disk */
  readonly bytes: number;
}

export class AccessLogWriter {
  readonly #file: BackgroundFile;
  readonly #maxBytes: number;
  readonly #scratch = new ByteWriter(64 * 1024);
  readonly #chunk = new ByteWriter(CHUNK_SIZE);
  #blocks = 0;
  #transactions = 0;
  #droppedBlocks = 0;
  #droppedTransactions = 0;
  #open = true;

  /** Throws ParallelError LOG_UNWRITABLE if the file cannot be made. */
  constructor(path: string, header: RunHeader, options: AccessLogWriterOptions = {}) {
    const prefix = new ByteWriter();
    prefix.fixed(MAGIC);
    prefix.u32(FORMAT_VERSION);
    this.#file = new BackgroundFile(path, prefix.bytes());
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_LOG_BYTES;
    frameRecord(this.#chunk, this.#scratch, RECORD_KIND.header, header, encodeHeader);
  }

  /** Throws ParallelError LOG_UNWRITABLE if an earlier write failed. */
  append(block: BlockRecord): void {
    invariant(this.#open, "a block was recorded after the access log was closed");
    if (this.#file.size >= this.#maxBytes) {
      this.#droppedBlocks++;
      this.#droppedTransactions += block.transactions.length;
      return;
    }
    frameRecord(this.#chunk, this.#scratch, RECORD_KIND.block, block, encodeBlock);
    this.#blocks++;
    this.#transactions += block.transactions.length;
    if (this.#chunk.length >= CHUNK_SIZE) {
      this.#flush();
    }
  }

  /** Writes the end marker and gives the log its name. Throws ParallelError LOG_UNWRITABLE. */
  async close(): Promise<WrittenLog> {
    const totals = this.#end();
    try {
      this.#flush();
    } finally {
      await this.#file.close();
    }
    return { ...totals, path: this.#file.path, bytes: this.#file.size };
  }

  /** The same without waiting, for a process that is about to exit. Throws ParallelError LOG_UNWRITABLE. */
  closeNow(): WrittenLog {
    const totals = this.#end();
    try {
      this.#flush();
    } finally {
      this.#file.closeNow();
    }
    return { ...totals, path: this.#file.path, bytes: this.#file.size };
  }

  #end(): LogTotals {
    invariant(this.#open, "the access log was closed twice");
    this.#open = false;
    const totals: LogTotals = {
      blocks: this.#blocks,
      transactions: this.#transactions,
      droppedBlocks: this.#droppedBlocks,
      droppedTransactions: this.#droppedTransactions,
    };
    frameRecord(this.#chunk, this.#scratch, RECORD_KIND.end, totals, encodeTotals);
    return totals;
  }

  /** Stops writing and removes what was written. */
  async discard(): Promise<void> {
    this.#open = false;
    await this.#file.discard();
  }

  #flush(): void {
    const chunk = this.#chunk.bytes();
    this.#chunk.reset();
    this.#file.append(chunk);
  }
}
