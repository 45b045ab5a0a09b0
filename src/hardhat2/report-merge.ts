/**
 * The task `parallel-report:merge`: one report on the recordings of several runs, as of the shards of
 * a test suite.
 *
 * Recordings are merged, not reports. No window spans two chains, and each recording is a chain of
 * its own, so that the report on all of them is exactly that of one run. From reports it could not be
 * had: which variables to fix first, and what that gains, are no sums.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { TASK_COMPILE } from "hardhat/builtin-tasks/task-names";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import type { AccessLogReader } from "../access-log/access-log-reader";
import { LOG_NAME } from "../access-log/recorder";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { sourceOf } from "../report/report-logs";
import { comparableBaseline } from "./baseline";
import { type OutputArguments, publicationOf } from "./output-arguments";
import { publishReport } from "./publish-report";
import { openLogs, projectReport } from "./report-output";
import { type AnalysisArguments, analysisOptions } from "./report-task";

/** Arguments as Hardhat's parser gives them. */
export interface MergeArguments extends AnalysisArguments, OutputArguments {
  readonly recordings: string[];
  readonly noCompile: boolean;
}

/** Throws ParallelError MERGE_NEEDS_RECORDINGS, RECORDINGS_DIFFER, and what a report throws. */
export async function runMerge(
  args: MergeArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const options = analysisOptions(args, hre.config.parallel);
  const publication = publicationOf(args, hre.config);
  const paths = (await Promise.all(args.recordings.map((path) => logsBelow(resolve(path))))).flat();
  // by name: the same report whatever order they are given in
  paths.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  requireDistinct(paths);
  if (!args.noCompile) {
    await hre.run(TASK_COMPILE, { quiet: true });
  }
  const logs = await openLogs(paths);
  requireOneChain(logs);
  const { window } = options;
  const baseline = await comparableBaseline(publication, { source: sourceOf(logs), window });
  const details = publication.html !== null;
  const report = await projectReport(hre, { ...options, logs, details });
  await publishReport(report, hre, publication, baseline);
}

/** The logs in a directory and the directories in it, or the one log that the path is. */
async function logsBelow(path: string): Promise<string[]> {
  const refuse = (reason: string, cause?: unknown): ParallelError =>
    new ParallelError(ERRORS.MERGE_NEEDS_RECORDINGS, { path, reason }, { cause });
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (!isDirectory) {
    if (!LOG_NAME.test(path)) {
      throw refuse("it is not a recording");
    }
    return [path];
  }
  const names = await readdir(path, { recursive: true });
  const logs = names.filter((name) => LOG_NAME.test(name)).map((name) => join(path, name));
  if (logs.length === 0) {
    throw refuse("there is no recording in it");
  }
  return logs;
}

/** Names of logs are random: the same one twice is the same run, counted twice. */
function requireDistinct(sorted: readonly string[]): void {
  for (const [index, path] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && basename(next) === basename(path)) {
      throw new ParallelError(ERRORS.MERGE_NEEDS_RECORDINGS, {
        path: next,
        reason: `the same recording is given as ${path}`,
      });
    }
  }
}

function requireOneChain([first, ...others]: readonly AccessLogReader[]): void {
  for (const { path, header } of others) {
    if (first !== undefined && header.chainId !== first.header.chainId) {
      throw new ParallelError(ERRORS.RECORDINGS_DIFFER, {
        path,
        is: header.chainId,
        other: first.path,
        was: first.header.chainId,
      });
    }
  }
}
