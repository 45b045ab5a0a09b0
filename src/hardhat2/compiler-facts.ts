/**
 * What the compiler knows of a build info's contracts beyond their artifacts: layouts of storage,
 * of namespaced structs, and what the AST declares. Hardhat does not ask for layouts, and asking
 * through the project's config would recompile it and change its artifacts; so the very input that
 * made the artifacts is compiled again, once, and the result kept in the plugin's own cache.
 *
 * Owns: when the compiler runs and with what. Does not own: the run (solc-run.ts), the cache's files
 * (own-cache.ts), what declarations mean (analysis/).
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { type CompiledContract, type CompilerFacts, NO_FACTS } from "../analysis/compilation";
import { readDeclarations } from "../analysis/solidity/declarations";
import {
  isGeneratedSource,
  namespacedStructs,
  namespaceSources,
  structLayouts,
} from "../analysis/solidity/namespace-sources";
import type { BuildInfo } from "./build-info";
import { OwnCache } from "./own-cache";
import { firstError, runSolc, type SolcOutput } from "./solc-run";

type Environment = Pick<HardhatRuntimeEnvironment, "config" | "run">;

function contractsOf(buildInfo: BuildInfo): CompiledContract[] {
  return Object.values(buildInfo.output.contracts ?? {}).flatMap((file) => Object.values(file));
}

function warn(buildInfo: BuildInfo, text: string): void {
  console.warn(`hardhat-parallel: build info ${buildInfo.id}: ${text}`);
}

/** The project's own files of an output, without generated ones. */
function ownFiles<T>(files: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !isGeneratedSource(name)));
}

function factsOf(output: SolcOutput, structs: readonly string[]): CompilerFacts {
  const contracts = output.contracts ?? {};
  return {
    layouts: ownFiles(contracts),
    structs: structLayouts(structs, contracts),
    // AST ids are those of this run, like the ones in its layouts
    declarations: readDeclarations(ownFiles(output.sources ?? {})),
  };
}

/** Compiles with the namespaced structs; those that stand in the way of compiling are left out. */
async function compile(
  buildInfo: BuildInfo,
  structs: readonly string[],
  environment: Environment,
): Promise<CompilerFacts> {
  const output = await runSolc(buildInfo, namespaceSources(structs), environment);
  const error = firstError(output);
  if (error === null) {
    return factsOf(output, structs);
  }
  const names = Object.keys(namespaceSources(structs));
  const broken = new Set(
    (output.errors ?? [])
      .filter(({ severity }) => severity === "error")
      .map(({ sourceLocation }) => names.indexOf(sourceLocation?.file ?? "")),
  );
  const left = structs.filter((_, number) => !broken.has(number));
  if (left.length === structs.length) {
    throw new Error(error);
  }
  const without = structs.filter((_, number) => broken.has(number)).join(", ");
  warn(buildInfo, `no layout for ${without}, slots of these structs stay unnamed: ${error}`);
  return compile(buildInfo, left, environment);
}

async function askCompiler(buildInfo: BuildInfo, environment: Environment): Promise<CompilerFacts> {
  const known = buildInfo.output.sources ?? {};
  const structs = namespacedStructs(readDeclarations(known));
  const facts = await compile(buildInfo, structs, environment);
  // a project that asks for no AST: what is to be compiled is known only now
  const missed = namespacedStructs(facts.declarations).filter((key) => !structs.includes(key));
  return missed.length === 0 ? facts : compile(buildInfo, [...structs, ...missed], environment);
}

/**
 * What is known of a build info's contracts: from its own output, the cache, or the compiler. Where
 * it cannot be had (another language, a compiler that is not at hand) nothing is given and stderr
 * says so: slots of these contracts then stay unnamed.
 */
export async function compilerFacts(
  buildInfo: BuildInfo,
  environment: Environment,
): Promise<CompilerFacts> {
  const { output } = buildInfo;
  if (contractsOf(buildInfo).every(({ storageLayout }) => storageLayout !== undefined)) {
    const declarations = readDeclarations(output.sources ?? {});
    if (output.sources !== undefined && namespacedStructs(declarations).length === 0) {
      return { layouts: output.contracts ?? {}, structs: {}, declarations };
    }
  }
  const cache = new OwnCache<CompilerFacts>(environment.config.paths.cache);
  try {
    if (buildInfo.input.language !== "Solidity") {
      throw new Error(`its language is ${buildInfo.input.language}`);
    }
    const cached = await cache.read(buildInfo.id, buildInfo.solcLongVersion);
    if (cached !== null) {
      return cached;
    }
    const facts = await askCompiler(buildInfo, environment);
    await cache.write(buildInfo.id, buildInfo.solcLongVersion, facts);
    return facts;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn(buildInfo, `no storage layouts, its contracts' slots stay unnamed: ${reason}`);
    return NO_FACTS;
  }
}
