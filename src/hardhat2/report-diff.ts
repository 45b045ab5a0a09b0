/**
 * The task `parallel-report:diff`: two reports or snapshots, function by function. Ends with
 * EXIT_CHECK_FAILED if the second is worse than the first by more than the config tolerates.
 */
import { resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { type CheckRules, checkSnapshot } from "../report/check";
import { compareSnapshots, gasByRow } from "../report/comparison";
import { parseReport, readText } from "../report/read-report";
import { renderCheck, renderComparison } from "../report/renderers/check-text";
import { renderComparisonMarkdown } from "../report/renderers/markdown";
import { type Snapshot, snapshotOf } from "../report/snapshot";
import { looksLikeSnapshot, parseSnapshot } from "../report/snapshot-file";
import { writeReportFile } from "../report/write-file";
import { EXIT_CHECK_FAILED, failWith } from "./exit-codes";
import { print } from "./print";

/** Arguments as Hardhat's parser gives them. */
export interface DiffArguments {
  readonly before: string;
  readonly after: string;
  readonly markdown?: string;
}

interface Side {
  readonly snapshot: Snapshot;
  /** empty for a snapshot, which has none */
  readonly gas: ReadonlyMap<string, number>;
}

/** Throws ParallelError TASK_INVALID_ARGUMENT, SNAPSHOT_*, REPORT_*. */
export async function runDiff(
  { before, after, markdown }: DiffArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  if (markdown === "") {
    throw new ParallelError(ERRORS.TASK_INVALID_ARGUMENT, {
      flag: "--markdown",
      expected: "the path of a file",
      actual: '""',
    });
  }
  const { rules, filters } = hre.config.parallel.report;
  const first = await readSide(before, rules);
  const second = await readSide(after, rules);
  if (first.snapshot.window !== second.snapshot.window) {
    throw new ParallelError(ERRORS.SNAPSHOT_OTHER_WORKLOAD, {
      path: before,
      what: "the window",
      was: first.snapshot.window,
      is: second.snapshot.window,
    });
  }
  const gas = second.gas.size > 0 ? second.gas : first.gas;
  const comparison = compareSnapshots(first.snapshot, second.snapshot, gas);
  const check = checkSnapshot(second.snapshot, first.snapshot, rules, filters.excludeSlots);
  print(`${renderComparison(comparison)}${renderCheck(check, before)}`);
  if (markdown !== undefined) {
    const path = resolve(markdown);
    await writeReportFile(path, renderComparisonMarkdown(comparison, check, before));
    console.log(`Comparison written to ${path}`);
  }
  if (!check.passed) {
    failWith(EXIT_CHECK_FAILED);
  }
}

async function readSide(path: string, rules: CheckRules): Promise<Side> {
  const text = await readText(resolve(path));
  if (looksLikeSnapshot(text)) {
    return { snapshot: parseSnapshot(text, path), gas: new Map() };
  }
  const report = parseReport(text, path);
  return { snapshot: snapshotOf(report, rules), gas: gasByRow(report) };
}
