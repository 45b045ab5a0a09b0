/**
 * The baseline file of a project.
 * Owns: reading it, and whether a run can be compared with it. Does not own: its text
 * (report/snapshot-file.ts), the judgement (report/check.ts).
 */
import { readFile } from "node:fs/promises";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Snapshot } from "../report/snapshot";
import { parseSnapshot } from "../report/snapshot-file";

/**
 * Null if there is none.
 * Throws ParallelError REPORT_UNREADABLE, SNAPSHOT_INVALID, SNAPSHOT_NEWER_VERSION.
 */
export async function readBaseline(path: string): Promise<Snapshot | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      return null;
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.REPORT_UNREADABLE, { path, reason }, { cause });
  }
  return parseSnapshot(text, path);
}

/** Why the two cannot be compared; null = they can. Numbers of other runs or windows say nothing. */
export function otherWorkload(
  before: Snapshot,
  after: Snapshot,
  path: string,
): ParallelError | null {
  const other = (what: string, was: string | number, is: string | number): ParallelError =>
    new ParallelError(ERRORS.SNAPSHOT_OTHER_WORKLOAD, { path, what, was, is });
  if (before.window !== after.window) {
    return other("the window", before.window, after.window);
  }
  return before.source === after.source ? null : other("what ran", before.source, after.source);
}
