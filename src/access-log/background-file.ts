/**
 * A new file that is written in the background: chunks are compressed and written in order, off
 * the calling thread, under a temporary name that becomes the real one at the end.
 *
 * Memory is bounded: once more than `BACKLOG_LIMIT` bytes wait, the caller compresses and writes
 * them itself before it goes on. That is safe while a background write is under way, because the
 * same chunk is compressed to the same bytes and written to the same place.
 *
 * Owns: order, back-pressure, the temporary name. Does not own: what the bytes mean.
 */
import { closeSync, openSync, renameSync, rmSync, write, writeSync } from "node:fs";
import { gzip, gzipSync } from "node:zlib";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** bytes waiting, before compression, from which on the caller has to help */
const BACKLOG_LIMIT = 16 * 1024 * 1024;

/** Speed over size: level 1 is a third of the time of the default for a tenth more bytes. */
const GZIP_OPTIONS = { level: 1 } as const;

/** Appended to the name while the file is being written. */
export const PARTIAL_SUFFIX = ".partial";

export class BackgroundFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #position: number;
  #busy = false;
  /** Grows when the caller drained the queue: a background step of an older epoch is void. */
  #epoch = 0;
  #failure: unknown = null;
  #closed = false;
  #idle: (() => void) | null = null;

  /** Writes `prefix` uncompressed at once; throws ParallelError LOG_UNWRITABLE. */
  constructor(path: string, prefix: Uint8Array) {
    this.path = path;
    try {
      this.#descriptor = openSync(path + PARTIAL_SUFFIX, "w");
      writeFully(this.#descriptor, prefix, 0);
    } catch (error) {
      throw unwritable(path, error);
    }
    this.#position = prefix.length;
  }

  /** bytes on disk so far */
  get size(): number {
    return this.#position;
  }

  /** Queues a chunk, to be compressed as one gzip member. Throws what an earlier write failed with. */
  append(chunk: Uint8Array): void {
    this.#throwFailure();
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes > BACKLOG_LIMIT) {
      this.#drain();
    } else {
      this.#pump();
    }
  }

  /** Waits for every chunk, then gives the file its name. */
  async close(): Promise<void> {
    await this.#quiet();
    this.#closed = true;
    try {
      this.#throwFailure();
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
    try {
      closeSync(this.#descriptor);
      renameSync(this.path + PARTIAL_SUFFIX, this.path);
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }

  /**
   * The same without waiting, for a process that is about to exit: writes what waits in this thread.
   * A background step under way is void, or writes the same bytes to the same place.
   */
  closeNow(): void {
    this.#closed = true;
    try {
      this.#drain();
    } finally {
      closeSync(this.#descriptor);
    }
    try {
      renameSync(this.path + PARTIAL_SUFFIX, this.path);
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }

  /** Stops and removes the temporary file. */
  async discard(): Promise<void> {
    this.#queue.length = 0;
    await this.#quiet();
    if (!this.#closed) {
      this.#closed = true;
      closeSync(this.#descriptor);
    }
    rmSync(this.path + PARTIAL_SUFFIX, { force: true });
  }

  async #quiet(): Promise<void> {
    while (this.#busy) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  /** Starts the next background step, if none is under way. */
  #pump(): void {
    const chunk = this.#queue[0];
    if (this.#busy || chunk === undefined || this.#failure !== null) {
      return;
    }
    this.#busy = true;
    const epoch = this.#epoch;
    gzip(chunk, GZIP_OPTIONS, (error, compressed) => {
      if (error !== null || epoch !== this.#epoch) {
        this.#finishStep(error);
        return;
      }
      this.#writeInBackground(compressed, 0, epoch);
    });
  }

  #writeInBackground(compressed: Uint8Array, offset: number, epoch: number): void {
    write(
      this.#descriptor,
      compressed,
      offset,
      compressed.length - offset,
      this.#position + offset,
      (error, written) => {
        if (error === null && epoch === this.#epoch) {
          if (offset + written < compressed.length) {
            this.#writeInBackground(compressed, offset + written, epoch);
            return;
          }
          this.#position += compressed.length;
          this.#queuedBytes -= this.#queue.shift()?.length ?? 0;
        }
        this.#finishStep(error);
      },
    );
  }

  #finishStep(error: Error | null): void {
    this.#busy = false;
    this.#failure ??= error;
    this.#pump();
    if (!this.#busy) {
      this.#idle?.();
      this.#idle = null;
    }
  }

  /** Compresses and writes everything that waits, in this thread. */
  #drain(): void {
    this.#epoch++;
    try {
      for (const chunk of this.#queue.splice(0)) {
        this.#position += writeFully(
          this.#descriptor,
          gzipSync(chunk, GZIP_OPTIONS),
          this.#position,
        );
      }
    } catch (error) {
      this.#failure ??= error;
    }
    this.#queuedBytes = 0;
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== null) {
      throw unwritable(this.path, this.#failure);
    }
  }
}

function writeFully(descriptor: number, bytes: Uint8Array, position: number): number {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
  return written;
}

function unwritable(path: string, cause: unknown): ParallelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ParallelError(ERRORS.LOG_UNWRITABLE, { path, reason }, { cause });
}
