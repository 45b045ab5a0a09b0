/**
 * What the compiler says of every contract of the project, as the analysis takes it.
 * Owns: the translation from build infos. Does not own: layouts (compiler-facts.ts), matching of
 * deployed code.
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import type { ByteRange, ContractMetadata } from "../analysis/contract-metadata";
import { functionLines } from "../analysis/solidity/function-lines";
import { namespaceLayout } from "../analysis/solidity/namespace-sources";
import type { Hex } from "../state/hex";
import {
  type ByteReference,
  buildInfos,
  type CompiledCode,
  type CompiledContract,
} from "./build-info";
import { type CompilerFacts, compilerFacts } from "./compiler-facts";
import { numberedSources, sourceMapFacts } from "./source-maps";

function ranges(references: ByteReference[]): ByteRange[] {
  return references
    .map(({ start, length }) => ({ start, length }))
    .sort((left, right) => left.start - right.start);
}

/** Where library addresses go. */
export function linkRanges({ linkReferences = {} }: CompiledCode): ByteRange[] {
  return ranges(Object.values(linkReferences).flatMap((file) => Object.values(file).flat()));
}

/** Where the constructor writes immutables. */
export function immutableRanges({ immutableReferences = {} }: CompiledCode): ByteRange[] {
  return ranges(Object.values(immutableReferences).flat());
}

/** The code's bytes as hex, zeros in place of libraries that are not linked. */
export function linkedWithZeros(code: CompiledCode): Hex {
  let { object } = code;
  for (const { start, length } of linkRanges(code)) {
    object = `${object.slice(0, 2 * start)}${"0".repeat(2 * length)}${object.slice(2 * (start + length))}`;
  }
  return `0x${object.toLowerCase()}`;
}

/** One contract of a compilation. */
export function contractMetadata(
  sourceName: string,
  contractName: string,
  { abi, evm }: CompiledContract,
  { layouts, structs, declarations }: CompilerFacts,
): ContractMetadata {
  const layout = layouts[sourceName]?.[contractName];
  const fullyQualifiedName = `${sourceName}:${contractName}`;
  const declared = declarations.contracts[fullyQualifiedName];
  return {
    fullyQualifiedName,
    contractName,
    sourceName,
    bytecode: linkedWithZeros(evm.bytecode),
    deployedBytecode: linkedWithZeros(evm.deployedBytecode),
    linkRanges: linkRanges(evm.bytecode),
    deployedLinkRanges: linkRanges(evm.deployedBytecode),
    immutableRanges: immutableRanges(evm.deployedBytecode),
    methodIdentifiers: evm.methodIdentifiers ?? {},
    abi,
    storageLayout: layout?.storageLayout ?? null,
    transientStorageLayout: layout?.transientStorageLayout ?? null,
    enums: declarations.enums,
    valueTypes: declarations.valueTypes,
    ...(declared === undefined
      ? {}
      : {
          namespaces: namespaceLayout(declared.namespaces, structs),
          constants: declared.constants,
          literals: { numbers: declared.numbers, texts: declared.texts },
        }),
  };
}

/**
 * All contracts of the project's build infos. A contract that is in two of them with the same code
 * is given once, first with a layout; with different codes twice, since either may be deployed.
 */
export async function loadContractMetadata(
  hre: Pick<HardhatRuntimeEnvironment, "artifacts" | "config" | "run">,
): Promise<ContractMetadata[]> {
  const byCode = new Map<string, ContractMetadata>();
  for await (const buildInfo of buildInfos(hre.artifacts)) {
    const facts = await compilerFacts(buildInfo, hre);
    const files = numberedSources(buildInfo);
    const linesOf = functionLines(buildInfo.output.sources ?? {}, files);
    for (const [sourceName, contracts] of Object.entries(buildInfo.output.contracts ?? {})) {
      for (const [contractName, contract] of Object.entries(contracts)) {
        const metadata = {
          ...contractMetadata(sourceName, contractName, contract, facts),
          ...sourceMapFacts(contract, files),
          functionLines: linesOf(
            `${sourceName}:${contractName}`,
            contract.evm.methodIdentifiers ?? {},
          ),
        };
        const key = `${metadata.fullyQualifiedName} ${metadata.deployedBytecode}`;
        if ((byCode.get(key)?.storageLayout ?? null) === null) {
          byCode.set(key, metadata);
        }
      }
    }
  }
  return [...byCode.values()];
}
