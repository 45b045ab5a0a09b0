/**
 * solc's AST as the rest of this folder reads it (docs.soliditylang.org, "AST output"): nodes with a
 * type, an id and named parts. Compilers before 0.5 write another shape: no node of it is found.
 *
 * Owns: safe access and the walk. Does not own: what declarations mean.
 */

export interface AstNode {
  readonly nodeType: string;
  readonly id?: unknown;
  readonly [part: string]: unknown;
}

/** Source units by source name, as `output.sources` gives them. */
export type SourceUnits = Readonly<Record<string, { readonly ast?: unknown }>>;

export function isNode(value: unknown): value is AstNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "nodeType" in value &&
    typeof value.nodeType === "string"
  );
}

/** A part that is a node, null for anything else. */
export function nodeAt(node: AstNode, part: string): AstNode | null {
  const value = node[part];
  return isNode(value) ? value : null;
}

/** The nodes of a part that is a list. */
export function nodesAt(node: AstNode, part: string): readonly AstNode[] {
  const value = node[part];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textAt(node: AstNode, part: string): string | null {
  const value = node[part];
  return typeof value === "string" ? value : null;
}

export function idOf(node: AstNode): number | null {
  return typeof node.id === "number" ? node.id : null;
}

/** The declaration that a name refers to; negative and huge ids are the language's own. */
export function referenceOf(node: AstNode): number | null {
  const value = node.referencedDeclaration;
  return typeof value === "number" ? value : null;
}

/** `uint256`, `int_const 5`, `struct A.S storage pointer` */
export function typeOf(node: AstNode): string {
  const { typeDescriptions } = node;
  return typeof typeDescriptions === "object" &&
    typeDescriptions !== null &&
    "typeString" in typeDescriptions &&
    typeof typeDescriptions.typeString === "string"
    ? typeDescriptions.typeString
    : "";
}

/** A node and everything below it, in order of the source. */
export function* walk(root: AstNode): Generator<AstNode> {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        stack.push(value[i]);
      }
    } else if (typeof value === "object" && value !== null) {
      if (isNode(value)) {
        yield value;
      }
      const parts = Object.values(value);
      for (let i = parts.length - 1; i >= 0; i--) {
        if (typeof parts[i] === "object") {
          stack.push(parts[i]);
        }
      }
    }
  }
}
