/**
 * Members of a slot that several variables share: which of them a function changes, and which it uses.
 *
 * Owns: the names. Does not own: finding out what is used (value-probes/).
 */
import type { ValueProbes } from "../value-probes/value-probes";
import { partValue } from "../write-rule";
import type { RoleAccess } from "./role-candidates";

/** Names of the members that some write changed; empty if the slot holds one variable. */
export function changedMembers(accesses: readonly RoleAccess[]): string[] {
  const names = new Set<string>();
  for (const { access } of accesses) {
    const { before, after, parts, write } = access;
    if (write && before !== null && after !== null && parts.length > 1) {
      for (const part of parts) {
        if (partValue(part, before) !== partValue(part, after)) {
          names.add(lastPart(part.variable));
        }
      }
    }
  }
  return [...names];
}

/** Names of the members whose value some call uses; null if it is not known of one of them. */
export function usedMembers(
  accesses: readonly RoleAccess[],
  probes: ValueProbes | undefined,
): string[] | null {
  const names = new Set<string>();
  for (const { view, access } of accesses) {
    for (const reader of access.readers) {
      const functionKey = view.call.transaction.entries[reader]?.functionKey ?? "";
      for (const { variable } of access.parts) {
        const uses = probes?.uses(functionKey, variable);
        if (uses === undefined) {
          return null;
        }
        if (uses) {
          names.add(lastPart(variable));
        }
      }
    }
  }
  return [...names];
}

function lastPart(variable: string): string {
  return variable.slice(variable.lastIndexOf(".") + 1);
}
