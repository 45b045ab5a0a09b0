/**
 * The summary of a step of GitHub Actions: Markdown that is added to the file whose path the runner
 * gives in GITHUB_STEP_SUMMARY, of at most 1 MiB a step.
 */
import { appendFile, stat, truncate } from "node:fs/promises";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** bytes; GitHub shows nothing of a longer one */
const MAX_SUMMARY = 1024 * 1024;

/**
 * Adds the text, whole or not at all. Returns false if it does not fit.
 * Throws ParallelError REPORT_UNWRITABLE.
 */
export async function addToStepSummary(path: string, text: string): Promise<boolean> {
  const before = await stat(path).then(
    ({ size }) => size,
    () => 0, // absent; or adding says what is wrong
  );
  const addition = before > 0 ? `\n${text}` : text;
  if (before + Buffer.byteLength(addition) > MAX_SUMMARY) {
    return false;
  }
  try {
    await appendFile(path, addition);
  } catch (cause) {
    await truncate(path, before).catch(() => {
      // the first error says why it could not be written; this one would only hide it
    });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.REPORT_UNWRITABLE, { path, reason }, { cause });
  }
  return true;
}
