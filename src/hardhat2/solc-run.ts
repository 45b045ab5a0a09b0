/**
 * Compiles the very input of a build info again, for what Hardhat did not ask the compiler, with
 * more sources beside it.
 *
 * Owns: the call of the compiler through Hardhat's own tasks. Does not own: what is asked for and
 * what is kept (compiler-facts.ts). Writes no file.
 */
import {
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  TASK_COMPILE_SOLIDITY_RUN_SOLC,
  TASK_COMPILE_SOLIDITY_RUN_SOLCJS,
} from "hardhat/builtin-tasks/task-names";
import type { HardhatRuntimeEnvironment, SolcBuild } from "hardhat/types";
import type { LayoutsByContract } from "../analysis/compilation";
import type { SourceUnits } from "../analysis/solidity/ast";
import type { BuildInfo } from "./build-info";

export interface SolcError {
  readonly severity: string;
  readonly formattedMessage?: string;
  readonly message?: string;
  readonly sourceLocation?: { readonly file?: string };
}

export interface SolcOutput {
  readonly contracts?: LayoutsByContract;
  readonly sources?: SourceUnits;
  readonly errors?: readonly SolcError[];
}

const OUTPUT_SELECTION = {
  "*": { "": ["ast"], "*": ["storageLayout", "transientStorageLayout"] },
};

/** The compiler's output: layouts and ASTs. Throws what Hardhat throws if there is no compiler. */
export async function runSolc(
  buildInfo: BuildInfo,
  sources: Readonly<Record<string, { readonly content: string }>>,
  { run }: Pick<HardhatRuntimeEnvironment, "run">,
): Promise<SolcOutput> {
  const solc: SolcBuild = await run(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, {
    quiet: true,
    solcVersion: buildInfo.solcVersion,
  });
  const input = {
    ...buildInfo.input,
    sources: { ...buildInfo.input.sources, ...sources },
    settings: { ...buildInfo.input.settings, outputSelection: OUTPUT_SELECTION },
  };
  return solc.isSolcJs
    ? run(TASK_COMPILE_SOLIDITY_RUN_SOLCJS, { input, solcJsPath: solc.compilerPath })
    : run(TASK_COMPILE_SOLIDITY_RUN_SOLC, {
        input,
        solcPath: solc.compilerPath,
        solcVersion: buildInfo.solcVersion,
      });
}

/** The first message of errors, null if there is none. */
export function firstError({ errors = [], contracts }: SolcOutput): string | null {
  const error = errors.find(({ severity }) => severity === "error");
  if (error !== undefined) {
    return error.formattedMessage ?? error.message ?? "the compiler failed";
  }
  return contracts === undefined ? "the compiler gave no contracts" : null;
}
