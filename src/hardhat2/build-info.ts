/**
 * Hardhat's build-info files (`artifacts/build-info/*.json`): the compiler's input and output.
 * Owns: reading and the shape of the parts we use. Read only, never written.
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Artifacts } from "hardhat/types";
import type { StorageLayout } from "../analysis/contract-metadata";
import type { SourceUnits } from "../analysis/solidity/ast";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

export interface ByteReference {
  readonly start: number;
  readonly length: number;
}

export interface CompiledCode {
  /** hex digits without 0x, with `__$…$__` where libraries are not linked */
  readonly object: string;
  readonly linkReferences?: Readonly<Record<string, Readonly<Record<string, ByteReference[]>>>>;
  readonly immutableReferences?: Readonly<Record<string, ByteReference[]>>;
  readonly sourceMap?: string;
}

/** Parts of a contract that only a compiler asked for them gives. */
export interface ContractLayouts {
  readonly storageLayout?: StorageLayout;
  readonly transientStorageLayout?: StorageLayout;
}

export interface CompiledContract extends ContractLayouts {
  readonly abi: readonly unknown[];
  readonly evm: {
    readonly bytecode: CompiledCode;
    readonly deployedBytecode: CompiledCode;
    readonly methodIdentifiers?: Readonly<Record<string, string>>;
  };
}

export interface BuildInfo {
  readonly id: string;
  readonly solcVersion: string;
  readonly solcLongVersion: string;
  readonly input: {
    readonly language: string;
    readonly sources?: Readonly<Record<string, unknown>>;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly output: {
    readonly sources?: SourceUnits & Readonly<Record<string, { readonly id?: number }>>;
    readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
  };
}

/**
 * Reads one file.
 * @throws ParallelError BUILD_INFO_UNREADABLE
 */
export async function readBuildInfo(path: string): Promise<BuildInfo> {
  try {
    const parsed: BuildInfo = JSON.parse(await readFile(path, "utf8"));
    if (typeof parsed.input.language !== "string" || typeof parsed.output !== "object") {
      throw new Error("it has no compiler input and output");
    }
    return { ...parsed, id: basename(path, ".json") };
  } catch (cause) {
    throw new ParallelError(
      ERRORS.BUILD_INFO_UNREADABLE,
      { path, reason: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
}

/** Reads all of a project's, one after the other (each may be tens of MB), in order of their paths. */
export async function* buildInfos(artifacts: Artifacts): AsyncGenerator<BuildInfo> {
  for (const path of (await artifacts.getBuildInfoPaths()).sort()) {
    yield await readBuildInfo(path);
  }
}
