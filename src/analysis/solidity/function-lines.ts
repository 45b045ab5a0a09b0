/**
 * Where functions are defined, by solc's AST: for a contract also those that it inherits, and the
 * public variables whose getters they are.
 *
 * Compilers before 0.6 give no selectors: nothing is found of them but constructors.
 * Owns: finding definitions. Does not own: places within the code (source-location.ts).
 */
import type { SourceFile, SourceLines } from "../contract-metadata";
import { lineAt } from "../source-location";
import { type AstNode, idOf, nodesAt, type SourceUnits, textAt } from "./ast";
import { unitsOf } from "./namespaces";

type Files = Readonly<Record<number, SourceFile>>;
/** `a9059cbb`, `constructor`, `receive`, `fallback` */
type DefinedAt = ReadonlyMap<string, SourceLines>;

/** Answers for the contracts of one compilation: by signature, as ContractMetadata.functionLines. */
export function functionLines(
  sources: SourceUnits,
  files: Files,
): (
  fullyQualifiedName: string,
  methodIdentifiers: Readonly<Record<string, string>>,
) => Record<string, SourceLines> {
  const contracts = new Map<number, AstNode>();
  const idByName = new Map<string, number>();
  for (const { source, root } of unitsOf(sources)) {
    for (const node of nodesAt(root, "nodes")) {
      const id = idOf(node);
      if (node.nodeType === "ContractDefinition" && id !== null) {
        contracts.set(id, node);
        idByName.set(`${source}:${textAt(node, "name") ?? ""}`, id);
      }
    }
  }
  const known = new Map<number, DefinedAt>();
  const definedIn = (id: number): DefinedAt => {
    const contract = contracts.get(id);
    const found =
      known.get(id) ?? (contract === undefined ? new Map() : definitions(contract, files));
    known.set(id, found);
    return found;
  };
  return (name, methodIdentifiers) => {
    const lines: Record<string, SourceLines> = {};
    const own = idByName.get(name);
    const bases = own === undefined ? [] : linearized(contracts.get(own));
    const find = (key: string): SourceLines | undefined =>
      bases.map((base) => definedIn(base).get(key)).find((place) => place !== undefined);
    for (const [signature, selector] of Object.entries(methodIdentifiers)) {
      const place = find(selector);
      if (place !== undefined) {
        lines[signature] = place;
      }
    }
    for (const special of ["receive", "fallback"]) {
      const place = find(special);
      if (place !== undefined) {
        lines[special] = place;
      }
    }
    const constructed = own === undefined ? undefined : definedIn(own).get("constructor");
    return constructed === undefined ? lines : { ...lines, constructor: constructed };
  };
}

/** Ids of a contract and its bases, the most derived first. */
function linearized(contract: AstNode | undefined): readonly number[] {
  const ids = contract?.linearizedBaseContracts;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "number") : [];
}

function definitions(contract: AstNode, files: Files): DefinedAt {
  const found = new Map<string, SourceLines>();
  for (const node of nodesAt(contract, "nodes")) {
    const isFunction = node.nodeType === "FunctionDefinition" && node.implemented === true;
    const isGetter = node.nodeType === "VariableDeclaration" && node.visibility === "public";
    const kind = textAt(node, "kind");
    const key = textAt(node, "functionSelector") ?? (kind === "function" ? null : kind);
    const place = isFunction || isGetter ? linesOf(node, files) : null;
    if (key !== null && place !== null) {
      found.set(key, place);
    }
  }
  return found;
}

/** From a node's `src`, `start:length:file`, in bytes. */
function linesOf(node: AstNode, files: Files): SourceLines | null {
  const [start, length, file] = (textAt(node, "src") ?? "").split(":").map(Number);
  const source = files[file ?? -1];
  if (start === undefined || length === undefined || source === undefined) {
    return null;
  }
  const end = Math.max(start, start + length - 1);
  return {
    file: source.name,
    from: lineAt(source.lineStarts, start),
    to: lineAt(source.lineStarts, end),
  };
}
