/**
 * Hardhat's build-info files (`artifacts/build-info/*.json`): the compiler's input and output.
 * Owns: reading and the shape of the parts we use. Read only, never written.
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Artifacts } from "hardhat/types";
import type { Compilation } from "../analysis/compilation";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

export interface BuildInfo extends Compilation {
  readonly id: string;
  readonly solcVersion: string;
  readonly solcLongVersion: string;
  readonly input: Compilation["input"] & {
    readonly language: string;
    readonly settings: Readonly<Record<string, unknown>>;
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
