/**
 * The task `parallel-report`: runs the project's tests, or a script, with recording and checking on,
 * then builds the report from what was recorded and shows it.
 *
 * Exit code: that of the tests or the script; 1 if nothing was recorded or the two state roots
 * differ; others in exit-codes.ts. Failing tests still give a report.
 */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { TASK_COMPILE, TASK_TEST } from "hardhat/builtin-tasks/task-names";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { parseAssumptions } from "../analysis/assumption";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { MAX_WORKERS, type ParallelConfig } from "./config";
import { reasonUnrecorded } from "./current-project";
import { runScriptWithHardhat } from "./hardhat-internals";
import { type OutputArguments, publicationOf } from "./output-arguments";
import { reportOnRun } from "./recorded-run";
import { runsUnrecorded } from "./recording";
import { type RedrawArguments, redrawOptions } from "./redraw-arguments";
import { reportOnScenarios } from "./scenario-task";
import { withTestSections } from "./test-sections";

/** Arguments that say how a report is computed, as Hardhat's parser gives them. */
export interface AnalysisArguments extends RedrawArguments {
  readonly window?: string;
  readonly assume?: string;
}

/** Arguments as Hardhat's parser gives them. */
export interface ReportArguments extends AnalysisArguments, OutputArguments {
  readonly testFiles: string[];
  readonly script?: string;
  readonly scenario?: string;
  readonly record?: string;
  readonly workers?: number;
  readonly noCompile: boolean;
  readonly parallel: boolean;
  readonly bail: boolean;
  readonly grep?: string;
}

function invalidArgument(flag: string, expected: string, actual: unknown): ParallelError {
  return new ParallelError(ERRORS.TASK_INVALID_ARGUMENT, {
    flag,
    expected,
    actual: String(actual),
  });
}

function windowArgument(text: string): "mined" | number {
  if (text === "mined") {
    return text;
  }
  const size = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(size) || size < 1) {
    throw invalidArgument("--window", '"mined" or an integer of at least 1', text);
  }
  return size;
}

/**
 * How the report is computed: the config with the flags on top.
 * Throws ParallelError TASK_INVALID_ARGUMENT, ASSUMPTION_INVALID.
 */
export function analysisOptions(args: AnalysisArguments, config: ParallelConfig) {
  const window = args.window === undefined ? config.report.window : windowArgument(args.window);
  return {
    window,
    redraw: redrawOptions(args, window),
    assumptions: args.assume === undefined ? [] : parseAssumptions(args.assume),
  };
}

function workersArgument({ workers }: ReportArguments, config: ParallelConfig): number {
  const number = workers ?? config.workers;
  if (!Number.isInteger(number) || number < 1 || number > MAX_WORKERS) {
    throw invalidArgument("--workers", `an integer from 1 to ${MAX_WORKERS}`, number);
  }
  return number;
}

/** Flags of the tests have no meaning beside a script or scenarios. */
function checkSubject(args: ReportArguments): void {
  const subject = args.scenario === undefined ? "script" : "scenario";
  const value = args[subject];
  if (value === undefined) {
    return;
  }
  for (const [flag, given] of [
    ["--script", subject === "scenario" && args.script !== undefined],
    ["test files", args.testFiles.length > 0],
    ["--grep", args.grep !== undefined],
    ["--bail", args.bail],
    ["--parallel", args.parallel],
  ] as const) {
    if (given) {
      throw invalidArgument(`--${subject}`, `no ${flag} beside it`, value);
    }
  }
  if (args.script !== undefined && !existsSync(args.script)) {
    throw new ParallelError(ERRORS.SCRIPT_NOT_FOUND, { path: resolve(args.script) });
  }
}

/** Runs tests or script. Sets process.exitCode, as the tasks that they stand for do. */
async function run(args: ReportArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  if (args.script === undefined) {
    const { testFiles, noCompile, parallel, bail, grep } = args;
    const { mocha } = hre.config;
    const runTests = (): Promise<number> =>
      hre.run(TASK_TEST, { testFiles, noCompile, parallel, bail, grep });
    await (parallel || mocha.parallel === true ? runTests() : withTestSections(mocha, runTests));
    return;
  }
  if (!args.noCompile) {
    await hre.run(TASK_COMPILE, { quiet: true });
  }
  const code: number | null = await runScriptWithHardhat(hre.hardhatArguments, args.script);
  process.exitCode = code ?? 1; // null: ended by a signal
}

/** A scenario's load is in blocks already, and its seed is not the one of --senders and --keys. */
function scenarioArguments({ seed, ...args }: ReportArguments): AnalysisArguments {
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)) {
    throw invalidArgument("--seed", "an integer from 0 to 4294967295", seed);
  }
  return { ...args, window: args.window ?? "mined" };
}

/** The task's action. */
export async function runReport(
  args: ReportArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const { parallel, paths } = hre.config;
  const options = analysisOptions(
    args.scenario === undefined ? args : scenarioArguments(args),
    parallel,
  );
  const workers = workersArgument(args, parallel);
  const publication = publicationOf(args, hre.config);
  checkSubject(args);
  const reason = reasonUnrecorded(hre);
  if (reason !== null) {
    throw new ParallelError(ERRORS.REPORT_NEEDS_PARALLEL_NETWORK, { reason });
  }
  if (args.script === undefined && runsUnrecorded(hre.config)) {
    throw new ParallelError(ERRORS.RECORDING_TOO_LATE, {});
  }
  if (args.record === "") {
    throw invalidArgument("--record", "the path of a directory", '""');
  }
  const source = args.script === undefined ? "test" : relative(paths.root, resolve(args.script));
  const record = args.record === undefined ? null : resolve(args.record);
  if (args.scenario !== undefined) {
    const { scenario: name, noCompile, seed = null } = args;
    const request = { name, seed, noCompile, workers, record, options, publication };
    await reportOnScenarios(hre, request);
    return;
  }
  await reportOnRun(hre, { source, workers, record, options, publication }, () => run(args, hre));
}
