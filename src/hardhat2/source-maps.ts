/**
 * What a build info tells of where code comes from.
 * Owns: the translation. Does not own: reading source maps (analysis/source-location.ts).
 */
import type { SourceFile, SourceMapFacts } from "../analysis/contract-metadata";
import { lineStarts } from "../analysis/source-location";
import type { BuildInfo, CompiledContract } from "./build-info";

/** The sources of a compilation, by the numbers that its source maps give them. */
export function numberedSources({ input, output }: BuildInfo): SourceMapFacts["files"] {
  const files: Record<number, SourceFile> = {};
  for (const [name, { id }] of Object.entries(output.sources ?? {})) {
    const source = input.sources?.[name];
    const content =
      typeof source === "object" && source !== null && "content" in source ? source.content : null;
    if (typeof id === "number" && typeof content === "string") {
      files[id] = { name, lineStarts: lineStarts(content), content };
    }
  }
  return files;
}

/** Absent where the compiler gave no map. */
export function sourceMapFacts(
  { evm }: CompiledContract,
  files: SourceMapFacts["files"],
): { readonly sourceMap?: SourceMapFacts } {
  const { sourceMap } = evm.deployedBytecode;
  return sourceMap === undefined || sourceMap === ""
    ? {}
    : { sourceMap: { map: sourceMap, files } };
}
