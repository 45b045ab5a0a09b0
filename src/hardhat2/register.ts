/**
 * What the plugin adds to a Hardhat 2 project, as a description: the `parallel` config key, the
 * network, the task. All work is behind requires inside the callbacks, so that loading a config
 * stays quick.
 */
import {
  TASK_NODE_GET_PROVIDER,
  TASK_TEST_SETUP_TEST_ENVIRONMENT,
} from "hardhat/builtin-tasks/task-names";
import { extendConfig, extendEnvironment, subtask, task, types } from "hardhat/config";
import { offerProject } from "../project/project";
import { resolveParallelConfig } from "./config";
import { projectOf } from "./current-project";
import type { BaseProviderFactory } from "./hardhat-provider";
import { noticeCoverage, provideForNode, swapNetwork } from "./network-swap";
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

  subtask(TASK_NODE_GET_PROVIDER, (args: { forkUrl?: string }, hre, runSuper) =>
    withPluginErrors(() => provideForNode(hre, createBase, args.forkUrl, () => runSuper(args))),
  );

  subtask(TASK_TEST_SETUP_TEST_ENVIRONMENT, (args, hre, runSuper) => {
    noticeCoverage(hre);
    return runSuper(args);
  });

  task(
    "parallel-report",
    "Runs the tests on the parallel network and reports what keeps your contracts from running in parallel",
  )
    .addOptionalVariadicPositionalParam("testFiles", "An optional list of files to test", [])
    .addOptionalParam("script", "Run this script instead of the tests", undefined, types.string)
    .addOptionalParam("json", "Write the report as JSON to this file", undefined, types.string)
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
    .addOptionalParam("seed", "Repeats the draw of --senders and --keys", undefined, types.int)
    .addOptionalParam("workers", "Worker threads for a block", undefined, types.int)
    .addFlag("noCompile", "Don't compile before running this task")
    .addFlag("parallel", "Run tests in parallel")
    .addFlag("bail", "Stop running tests after the first test failure")
    .addOptionalParam("grep", "Only run tests matching the given string or regexp")
    .setAction((args: import("./report-task").ReportArguments, hre) =>
      withPluginErrors(() => {
        const { runReport }: typeof import("./report-task") = require("./report-task");
        return runReport(args, hre);
      }),
    );
}
