/**
 * Writes a report to a file, whole or not at all: under a temporary name beside it, then renamed. A
 * link keeps pointing where it does, and a device or pipe (/dev/stdout) is written to, never replaced.
 */
import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** Throws ParallelError REPORT_UNWRITABLE; then nothing of it is left behind. */
export async function writeReportFile(path: string, text: string): Promise<void> {
  try {
    const existing = await stat(path).catch(() => null); // absent; or writing says what is wrong
    if (existing !== null && !existing.isFile() && !existing.isDirectory()) {
      await writeFile(path, text);
      return;
    }
    await replaceFile(existing === null ? path : await realpath(path), text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.REPORT_UNWRITABLE, { path, reason }, { cause });
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {
      // the first error says why the file could not be written; this one would only hide it
    });
    throw error;
  }
}
