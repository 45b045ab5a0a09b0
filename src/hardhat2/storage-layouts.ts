/**
 * Storage layouts of a build info. Hardhat does not ask the compiler for them, and asking through
 * the project's config would recompile it and change its artifacts; so the very input that made the
 * artifacts is compiled again, for the layouts alone, and the result kept in
 * `<cache>/hardhat-parallel/<build info id>.json`.
 *
 * Owns: that compilation and its cache. Does not own: users' artifacts and cache, which stay as they
 * are; what a layout means (analysis/).
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  TASK_COMPILE_SOLIDITY_RUN_SOLC,
  TASK_COMPILE_SOLIDITY_RUN_SOLCJS,
} from "hardhat/builtin-tasks/task-names";
import type { HardhatRuntimeEnvironment, SolcBuild } from "hardhat/types";
import type { BuildInfo, CompiledContract, ContractLayouts } from "./build-info";

/** By source name, then contract name. */
export type LayoutsByContract = Readonly<Record<string, Readonly<Record<string, ContractLayouts>>>>;

type Environment = Pick<HardhatRuntimeEnvironment, "config" | "run">;

const FORMAT = 1;

interface CacheFile {
  readonly format: typeof FORMAT;
  readonly solc: string;
  readonly layouts: LayoutsByContract;
}

function contractsOf(buildInfo: BuildInfo): CompiledContract[] {
  return Object.values(buildInfo.output.contracts ?? {}).flatMap((file) => Object.values(file));
}

async function readCache(path: string, solc: string): Promise<LayoutsByContract | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return null;
    }
    throw error;
  }
  try {
    const cached: CacheFile = JSON.parse(text);
    return cached.format === FORMAT && cached.solc === solc ? cached.layouts : null;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null; // not one of ours or of another version: made anew
    }
    throw error;
  }
}

async function writeCache(directory: string, path: string, file: CacheFile): Promise<void> {
  await mkdir(directory, { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, JSON.stringify(file));
  await rename(temporary, path);
}

async function compileLayouts(
  buildInfo: BuildInfo,
  { run }: Environment,
): Promise<LayoutsByContract> {
  const solc: SolcBuild = await run(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, {
    quiet: true,
    solcVersion: buildInfo.solcVersion,
  });
  const input = {
    ...buildInfo.input,
    settings: {
      ...buildInfo.input.settings,
      outputSelection: { "*": { "*": ["storageLayout", "transientStorageLayout"] } },
    },
  };
  const output: {
    contracts?: LayoutsByContract;
    errors?: { severity: string; formattedMessage?: string; message?: string }[];
  } = solc.isSolcJs
    ? await run(TASK_COMPILE_SOLIDITY_RUN_SOLCJS, { input, solcJsPath: solc.compilerPath })
    : await run(TASK_COMPILE_SOLIDITY_RUN_SOLC, {
        input,
        solcPath: solc.compilerPath,
        solcVersion: buildInfo.solcVersion,
      });
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error !== undefined || output.contracts === undefined) {
    throw new Error(error?.formattedMessage ?? error?.message ?? "the compiler gave no contracts");
  }
  return output.contracts;
}

/**
 * The layouts of a build info's contracts: from its own output, the cache, or the compiler. Where
 * they cannot be had (another language, a compiler that is not at hand) none are given and stderr
 * says so: slots of these contracts then stay unnamed.
 */
export async function storageLayouts(
  buildInfo: BuildInfo,
  environment: Environment,
): Promise<LayoutsByContract> {
  if (contractsOf(buildInfo).every(({ storageLayout }) => storageLayout !== undefined)) {
    return buildInfo.output.contracts ?? {};
  }
  const directory = join(environment.config.paths.cache, "hardhat-parallel");
  const path = join(directory, `${buildInfo.id}.json`);
  try {
    if (buildInfo.input.language !== "Solidity") {
      throw new Error(`its language is ${buildInfo.input.language}`);
    }
    const cached = await readCache(path, buildInfo.solcLongVersion);
    if (cached !== null) {
      return cached;
    }
    const layouts = await compileLayouts(buildInfo, environment);
    await writeCache(directory, path, { format: FORMAT, solc: buildInfo.solcLongVersion, layouts });
    return layouts;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(
      `hardhat-parallel: no storage layouts for build info ${buildInfo.id}, its contracts' slots stay unnamed: ${reason}`,
    );
    return {};
  }
}
