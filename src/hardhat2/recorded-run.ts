/**
 * A run with recording on, and the report on it.
 *
 * Owns: the directory of the recording. Does not own: what runs (report-task.ts, report-in-test.ts),
 * what is made of the report (publish-report.ts).
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { LOG_NAME } from "../access-log/recorder";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { comparableBaseline } from "./baseline";
import { type Publication, publishReport } from "./publish-report";
import { withRecording } from "./recording";
import { openLogs, projectReport, type ReportInput } from "./report-output";

export interface RecordedRun {
  /** free text: what is being run */
  readonly source: string;
  readonly workers: number;
  /** where the recording is kept, absolute; null = nowhere */
  readonly record: string | null;
  readonly options: Omit<ReportInput, "logs" | "details">;
  readonly publication: Publication;
}

/** The logs in a directory, in the order of their names. */
export async function logsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => LOG_NAME.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/**
 * Runs `body`, then shows and writes the report.
 * @throws ParallelError RECORDING_DIRECTORY_IN_USE, LOG_UNWRITABLE, and what comparableBaseline,
 *   projectReport and publishReport throw
 */
export async function reportOnRun(
  hre: HardhatRuntimeEnvironment,
  { source, workers, record, options, publication }: RecordedRun,
  body: () => Promise<unknown>,
): Promise<void> {
  const { window } = options;
  const baseline = await comparableBaseline(publication, { source, window });
  await withRecordingDirectory(record, async (directory) => {
    await withRecording({ directory, source, workers }, body);
    const report = await projectReport(hre, {
      ...options,
      logs: await openLogs(await logsIn(directory)),
      details: publication.html !== null,
    });
    await publishReport(report, hre, publication, baseline);
  });
}

/**
 * Gives `body` an empty directory for logs: one that is kept, or null = one that is removed afterwards.
 * @throws ParallelError RECORDING_DIRECTORY_IN_USE, LOG_UNWRITABLE
 */
export async function withRecordingDirectory(
  record: string | null,
  body: (directory: string) => Promise<void>,
): Promise<void> {
  const directory =
    record === null
      ? await mkdtemp(join(tmpdir(), "hardhat-parallel-"))
      : await emptyDirectory(record);
  try {
    await body(directory);
  } finally {
    if (record === null) {
      await rm(directory, { recursive: true, force: true });
    } else {
      console.log(`Recording kept in ${directory}`);
    }
  }
}

async function emptyDirectory(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    if ((await logsIn(directory)).length === 0) {
      return directory;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.LOG_UNWRITABLE, { path: directory, reason }, { cause });
  }
  throw new ParallelError(ERRORS.RECORDING_DIRECTORY_IN_USE, { directory });
}
