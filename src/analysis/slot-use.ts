/**
 * Who reads and writes the variables that transactions wait on: for the words around a hot slot.
 *
 * Owns: collecting. Does not own: which variables are hot (slot-blame.ts).
 */
import type { DependencyGraph } from "./dependency-graph";
import type { FunctionRows } from "./function-rows";
import type { SlotGroups } from "./slot-groups";
import type { Windows } from "./windows";

export interface SlotUse {
  /** function rows whose own code reads it, in order of first access */
  readonly readers: ReadonlySet<number>;
  readonly writers: ReadonlySet<number>;
  /** There were writes besides a constructor's, and every one put back the value that was there. */
  readonly restored: boolean;
  /** different locations that some transaction waits on */
  readonly locations: number;
  /** label of the location most waited on; of several the first seen */
  readonly example: string;
}

interface Collected {
  readonly readers: Set<number>;
  readonly writers: Set<number>;
  /** writes outside of constructors: those that put the old value back, and the others */
  putBack: number;
  changed: number;
  /** dependencies by location */
  readonly waits: Map<number, number>;
}

/** By group: its use. Only groups on which something waits. */
export function slotUse(
  windows: Windows,
  graphs: readonly DependencyGraph[],
  groups: SlotGroups,
  rows: FunctionRows,
): Map<number, SlotUse> {
  const used = new Map<number, Collected>();
  for (const graph of graphs) {
    for (const location of graph.location) {
      const group = groups.groupOf(location);
      let use = used.get(group);
      if (use === undefined) {
        use = { readers: new Set(), writers: new Set(), putBack: 0, changed: 0, waits: new Map() };
        used.set(group, use);
      }
      use.waits.set(location, (use.waits.get(location) ?? 0) + 1);
    }
  }
  for (const { transactions } of windows.windows) {
    for (const transaction of transactions) {
      for (const { entry, location, read, write } of transaction.accesses) {
        const use = used.get(groups.groupOf(location));
        const called = transaction.entries[entry];
        if (use === undefined || called === undefined) {
          continue;
        }
        const row = rows.functionRow(called);
        if (row !== null && read) {
          use.readers.add(row);
        }
        if (row !== null && write) {
          use.writers.add(row);
        }
        const isCreation = called.frame.kind === "create" || called.frame.kind === "create2";
        if (write && !isCreation) {
          const isSilent = transaction.silentWrites.has(location);
          use[isSilent ? "putBack" : "changed"]++;
        }
      }
    }
  }
  return new Map([...used].map(([group, use]) => [group, summarise(use, groups)]));
}

function summarise(use: Collected, groups: SlotGroups): SlotUse {
  let [example, most] = [-1, 0];
  for (const [location, waits] of use.waits) {
    if (waits > most) {
      [example, most] = [location, waits];
    }
  }
  return {
    readers: use.readers,
    writers: use.writers,
    restored: use.putBack > 0 && use.changed === 0,
    locations: use.waits.size,
    example: groups.name(example).label,
  };
}
