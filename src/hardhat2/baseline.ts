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
import { notice } from "./print";
import type { Publication } from "./publish-report";

/** What two runs must have in common for their numbers to be compared. */
export interface Workload {
  /** what is run: `test`, a script's name */
  readonly source: string;
  readonly window: "mined" | number;
}

/**
 * The baseline that a run is to be compared with, read before the run, so that a baseline that cannot
 * be used costs no time. Null if there is none, which a check only notes; null as well if it is of
 * another workload and nothing has to be checked.
 * Throws ParallelError REPORT_UNREADABLE, SNAPSHOT_INVALID, SNAPSHOT_NEWER_VERSION,
 * SNAPSHOT_OTHER_WORKLOAD.
 */
export async function comparableBaseline(
  { baseline: { path, name }, check, update }: Publication,
  workload: Workload,
): Promise<Snapshot | null> {
  if (update) {
    return null;
  }
  const baseline = await readBaseline(path);
  if (baseline === null) {
    if (check) {
      notice(`there is no baseline ${name}: only the thresholds are checked. --update writes one.`);
    }
    return null;
  }
  const different = otherWorkload(baseline, workload, name);
  if (different !== null && check) {
    throw different;
  }
  return different === null ? baseline : null;
}

/**
 * Null if there is none.
 * Throws ParallelError REPORT_UNREADABLE, SNAPSHOT_INVALID, SNAPSHOT_NEWER_VERSION.
 */
async function readBaseline(path: string): Promise<Snapshot | null> {
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
function otherWorkload(before: Workload, after: Workload, path: string): ParallelError | null {
  const other = (what: string, was: string | number, is: string | number): ParallelError =>
    new ParallelError(ERRORS.SNAPSHOT_OTHER_WORKLOAD, { path, what, was, is });
  if (before.window !== after.window) {
    return other("the window", before.window, after.window);
  }
  return before.source === after.source ? null : other("what ran", before.source, after.source);
}
