/**
 * What has no name, counted: nothing unresolved is hidden.
 *
 * Owns: counting. Does not own: naming.
 */
import type { FunctionRows } from "./function-rows";
import type { SlotGroups } from "./slot-groups";
import type { Windows } from "./windows";
import type { Workload } from "./workload";

export interface Unresolved {
  /** different storage slots without a name */
  readonly slots: number;
  /** different storage slots touched */
  readonly ofSlots: number;
  /** `Token.slot 0x5`, at most `MAX_EXAMPLES` */
  readonly examples: readonly string[];
  /** calls of functions without a name */
  readonly calls: number;
}

const MAX_EXAMPLES = 10;

export function countUnresolved(
  workload: Workload,
  windows: Windows,
  groups: SlotGroups,
  rows: FunctionRows,
): Unresolved {
  // a slot of one contract is one slot, however often the chain was reverted below it
  const slots = new Set<string>();
  const unresolved = new Set<string>();
  const examples: string[] = [];
  for (const [number, { location }] of [...workload.locations].entries()) {
    if (location.kind !== "storage") {
      continue;
    }
    const { group, label } = groups.name(number);
    const { contract, resolved } = groups.get(group);
    const key = `${location.address}:${contract}:${label}`;
    slots.add(key);
    if (!resolved && !unresolved.has(key)) {
      unresolved.add(key);
      if (examples.length < MAX_EXAMPLES) {
        examples.push(`${contract}.${label}`);
      }
    }
  }
  let calls = 0;
  for (const { transactions } of windows.windows) {
    for (const { entries } of transactions) {
      for (const entry of entries) {
        const row = rows.functionRow(entry);
        calls += row !== null && !rows.functionName(row).resolved ? 1 : 0;
      }
    }
  }
  return { slots: unresolved.size, ofSlots: slots.size, examples, calls };
}
