/**
 * From the report to where it is seen: terminal, files, GitHub's summary and annotations, and the
 * verdict of the check.
 *
 * Owns: which outputs, their order, what a failure of one does to the others. Does not own: what is
 * in them (report/).
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { type CheckResult, type CheckRules, checkReport } from "../report/check";
import { type Comparison, compareSnapshots, gasByRow } from "../report/comparison";
import { renderCheck } from "../report/renderers/check-text";
import { githubAnnotations } from "../report/renderers/github-annotations";
import { renderHtml } from "../report/renderers/html";
import { renderJson } from "../report/renderers/json";
import { renderMarkdown } from "../report/renderers/markdown";
import { renderSarif } from "../report/renderers/sarif";
import { renderTerminal, terminalOptions } from "../report/renderers/terminal";
import type { DetailedReport, Report } from "../report/report";
import { type Snapshot, snapshotOf } from "../report/snapshot";
import { renderSnapshot } from "../report/snapshot-file";
import { writeReportFile } from "../report/write-file";
import { EXIT_CHECK_FAILED, failWith } from "./exit-codes";
import { notice, print } from "./print";
import { sourcePathIn } from "./source-path";
import { addToStepSummary } from "./step-summary";

export interface Publication {
  /** absolute paths; null = none */
  readonly json: string | null;
  /** the report needs details */
  readonly html: string | null;
  readonly markdown: string | null;
  readonly sarif: string | null;
  readonly baseline: {
    /** absolute */
    readonly path: string;
    /** as the user gave it */
    readonly name: string;
  };
  readonly rules: CheckRules;
  readonly check: boolean;
  /** write the baseline anew instead of comparing with it */
  readonly update: boolean;
}

interface Judgement {
  readonly comparison: Comparison | null;
  readonly check: CheckResult | null;
}

/**
 * Shows and writes the report. Sets process.exitCode if the check fails or the state roots differ.
 * An output that cannot be written does not keep the others from being; the first error is thrown
 * after all.
 * @param baseline what comparableBaseline gave
 * @throws ParallelError REPORT_UNWRITABLE
 */
export async function publishReport(
  report: DetailedReport,
  hre: HardhatRuntimeEnvironment,
  publication: Publication,
  baseline: Snapshot | null,
): Promise<void> {
  print(renderTerminal(report, terminalOptions(process.stdout, process.env)));
  for (const pattern of report.filters.unmatched) {
    notice(
      `nothing in this run is named by ${pattern}, which the config includes, excludes or accepts`,
    );
  }
  if (report.rootCheck.answer === "no") {
    failWith(1);
  }
  const { json, html, markdown, sarif } = publication;
  const judgement = judge(report, publication, baseline);
  const sourcePath = sourcePathIn(hre.config.paths.root, process.env);
  const markdownText = (): string =>
    renderMarkdown(report, { ...judgement, baseline: publication.baseline.name });
  const summary = process.env.GITHUB_STEP_SUMMARY ?? "";
  await allOf([
    () => writeOutput(json, () => renderJson(report)),
    () => writeOutput(html, () => renderHtml(report)),
    () => writeOutput(markdown, markdownText),
    () => writeOutput(sarif, () => renderSarif(report, sourcePath)),
    async () => {
      if (summary !== "" && !(await addToStepSummary(summary, markdownText()))) {
        notice("the summary of this step is full, the report is not in it");
      }
    },
    () => updateBaseline(report, publication),
  ]);
  if (process.env.GITHUB_ACTIONS === "true") {
    process.stdout.write(
      githubAnnotations(report, sourcePath)
        .map((line) => `${line}\n`)
        .join(""),
    );
  }
  if (judgement.check !== null) {
    print(`\n${renderCheck(judgement.check, publication.baseline.name)}`);
    if (!judgement.check.passed) {
      failWith(EXIT_CHECK_FAILED);
    }
  }
}

function judge(
  report: Report,
  { check, rules }: Publication,
  baseline: Snapshot | null,
): Judgement {
  return {
    comparison:
      baseline === null
        ? null
        : compareSnapshots(baseline, snapshotOf(report, rules), gasByRow(report)),
    check: check ? checkReport(report, baseline, rules) : null,
  };
}

async function updateBaseline(
  report: Report,
  { update, baseline: { path, name }, rules }: Publication,
): Promise<void> {
  if (!update) {
    return;
  }
  if (process.exitCode !== undefined && process.exitCode !== 0) {
    notice(`the run failed: the baseline ${name} is left as it is`);
    return;
  }
  const snapshot = snapshotOf(report, rules);
  const functions = report.contracts.reduce((sum, contract) => sum + contract.functions.length, 0);
  await writeReportFile(path, renderSnapshot(snapshot));
  const few = functions - snapshot.rows.length;
  console.log(
    `Baseline written to ${path}: ${snapshot.rows.length} of ${functions} functions${few > 0 ? `; ${few} with too few calls in common windows are not in it` : ""}`,
  );
}

async function writeOutput(path: string | null, text: () => string): Promise<void> {
  if (path !== null) {
    await writeReportFile(path, text());
    console.log(`Report written to ${path}`);
  }
}

/** One after the other, all of them; then throws the first error. */
async function allOf(actions: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const action of actions) {
    await action().catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) {
    throw errors[0];
  }
}
