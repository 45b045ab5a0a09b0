/** Compiles Solidity with the npm package `solc`, into what the adapters hand to the analysis. */
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import type { CompiledContract } from "../../../src/hardhat2/build-info";
import { contractMetadata } from "../../../src/hardhat2/compiler-metadata";

const solc = require("solc") as { compile(input: string): string }; // the package has no types

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

interface AstNode {
  readonly nodeType: string;
  readonly id: number;
  readonly name?: string;
  readonly nodes?: readonly AstNode[];
  readonly members?: readonly AstNode[];
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
  readonly sources: Readonly<Record<string, { readonly ast: AstNode }>>;
}

function enumsIn(node: AstNode): [string, string[]][] {
  const own: [string, string[]][] =
    node.nodeType === "EnumDefinition"
      ? [[String(node.id), (node.members ?? []).map(({ name }) => name ?? "")]]
      : [];
  return [...own, ...(node.nodes ?? []).flatMap(enumsIn)];
}

/** Contracts by name; throws on any compiler error. */
export function compile(
  source: string,
  settings: CompilerSettings,
  sourceName = "contracts/Test.sol",
): ReadonlyMap<string, ContractMetadata> {
  const output: Output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { [sourceName]: { content: `pragma solidity ^0.8.20;\n${source}` } },
        settings: {
          optimizer: { enabled: settings.optimizer, runs: 200 },
          viaIR: settings.viaIR ?? false,
          outputSelection: {
            "*": {
              "": ["ast"],
              "*": ["abi", "evm", "storageLayout", "transientStorageLayout"],
            },
          },
        },
      }),
    ),
  );
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error !== undefined) {
    throw new Error(error.formattedMessage);
  }
  const enums = Object.fromEntries(
    Object.values(output.sources).flatMap(({ ast }) => enumsIn(ast)),
  );
  const contracts = output.contracts[sourceName] ?? {};
  return new Map(
    Object.entries(contracts).map(([name, contract]) => [
      name,
      { ...contractMetadata(sourceName, name, contract, output.contracts), enums },
    ]),
  );
}
