/**
 * What the sources of one compilation declare and a storage layout does not tell: enum members,
 * types under user-defined ones, constants, literals that may be keys, namespaces.
 *
 * AST ids mean something only within one compiler run: use the AST of the run that gave the layouts.
 * Owns: collecting them for each contract. Does not own: names of slots (naming/).
 */
import { type AstNode, idOf, nodeAt, nodesAt, type SourceUnits, textAt, typeOf, walk } from "./ast";
import { type ConstantValue, type Definitions, evaluate } from "./constant-value";
import { ContractScope } from "./contract-scope";
import { type DeclaredNamespace, findNamespaces, type Namespace, unitsOf } from "./namespaces";

/** What may be part of one contract's code. */
export interface ContractDeclarations {
  readonly namespaces: readonly Namespace[];
  /** names of bytes32 constants by their value, 0x and 64 digits; only values with one name */
  readonly constants: Readonly<Record<string, string>>;
  /** numbers of the source, constants' values and selectors, as words, decimal */
  readonly numbers: readonly string[];
  /** string literals, as hex digits of their bytes without 0x */
  readonly texts: readonly string[];
}

export interface Declarations {
  /** enum members in order, by AST id */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** ABI type under a user-defined value type, by AST id */
  readonly valueTypes: Readonly<Record<string, string>>;
  /** by fully qualified name */
  readonly contracts: Readonly<Record<string, ContractDeclarations>>;
}

/** A longer literal is no key that anyone writes. */
const MAX_TEXT = 256;

interface UnitFacts {
  readonly constants: { readonly value: string; readonly name: string }[];
  readonly numbers: Set<string>;
  readonly texts: Set<string>;
}

function hexWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** `sources`: a compiler output's, with ASTs; those without are left out. */
export function readDeclarations(sources: SourceUnits): Declarations {
  const units = unitsOf(sources);
  const enums: Record<string, readonly string[]> = {};
  const valueTypes: Record<string, string> = {};
  const constantValues = new Map<number, AstNode>();
  for (const { root } of units) {
    for (const node of walk(root)) {
      const id = idOf(node);
      const value = nodeAt(node, "value");
      const underlying = nodeAt(node, "underlyingType");
      if (id === null) {
        continue;
      }
      if (node.nodeType === "EnumDefinition") {
        enums[id] = nodesAt(node, "members").map((member) => textAt(member, "name") ?? "");
      } else if (node.nodeType === "UserDefinedValueTypeDefinition" && underlying !== null) {
        valueTypes[id] = typeOf(underlying);
      } else if (
        node.nodeType === "VariableDeclaration" &&
        node.constant === true &&
        value !== null
      ) {
        constantValues.set(id, value);
      }
    }
  }
  const definitions: Definitions = (id) => constantValues.get(id) ?? null;
  const scope = new ContractScope(units.map(({ root }) => root));
  const namespaces = findNamespaces(units, definitions);
  const facts = new Map<number, UnitFacts>();
  const factsOf = (unit: AstNode, id: number): UnitFacts => {
    const known = facts.get(id) ?? collect(unit, definitions);
    facts.set(id, known);
    return known;
  };
  const contracts: Record<string, ContractDeclarations> = {};
  for (const { source, root } of units) {
    for (const node of nodesAt(root, "nodes")) {
      const id = idOf(node);
      if (node.nodeType !== "ContractDefinition" || id === null) {
        continue;
      }
      const reached = scope.of(id);
      contracts[`${source}:${textAt(node, "name")}`] = {
        ...joined(
          [...reached].flatMap((unit) => {
            const declared = scope.unit(unit);
            return declared === undefined ? [] : [factsOf(declared, unit)];
          }),
        ),
        namespaces: inScope(namespaces, scope, reached, node),
      };
    }
  }
  return { enums, valueTypes, contracts };
}

function collect(unit: AstNode, definitions: Definitions): UnitFacts {
  const facts: UnitFacts = { constants: [], numbers: new Set(), texts: new Set() };
  for (const node of walk(unit)) {
    const number = /^int_const (-?\d+)$/.exec(typeOf(node))?.[1];
    if (number !== undefined) {
      facts.numbers.add(BigInt.asUintN(256, BigInt(number)).toString());
    }
    for (const part of ["functionSelector", "eventSelector", "errorSelector"]) {
      const selector = textAt(node, part);
      if (selector !== null && /^[0-9a-f]{1,64}$/.test(selector)) {
        facts.numbers.add(BigInt(`0x${selector}`).toString());
      }
    }
    const isConstant = node.nodeType === "VariableDeclaration" && node.constant === true;
    const isHash = node.nodeType === "FunctionCall" && typeOf(node) === "bytes32";
    if (node.nodeType === "Literal" || isHash) {
      addValue(evaluate(node, definitions), facts);
    } else if (isConstant) {
      const id = idOf(node);
      const reference = { ...node, nodeType: "Identifier", referencedDeclaration: id };
      const value = evaluate(reference, definitions);
      addValue(value, facts);
      const name = textAt(node, "name");
      if (typeof value === "bigint" && typeOf(node) === "bytes32" && name !== null) {
        facts.constants.push({ value: hexWord(value), name });
      }
    }
  }
  return facts;
}

function addValue(value: ConstantValue | null, { numbers, texts }: UnitFacts): void {
  if (typeof value === "bigint") {
    numbers.add(value.toString());
  } else if (value !== null && value.length <= MAX_TEXT) {
    texts.add(Buffer.from(value).toString("hex"));
  }
}

function joined(facts: readonly UnitFacts[]): Omit<ContractDeclarations, "namespaces"> {
  const names = new Map<string, Set<string>>();
  const numbers = new Set<string>();
  const texts = new Set<string>();
  for (const unit of facts) {
    for (const { value, name } of unit.constants) {
      names.set(value, (names.get(value) ?? new Set()).add(name));
    }
    for (const number of unit.numbers) {
      numbers.add(number);
    }
    for (const text of unit.texts) {
      texts.add(text);
    }
  }
  const constants = Object.fromEntries(
    [...names].flatMap(([value, [name, ...others]]) =>
      name === undefined || others.length > 0 ? [] : [[value, name]],
    ),
  );
  return { constants, numbers: [...numbers], texts: [...texts] };
}

/**
 * The namespaces that a contract's code may use. Of several structs at one place those of its own
 * bases count; if they still are several, none does.
 */
function inScope(
  namespaces: readonly DeclaredNamespace[],
  scope: ContractScope,
  reached: ReadonlySet<number>,
  contract: AstNode,
): Namespace[] {
  const bases = new Set<unknown>(
    Array.isArray(contract.linearizedBaseContracts) ? contract.linearizedBaseContracts : [],
  );
  const bySlot = new Map<string, { readonly namespace: Namespace; readonly own: boolean }[]>();
  for (const { declaredBy, ...namespace } of namespaces) {
    const unit = scope.unitOf(declaredBy);
    if (unit !== undefined && reached.has(unit)) {
      const own = bases.has(unit);
      bySlot.set(namespace.slot, [...(bySlot.get(namespace.slot) ?? []), { namespace, own }]);
    }
  }
  return [...bySlot.values()].flatMap((all) => {
    const own = all.filter((one) => one.own);
    const candidates = (own.length > 0 ? own : all).map(({ namespace }) => namespace);
    const [first, ...others] = candidates;
    const agreed = others.every(
      ({ struct, source }) => struct === first?.struct && source === first.source,
    );
    return first !== undefined && agreed ? [first] : [];
  });
}
