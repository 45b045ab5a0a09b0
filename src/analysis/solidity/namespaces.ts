/**
 * Structs that a source puts at a fixed place of storage, beside its variables: annotated with
 * `@custom:storage-location` (ERC-7201, ERC-8042), or reached through a pointer that assembly sets to
 * a constant (`ds.slot := position`, as diamonds do).
 *
 * A pointer counts only if its place is certain: one assignment, of a literal, a constant or a local
 * that never changes. Owns: finding them. Does not own: their members' layout (the compiler gives
 * it, namespace-sources.ts).
 */
import {
  type AstNode,
  idOf,
  nodeAt,
  nodesAt,
  referenceOf,
  type SourceUnits,
  textAt,
  walk,
} from "./ast";
import { type Definitions, evaluate } from "./constant-value";
import { namespaceSlot } from "./namespace-slot";

/** A struct at a place. */
export interface Namespace {
  /** the struct's name within its source: `ERC20Upgradeable.ERC20Storage` */
  readonly struct: string;
  /**
   * What the struct is called in names: `ERC20Storage`; with its library, where such structs are
   * often called the same, `Counters.Layout`. The same in every contract that uses it.
   */
  readonly label: string;
  readonly source: string;
  /** decimal */
  readonly slot: string;
}

/** A namespace and the AST node (struct or function) that declares it. */
export interface DeclaredNamespace extends Namespace {
  readonly declaredBy: number;
}

type Struct = Pick<Namespace, "struct" | "label" | "source">;

export function findNamespaces(
  units: readonly { readonly source: string; readonly root: AstNode }[],
  constants: Definitions,
): DeclaredNamespace[] {
  const structs = new Map<number, Struct>();
  const found: DeclaredNamespace[] = [];
  const annotated = new Map<string, string>();
  for (const { source, root } of units) {
    for (const unit of nodesAt(root, "nodes")) {
      for (const node of walk(unit)) {
        const id = idOf(node);
        if (node.nodeType !== "StructDefinition" || id === null) {
          continue;
        }
        const name = textAt(node, "name") ?? "";
        const full = textAt(node, "canonicalName") ?? name;
        const struct = {
          struct: full,
          label: unit.contractKind === "library" ? full : name,
          source,
        };
        structs.set(id, struct);
        const slot = annotatedSlot(node);
        if (slot !== null) {
          annotated.set(keyOf(struct), slot.toString());
          found.push({ ...struct, slot: slot.toString(), declaredBy: id });
        }
      }
    }
  }
  for (const { root } of units) {
    for (const node of walk(root)) {
      if (node.nodeType === "FunctionDefinition") {
        found.push(...pointersIn(node, structs, constants));
      }
    }
  }
  return withDistinctLabels(found, annotated);
}

function keyOf({ source, struct }: Pick<Namespace, "source" | "struct">): string {
  return `${source}:${struct}`;
}

/** `Spot.Layout@0x2c4db3d2…` */
export function placedLabel(label: string, slot: string): string {
  return `${label}@0x${BigInt(slot).toString(16).padStart(64, "0").slice(0, 8)}…`;
}

/** A struct that stands at several places is told apart by the place, but for the annotated one. */
function withDistinctLabels(
  namespaces: readonly DeclaredNamespace[],
  annotated: ReadonlyMap<string, string>,
): DeclaredNamespace[] {
  const places = new Map<string, Set<string>>();
  for (const namespace of namespaces) {
    const key = keyOf(namespace);
    places.set(key, (places.get(key) ?? new Set()).add(namespace.slot));
  }
  return namespaces.map((namespace) => {
    const key = keyOf(namespace);
    const isOnly = places.get(key)?.size === 1 || annotated.get(key) === namespace.slot;
    return isOnly
      ? namespace
      : { ...namespace, label: placedLabel(namespace.label, namespace.slot) };
  });
}

function annotatedSlot(struct: AstNode): bigint | null {
  const documentation = nodeAt(struct, "documentation");
  const text = documentation === null ? null : textAt(documentation, "text");
  const location = /@custom:storage-location\s+(\S+)/.exec(text ?? "")?.[1];
  return location === undefined ? null : namespaceSlot(location);
}

/** The structs that assembly in a function puts at a constant place. */
function pointersIn(
  definition: AstNode,
  structs: ReadonlyMap<number, Struct>,
  constants: Definitions,
): DeclaredNamespace[] {
  const assemblies = [...walk(definition)].filter(({ nodeType }) => nodeType === "InlineAssembly");
  const declaredBy = idOf(definition);
  if (assemblies.length === 0 || declaredBy === null) {
    return [];
  }
  const locals = localValues(definition, assemblies);
  const definitions: Definitions = (id) => locals.get(id) ?? constants(id);
  return assemblies.flatMap((assembly) =>
    slotAssignments(assembly).flatMap(({ pointer, value }) => {
      const variable = declarationIn(definition, pointer);
      const typeName = variable === null ? null : nodeAt(variable, "typeName");
      const struct = typeName === null ? undefined : structs.get(referenceOf(typeName) ?? -1);
      const slot = value === null ? null : evaluate(value, definitions);
      return struct === undefined || typeof slot !== "bigint"
        ? []
        : [{ ...struct, slot: slot.toString(), declaredBy }];
    }),
  );
}

function declarationIn(definition: AstNode, id: number): AstNode | null {
  for (const node of walk(definition)) {
    if (node.nodeType === "VariableDeclaration" && idOf(node) === id) {
      return node;
    }
  }
  return null;
}

/** Locals that are set once, where they are declared, by the expression that sets them. */
function localValues(definition: AstNode, assemblies: readonly AstNode[]): Map<number, AstNode> {
  const values = new Map<number, AstNode>();
  const changed = new Set<number>();
  for (const node of walk(definition)) {
    if (node.nodeType === "VariableDeclarationStatement") {
      const [declared, ...others] = nodesAt(node, "declarations");
      const id = declared === undefined ? null : idOf(declared);
      const value = nodeAt(node, "initialValue");
      if (id !== null && value !== null && others.length === 0) {
        values.set(id, value);
      }
    } else if (node.nodeType === "Assignment" || node.nodeType === "UnaryOperation") {
      const target = nodeAt(node, "leftHandSide") ?? nodeAt(node, "subExpression");
      for (const part of target === null ? [] : walk(target)) {
        changed.add(referenceOf(part) ?? -1);
      }
    }
  }
  for (const assembly of assemblies) {
    const references = yulReferences(assembly);
    for (const { names } of yulAssignments(assembly)) {
      for (const name of names) {
        changed.add(references.get(name) ?? -1);
      }
    }
  }
  for (const id of changed) {
    values.delete(id);
  }
  return values;
}

interface SlotAssignment {
  readonly pointer: number;
  /** an expression of the source, or a literal; null if it is neither */
  readonly value: AstNode | null;
}

/** `pointer.slot := value`, for pointers that are assigned once. */
function slotAssignments(assembly: AstNode): SlotAssignment[] {
  const references = yulReferences(assembly);
  const assigned = new Map<number, AstNode | null>();
  for (const { names, value } of yulAssignments(assembly)) {
    const [name, ...others] = names;
    const pointer = name?.endsWith(".slot") === true ? references.get(name) : undefined;
    if (pointer !== undefined && others.length === 0) {
      assigned.set(pointer, assigned.has(pointer) ? null : yulValue(value, references));
    }
  }
  return [...assigned].map(([pointer, value]) => ({ pointer, value }));
}

function yulValue(value: AstNode | null, references: ReadonlyMap<string, number>): AstNode | null {
  if (value?.nodeType === "YulLiteral" && value.kind === "number") {
    const text = textAt(value, "value") ?? "";
    const isNumber = /^(0x[0-9a-fA-F]+|\d+)$/.test(text);
    const typeString = isNumber ? `int_const ${BigInt(text)}` : "";
    return { nodeType: "Literal", typeDescriptions: { typeString } };
  }
  const id =
    value?.nodeType === "YulIdentifier" ? references.get(textAt(value, "name") ?? "") : null;
  return id === undefined || id === null
    ? null
    : { nodeType: "Identifier", referencedDeclaration: id };
}

function yulAssignments(
  assembly: AstNode,
): { readonly names: readonly string[]; readonly value: AstNode | null }[] {
  const root = nodeAt(assembly, "AST");
  return (root === null ? [] : [...walk(root)])
    .filter(({ nodeType }) => nodeType === "YulAssignment")
    .map((node) => ({
      names: nodesAt(node, "variableNames").map((name) => textAt(name, "name") ?? ""),
      value: nodeAt(node, "value"),
    }));
}

/** Declarations by the names that the assembly uses for them (`position`, `ds.slot`). */
function yulReferences(assembly: AstNode): Map<string, number> {
  const bySource = new Map<string, number>();
  for (const reference of Array.isArray(assembly.externalReferences)
    ? assembly.externalReferences
    : []) {
    if (typeof reference?.declaration === "number" && typeof reference.src === "string") {
      bySource.set(reference.src, reference.declaration);
    }
  }
  const root = nodeAt(assembly, "AST");
  const byName = new Map<string, number>();
  for (const node of root === null ? [] : walk(root)) {
    const declaration = bySource.get(textAt(node, "src") ?? "");
    const name = textAt(node, "name");
    if (node.nodeType === "YulIdentifier" && declaration !== undefined && name !== null) {
      byName.set(name, declaration);
    }
  }
  return byName;
}

/** The source units of an output that have an AST. */
export function unitsOf(
  sources: SourceUnits,
): { readonly source: string; readonly root: AstNode }[] {
  return Object.entries(sources).flatMap(([source, { ast }]) =>
    typeof ast === "object" && ast !== null && "nodeType" in ast && typeof ast.nodeType === "string"
      ? [{ source, root: ast as AstNode }] // an object with a nodeType
      : [],
  );
}
