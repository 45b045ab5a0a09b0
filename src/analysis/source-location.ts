/**
 * File and line of an opcode, by the compiler's source map (docs.soliditylang.org, "Source
 * Mappings"): one entry for each instruction, `start:length:file:jump:depth`, where what is empty is
 * as in the entry before.
 *
 * Never a guess: code that is not exactly one known contract's, that has no source map, or a place
 * that belongs to no file (the compiler's own routines) has no location.
 *
 * Owns: reading source maps. Does not own: which contract a code is of (naming/known-code.ts).
 */
import type { Hash, Hex } from "../state/hex";
import type { ContractMetadata, SourceMapFacts } from "./contract-metadata";

/** What is known of a code. */
export interface CodeLookup {
  /** runtime code; undefined for init code and what was not recorded */
  readonly code: (codeHash: Hash) => Hex | undefined;
  /** the contracts that it may be of */
  readonly contracts: (codeHash: Hash) => readonly ContractMetadata[];
}

/** Hex digits at the end of a code in which the compiler's metadata hash lies. */
const METADATA_DIGITS = 106;

/** `contracts/Token.sol:12` */
export type LocateCode = (place: { readonly codeHash: Hash; readonly pc: number }) => string | null;

/** Answers for a recording; each contract's map is read once. */
export function codeLocator(lookup: CodeLookup): LocateCode {
  const linesByContract = new Map<ContractMetadata, ReadonlyMap<number, string>>();
  return ({ codeHash, pc }) => {
    const [contract, ...others] = lookup.contracts(codeHash);
    const code = lookup.code(codeHash);
    if (contract?.sourceMap === undefined || others.length > 0 || !isExactly(contract, code)) {
      return null;
    }
    let lines = linesByContract.get(contract);
    if (lines === undefined) {
      lines = readSourceMap(contract.deployedBytecode, contract.sourceMap);
      linesByContract.set(contract, lines);
    }
    return lines.get(pc) ?? null;
  };
}

/** Of these very sources: equal code of sources with other comments has other lines. */
function isExactly({ deployedBytecode }: ContractMetadata, code: Hex | undefined): boolean {
  return (
    code?.length === deployedBytecode.length &&
    code.slice(-METADATA_DIGITS) === deployedBytecode.slice(-METADATA_DIGITS)
  );
}

/** By position in the code: file and line. */
export function readSourceMap(
  code: Hex,
  { map, files }: SourceMapFacts,
): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  const positions = instructions(code);
  let [start, file] = [-1, -1];
  for (const [index, entry] of map.split(";").entries()) {
    const [newStart = "", , newFile = ""] = entry.split(":");
    start = newStart === "" ? start : Number(newStart);
    file = newFile === "" ? file : Number(newFile);
    const source = files[file];
    const pc = positions[index];
    if (pc !== undefined && source !== undefined && start >= 0) {
      lines.set(pc, `${source.name}:${lineAt(source.lineStarts, start)}`);
    }
  }
  return lines;
}

/** Positions of the instructions; PUSH1 to PUSH32 carry 1 to 32 bytes. */
function instructions(code: Hex): number[] {
  const bytes = Buffer.from(code.slice(2), "hex");
  const positions: number[] = [];
  for (let pc = 0; pc < bytes.length; pc++) {
    positions.push(pc);
    const opcode = bytes[pc] ?? 0;
    pc += opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5f : 0;
  }
  return positions;
}

/** Line, from 1, of a byte; `lineStarts` ascends from 0. */
export function lineAt(lineStarts: readonly number[], byte: number): number {
  let [low, high] = [0, lineStarts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= byte) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Bytes at which the lines of a source begin: source maps count bytes of its UTF-8. */
export function lineStarts(content: string): number[] {
  const bytes = Buffer.from(content, "utf8");
  const starts = [0];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}
