/**
 * A sink for block records: makes the directory, chooses a name nobody else has, writes in the
 * background, closes cleanly.
 *
 * `record` never throws: a full disk must not fail the user's transaction. The first failure stops
 * the recording and is thrown by `close`.
 *
 * Owns: the life of one recording. Does not own: the bytes (access-log-writer.ts).
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { LOG_EXTENSION } from "./access-log-file";
import { AccessLogWriter, type AccessLogWriterOptions, type WrittenLog } from "./access-log-writer";
import type { BlockRecord, RunHeader } from "./block-record";

/** Names of logs; one with PARTIAL_SUFFIX was not completed. */
export const LOG_NAME = /\.hhplog(\.partial)?$/;

export interface RecorderOptions extends AccessLogWriterOptions {
  /** Made if it is not there. */
  readonly directory: string;
  readonly header: RunHeader;
}

export interface Recorder {
  /** Where the log will be after `close`. */
  readonly path: string;
  /** Bound: may be handed on as a callback. */
  readonly record: (block: BlockRecord) => void;
  /** Completes the log; a second call gives the same answer. Throws ParallelError LOG_UNWRITABLE. */
  close(): Promise<WrittenLog>;
  /** Completes the log without waiting, in the exit handler of a process; nothing if it was closed. Throws ParallelError LOG_UNWRITABLE. */
  closeNow(): void;
  /** Removes what was written instead of completing it. */
  discard(): Promise<void>;
}

/** Begins a recording. Throws ParallelError LOG_UNWRITABLE if the file cannot be made. */
export function createRecorder(options: RecorderOptions): Recorder {
  const path = join(
    options.directory,
    `access-log-${process.pid}-${randomBytes(4).toString("hex")}${LOG_EXTENSION}`,
  );
  try {
    mkdirSync(options.directory, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.LOG_UNWRITABLE, { path, reason }, { cause });
  }
  const writer = new AccessLogWriter(path, options.header, options);
  let failed = false;
  let failure: unknown = null;
  let closing: Promise<WrittenLog> | null = null;
  return {
    path,
    record: (block) => {
      if (failed) {
        return;
      }
      try {
        writer.append(block);
      } catch (error) {
        failed = true;
        failure = error;
      }
    },
    close: () => {
      closing ??= failed ? Promise.reject(failure) : writer.close();
      return closing.catch(async (error: unknown) => {
        await writer.discard();
        throw error;
      });
    },
    closeNow: () => {
      if (closing !== null) {
        return;
      }
      if (failed) {
        throw failure;
      }
      writer.closeNow();
    },
    discard: () => writer.discard(),
  };
}
