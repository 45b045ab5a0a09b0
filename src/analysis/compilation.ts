/**
 * From what solc was given and gave (its standard JSON) to contracts as the analysis takes them.
 *
 * Owns: the translation. Does not own: running the compiler, layouts of what it was not asked for
 * (given in as facts).
 */

import type { Hex } from "../state/hex";
import type {
  ByteRange,
  ContractMetadata,
  SourceFile,
  SourceMapFacts,
  StorageLayout,
} from "./contract-metadata";
import type { SourceUnits } from "./solidity/ast";
import { type Declarations, readDeclarations } from "./solidity/declarations";
import { functionLines } from "./solidity/function-lines";
import { namespaceLayout, type StructLayouts } from "./solidity/namespace-sources";
import { lineStarts } from "./source-location";

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

/** solc's standard JSON, both ways: the parts that are used. */
export interface Compilation {
  readonly input: { readonly sources?: Readonly<Record<string, unknown>> };
  readonly output: {
    readonly sources?: SourceUnits & Readonly<Record<string, { readonly id?: number }>>;
    readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
  };
}

/** By source name, then contract name. */
export type LayoutsByContract = Readonly<Record<string, Readonly<Record<string, ContractLayouts>>>>;

/** What is known of a compilation's contracts beyond their code. */
export interface CompilerFacts {
  readonly layouts: LayoutsByContract;
  readonly structs: StructLayouts;
  readonly declarations: Declarations;
}

export const NO_FACTS: CompilerFacts = {
  layouts: {},
  structs: {},
  declarations: { enums: {}, valueTypes: {}, contracts: {} },
};

/**
 * The contracts of one compilation. Of solc, ask for `abi`, `evm`, `storageLayout` and
 * `transientStorageLayout` of every contract and for the `ast` of every source: what is missing
 * leaves slots without names. Structs at places of their own (ERC-7201) stay unnamed: solc gives no
 * layout of them.
 */
export function contractsOfCompilation(compilation: Compilation): ContractMetadata[] {
  const { contracts = {}, sources = {} } = compilation.output;
  return compiledContracts(compilation, {
    layouts: contracts,
    structs: {},
    declarations: readDeclarations(sources),
  });
}

/** The contracts of one compilation, with what else is known of them. */
export function compiledContracts(
  compilation: Compilation,
  facts: CompilerFacts,
): ContractMetadata[] {
  const files = numberedSources(compilation);
  const { contracts = {}, sources = {} } = compilation.output;
  const linesOf = functionLines(sources, files);
  return Object.entries(contracts).flatMap(([sourceName, ofSource]) =>
    Object.entries(ofSource).map(([contractName, contract]) => ({
      ...contractMetadata(sourceName, contractName, contract, facts),
      ...sourceMapFacts(contract, files),
      functionLines: linesOf(`${sourceName}:${contractName}`, contract.evm.methodIdentifiers ?? {}),
    })),
  );
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

function ranges(references: ByteReference[]): ByteRange[] {
  return references
    .map(({ start, length }) => ({ start, length }))
    .sort((left, right) => left.start - right.start);
}

/** Where library addresses go. */
function linkRanges({ linkReferences = {} }: CompiledCode): ByteRange[] {
  return ranges(Object.values(linkReferences).flatMap((file) => Object.values(file).flat()));
}

/** Where the constructor writes immutables. */
function immutableRanges({ immutableReferences = {} }: CompiledCode): ByteRange[] {
  return ranges(Object.values(immutableReferences).flat());
}

/** The code's bytes as hex, zeros in place of libraries that are not linked. */
function linkedWithZeros(code: CompiledCode): Hex {
  let { object } = code;
  for (const { start, length } of linkRanges(code)) {
    object = `${object.slice(0, 2 * start)}${"0".repeat(2 * length)}${object.slice(2 * (start + length))}`;
  }
  return `0x${object.toLowerCase()}`;
}

/** The sources of a compilation, by the numbers that its source maps give them. */
function numberedSources({ input, output }: Compilation): SourceMapFacts["files"] {
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
function sourceMapFacts(
  { evm }: CompiledContract,
  files: SourceMapFacts["files"],
): { readonly sourceMap?: SourceMapFacts } {
  const { sourceMap } = evm.deployedBytecode;
  return sourceMap === undefined || sourceMap === ""
    ? {}
    : { sourceMap: { map: sourceMap, files } };
}
