/**
 * What the plugin adds to a Hardhat 2 project, as a description: the `parallel` config key, the
 * network, the task. All work is behind requires inside the callbacks, so that loading a config
 * stays quick.
 */
import {
  TASK_NODE_CREATE_SERVER,
  TASK_NODE_GET_PROVIDER,
  TASK_TEST,
  TASK_TEST_SETUP_TEST_ENVIRONMENT,
} from "hardhat/builtin-tasks/task-names";
import { extendConfig, extendEnvironment, subtask, task, types } from "hardhat/config";
import type { ConfigurableTaskDefinition } from "hardhat/types";
import { offerProject } from "../project/project";
import { reportAfterTests, resolveParallelConfig } from "./config";
import { projectOf } from "./current-project";
import { serverParts } from "./hardhat-internals";
import type { BaseProviderFactory } from "./hardhat-provider";
import { noticeCoverage, provideForNode, reasonDisabled, swapNetwork } from "./network-swap";
import { asPluginError, withPluginErrors } from "./plugin-error";

const createBase: BaseProviderFactory = (environment) => {
  const { createBaseNetwork }: typeof import("./base-network") = require("./base-network");
  return createBaseNetwork(environment);
};

/** Registers the plugin with the Hardhat that is loading its config. */
export function registerPlugin(): void {
  extendConfig((config, userConfig) => {
    asPluginError(() => {
      config.parallel = resolveParallelConfig(userConfig.parallel);
    });
  });

  extendEnvironment((hre) => {
    asPluginError(() => {
      swapNetwork(hre, createBase);
      offerProject(projectOf(hre));
    });
  });

  subtask(TASK_NODE_GET_PROVIDER, (args, hre, runSuper) =>
    withPluginErrors(() => provideForNode(hre, createBase, () => runSuper(args))),
  );

  subtask(TASK_NODE_CREATE_SERVER, async (args, hre, runSuper) => {
    const server: unknown = await runSuper(args);
    if (reasonDisabled(hre) === null) {
      const { guardServer }: typeof import("./server-guard") = require("./server-guard");
      asPluginError(() => guardServer(serverParts(server)));
    }
    return server;
  });

  subtask(TASK_TEST_SETUP_TEST_ENVIRONMENT, (args, hre, runSuper) => {
    noticeCoverage(hre);
    return runSuper(args);
  });

  task<{ parallel: boolean }>(TASK_TEST, (args, hre, runSuper) => {
    if (!reportAfterTests(hre.config.parallel, process.env)) {
      return runSuper(args);
    }
    const { runTestsWithReport }: typeof import("./report-in-test") = require("./report-in-test");
    return withPluginErrors(() => runTestsWithReport(args, hre, () => runSuper(args)));
  });

  const report = task(
    "parallel-report",
    "Runs the tests on the parallel network and reports what keeps your contracts from running in parallel",
  )
    .addOptionalVariadicPositionalParam("testFiles", "An optional list of files to test", [])
    .addOptionalParam("script", "Run this script instead of the tests", undefined, types.string)
    .addOptionalParam(
      "scenario",
      'Run this scenario of the folder parallel/ instead of the tests; "all" for every one',
      undefined,
      types.string,
    )
    .addOptionalParam(
      "record",
      "Keep the recording in this directory, for parallel-report:merge",
      undefined,
      types.string,
    )
    .addOptionalParam("workers", "Worker threads for a block", undefined, types.int)
    .addFlag("noCompile", "Don't compile before running this task")
    .addFlag("parallel", "Run tests in parallel")
    .addFlag("bail", "Stop running tests after the first test failure")
    .addOptionalParam("grep", "Only run tests matching the given string or regexp");
  withOutputs(withAnalysis(report)).setAction(
    (args: import("./report-task").ReportArguments, hre) =>
      withPluginErrors(() => {
        const { runReport }: typeof import("./report-task") = require("./report-task");
        return runReport(args, hre);
      }),
  );

  const merge = task(
    "parallel-report:merge",
    "Makes one report of the recordings of several runs, as of the shards of a test suite",
  )
    .addVariadicPositionalParam("recordings", "Recordings, or directories of them (--record)")
    .addFlag("noCompile", "Don't compile before running this task");
  withOutputs(withAnalysis(merge)).setAction((args: import("./report-merge").MergeArguments, hre) =>
    withPluginErrors(() => {
      const { runMerge }: typeof import("./report-merge") = require("./report-merge");
      return runMerge(args, hre);
    }),
  );

  task("parallel-report:diff", "Compares two reports or snapshots, function by function")
    .addPositionalParam("before", "A report (--json) or a snapshot (--update)")
    .addPositionalParam("after", "A report or a snapshot to compare with it")
    .addOptionalParam(
      "markdown",
      "Write the comparison as Markdown to this file",
      undefined,
      types.string,
    )
    .setAction((args: import("./report-diff").DiffArguments, hre) =>
      withPluginErrors(() => {
        const { runDiff }: typeof import("./report-diff") = require("./report-diff");
        return runDiff(args, hre);
      }),
    );
}

/** How the numbers are computed. */
function withAnalysis(definition: ConfigurableTaskDefinition): ConfigurableTaskDefinition {
  return definition
    .addOptionalParam(
      "window",
      'How many consecutive transactions form a block, or "mined" for the blocks as they were mined',
      undefined,
      types.string,
    )
    .addOptionalParam(
      "assume",
      "Give the numbers also as if variables were kept in another way: VARIABLE=sharded:16, =delta, =per-sender or =removed, several separated by commas",
      undefined,
      types.string,
    )
    .addOptionalParam(
      "senders",
      'Who calls: "as-is", or "distinct" for a user of its own for every recorded call',
      undefined,
      types.string,
    )
    .addOptionalParam(
      "keys",
      'Which keys the calls use: "as-is", "uniform", or "zipf:0.9" for a few keys far more often',
      undefined,
      types.string,
    )
    .addOptionalParam("seed", "Repeats the draw of --senders and --keys", undefined, types.int);
}

/** Where the report goes and what it is compared with. */
function withOutputs(definition: ConfigurableTaskDefinition): ConfigurableTaskDefinition {
  const file = (name: string, description: string): void => {
    definition.addOptionalParam(name, description, undefined, types.string);
  };
  file("json", "Write the report as JSON to this file");
  file("html", "Write the report as one HTML file, which needs no network");
  file("markdown", "Write the report as Markdown for a pull request to this file");
  file("sarif", "Write fixable findings as SARIF to this file");
  file("baseline", "The snapshot to compare with, or to write");
  return definition
    .addFlag("check", "Fail if a function is worse than the baseline or a threshold allows")
    .addFlag("update", "Write the baseline anew");
}
