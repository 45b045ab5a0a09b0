/**
 * The report after `hardhat test`, as a gas reporter gives it: where the config or PARALLEL_REPORT
 * asks for it. The tests run as they do without it, and their exit code stays.
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { isParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { reasonUnrecorded } from "./current-project";
import { exitCodeOf, failWith } from "./exit-codes";
import { NO_OUTPUT_ARGUMENTS, publicationOf } from "./output-arguments";
import { reportOnRun } from "./recorded-run";
import { requestedRecording, runsUnrecorded } from "./recording";
import { withTestSections } from "./test-sections";

/** Runs the tests (`runTests`), with the report after them where one can be made; gives what they give. */
export async function runTestsWithReport(
  { parallel }: { readonly parallel: boolean },
  hre: HardhatRuntimeEnvironment,
  runTests: () => Promise<number>,
): Promise<number> {
  if (requestedRecording() !== null) {
    return runTests(); // inside parallel-report, which makes the report
  }
  const reason =
    reasonUnrecorded(hre) ??
    (runsUnrecorded(hre.config) ? "the network was in use before the tests began" : null);
  if (reason !== null) {
    console.warn(`hardhat-parallel: no report: ${reason}.`);
    return runTests();
  }
  const { config } = hre;
  const inWorkers = parallel || config.mocha.parallel === true;
  let failures: number | null = null;
  try {
    await reportOnRun(
      hre,
      {
        source: "test",
        workers: config.parallel.workers,
        record: null,
        options: { window: config.parallel.report.window, redraw: null, assumptions: [] },
        publication: publicationOf(NO_OUTPUT_ARGUMENTS, config),
      },
      async () => {
        failures = await (inWorkers ? runTests() : withTestSections(config.mocha, runTests));
      },
    );
  } catch (error) {
    if (failures === null || !isParallelError(error)) {
      throw error; // the tests themselves
    }
    reportFailed(error);
  }
  return failures ?? 0;
}

/** What keeps the report from being made is said, and counts only if the tests passed. */
function reportFailed(error: Error & { readonly code: string }): void {
  if (isParallelError(error, ERRORS.REPORT_EMPTY)) {
    console.warn("hardhat-parallel: no report: the tests sent no transactions to contracts.");
    return;
  }
  console.error(`hardhat-parallel: ${error.message}`);
  failWith(exitCodeOf(error.code));
}
