/**
 * Which declarations a contract's code may be made of: the contract itself, its bases, and the
 * libraries, contracts and file-level declarations that these refer to, and so on.
 *
 * Owns: this closure, by the ids of contracts and file-level declarations ("units"). Does not own:
 * what is taken from a unit.
 */
import { type AstNode, idOf, nodesAt, referenceOf, walk } from "./ast";

export class ContractScope {
  readonly #unitOf = new Map<number, number>();
  readonly #units = new Map<number, AstNode>();
  readonly #references = new Map<number, Set<number>>();

  constructor(roots: readonly AstNode[]) {
    const units = roots.flatMap((root) => nodesAt(root, "nodes"));
    for (const unit of units) {
      const unitId = idOf(unit);
      for (const node of unitId === null ? [] : walk(unit)) {
        const id = idOf(node);
        if (id !== null && unitId !== null) {
          this.#unitOf.set(id, unitId);
        }
      }
    }
    for (const unit of units) {
      const unitId = idOf(unit);
      if (unitId !== null) {
        this.#units.set(unitId, unit);
        this.#references.set(unitId, this.#referencesOf(unit));
      }
    }
  }

  /** The unit that a node is part of. */
  unitOf(node: number): number | undefined {
    return this.#unitOf.get(node);
  }

  unit(id: number): AstNode | undefined {
    return this.#units.get(id);
  }

  /** A unit and all that it is made of, itself first. */
  of(unit: number): ReadonlySet<number> {
    const reached = new Set([unit]);
    for (const at of reached) {
      for (const next of this.#references.get(at) ?? []) {
        reached.add(next); // a Set's iteration comes to what is added meanwhile
      }
    }
    return reached;
  }

  #referencesOf(unit: AstNode): Set<number> {
    const references = new Set<number>();
    for (const node of walk(unit)) {
      const target = this.#unitOf.get(referenceOf(node) ?? -1);
      if (target !== undefined) {
        references.add(target);
      }
    }
    return references;
  }
}
