/** Compiles Solidity with the npm package `solc`, into what the adapters hand to the analysis. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CompiledContract, contractMetadata } from "../../../src/analysis/compilation";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import type { SourceUnits } from "../../../src/analysis/solidity/ast";
import { readDeclarations } from "../../../src/analysis/solidity/declarations";
import {
  isGeneratedSource,
  namespacedStructs,
  namespaceSources,
  structLayouts,
} from "../../../src/analysis/solidity/namespace-sources";

// the package has no types
const solc = require("solc") as {
  compile(input: string, callbacks: { import(path: string): { contents: string } }): string;
};

export interface CompilerSettings {
  readonly optimizer: boolean;
  readonly viaIR?: boolean;
}

/** The settings under which every naming test must give the same names. */
export const ALL_SETTINGS: readonly CompilerSettings[] = [
  { optimizer: false },
  { optimizer: true },
  { optimizer: true, viaIR: true },
];

export function describeSettings({ optimizer, viaIR = false }: CompilerSettings): string {
  return `${optimizer ? "optimized" : "not optimized"}${viaIR ? ", via IR" : ""}`;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
  readonly sources: SourceUnits;
}

/** Contracts by name; throws on any compiler error. */
export function compile(
  source: string,
  settings: CompilerSettings,
): ReadonlyMap<string, ContractMetadata> {
  const content = `pragma solidity ^0.8.20;\n${source}`;
  return compileSources({ "contracts/Test.sol": { content } }, settings);
}

/** The contracts of a fixture project and of the packages they import, by name. */
export function compileFixture(
  project: string,
  settings: CompilerSettings,
): ReadonlyMap<string, ContractMetadata> {
  const folder = join(__dirname, "../../../fixture-projects", project, "contracts");
  const sources = readdirSync(folder).map((file) => [
    `contracts/${file}`,
    { content: readFileSync(join(folder, file), "utf8") },
  ]);
  return compileSources(Object.fromEntries(sources), settings);
}

export type Sources = Readonly<Record<string, { readonly content: string }>>;

function runSolc(sources: Sources, settings: CompilerSettings): Output {
  const input = {
    language: "Solidity",
    sources,
    settings: {
      optimizer: { enabled: settings.optimizer, runs: 200 },
      viaIR: settings.viaIR ?? false,
      outputSelection: {
        "*": { "": ["ast"], "*": ["abi", "evm", "storageLayout", "transientStorageLayout"] },
      },
    },
  };
  const output: Output = JSON.parse(
    solc.compile(JSON.stringify(input), {
      import: (path) => ({ contents: readFileSync(require.resolve(path), "utf8") }),
    }),
  );
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error !== undefined) {
    throw new Error(error.formattedMessage);
  }
  return output;
}

/** The contracts of some sources and of the packages they import, by name. */
export function compileSources(
  sources: Sources,
  settings: CompilerSettings,
): ReadonlyMap<string, ContractMetadata> {
  const first = runSolc(sources, settings);
  const structs = namespacedStructs(readDeclarations(first.sources));
  const output =
    structs.length === 0 ? first : runSolc({ ...sources, ...namespaceSources(structs) }, settings);
  const facts = {
    layouts: output.contracts,
    structs: structLayouts(structs, output.contracts),
    declarations: readDeclarations(output.sources),
  };
  return new Map(
    Object.entries(output.contracts)
      .filter(([sourceName]) => !isGeneratedSource(sourceName))
      .flatMap(([sourceName, contracts]) =>
        Object.entries(contracts).map(([name, contract]) => [
          name,
          contractMetadata(sourceName, name, contract, facts),
        ]),
      ),
  );
}
