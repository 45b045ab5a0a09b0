/**
 * The arguments that say where a report goes and what it is compared with; shared by the tasks that
 * make one. Paths of arguments are relative to the current directory, those of the config to the
 * project.
 *
 * Owns: their validation. Does not own: what is done with them (publish-report.ts).
 */
import { resolve } from "node:path";
import type { HardhatConfig } from "hardhat/types";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Publication } from "./publish-report";

/** Arguments as Hardhat's parser gives them. */
export interface OutputArguments {
  readonly json?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly sarif?: string;
  readonly baseline?: string;
  readonly check: boolean;
  readonly update: boolean;
}

/** No argument at all: what the config says. */
export const NO_OUTPUT_ARGUMENTS: OutputArguments = { check: false, update: false };

/** The config with the arguments on top. Throws ParallelError TASK_INVALID_ARGUMENT. */
export function publicationOf(
  args: OutputArguments,
  { parallel: { report }, paths: { root } }: HardhatConfig,
): Publication {
  if (args.check && args.update) {
    throw invalid(
      "--update",
      "no --check beside it: one compares with the baseline, the other replaces it",
      "both",
    );
  }
  const path = (name: "json" | "html" | "markdown" | "sarif"): string | null => {
    const argument = pathArgument(args, name);
    const configured = report[name];
    return argument ?? (configured === null ? null : resolve(root, configured));
  };
  return {
    json: path("json"),
    html: path("html"),
    markdown: path("markdown"),
    sarif: path("sarif"),
    baseline: {
      path: pathArgument(args, "baseline") ?? resolve(root, report.baseline),
      name: args.baseline ?? report.baseline,
    },
    rules: report.rules,
    check: (args.check || report.check) && !args.update,
    update: args.update,
  };
}

function pathArgument(
  args: OutputArguments,
  name: "json" | "html" | "markdown" | "sarif" | "baseline",
): string | null {
  const value = args[name];
  if (value === "") {
    throw invalid(`--${name}`, "the path of a file", '""');
  }
  return value === undefined ? null : resolve(value);
}

function invalid(flag: string, expected: string, actual: string): ParallelError {
  return new ParallelError(ERRORS.TASK_INVALID_ARGUMENT, { flag, expected, actual });
}
