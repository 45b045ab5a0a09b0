/**
 * Writes a report to a file, whole or not at all: under a temporary name, then renamed.
 */
import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** Throws ParallelError REPORT_UNWRITABLE; then nothing of it is left behind. */
export async function writeReportFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {
      // the first error says why the file could not be written; this one would only hide it
    });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.REPORT_UNWRITABLE, { path, reason }, { cause });
  }
}
