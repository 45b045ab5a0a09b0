/**
 * Which recorded calls are worth executing again on other values: of every function and variable the
 * first few that change it, and of every packed slot the first few that read it.
 *
 * Owns: the choice. Does not own: executing (probe-run.ts).
 */
import type { Address } from "../../state/hex";
import type { SlotGroups } from "../slot-groups";
import type { SlotPart } from "../slot-name";
import type { Workload } from "../workload";
import { changedPart, entriesOf } from "../write-class";
import { type PartPlace, WHOLE_SLOT } from "../write-rule";

export interface Probe {
  /** place of the transaction in the run */
  readonly position: number;
  readonly address: Address;
  readonly slot: bigint;
  readonly place: PartPlace;
  /** `change`: is the write a delta? `use`: does anything depend on the value? */
  readonly kind: "change" | "use";
  /** of the function and the variable, for the answer */
  readonly functionKey: string;
  readonly variable: string;
}

/** Calls of one function that are tried for one variable. */
const MAX_TRIES = 2;

/** In the order of the run. */
export function planProbes(workload: Workload, groups: SlotGroups): Probe[] {
  const plan = new Plan();
  for (const transaction of workload.transactions) {
    if (transaction.setup || transaction.failed) {
      continue;
    }
    for (const [location, { writer = -1, readers }] of entriesOf(transaction)) {
      const change = transaction.changes.get(location);
      const place = workload.locations.at(location).location;
      if (place.kind !== "storage") {
        continue;
      }
      const { position } = transaction;
      const { address, slot } = place;
      const parts = groups.parts(location);
      const entry = transaction.entries[writer];
      if (change !== undefined && change.before !== change.after && entry !== undefined) {
        const part = changedPart(change, parts);
        const variable = part?.variable ?? groups.get(groups.groupOf(location)).variable;
        if (part !== undefined) {
          const { functionKey } = entry;
          const where = part ?? WHOLE_SLOT;
          plan.add({
            position,
            address,
            slot,
            place: where,
            kind: "change",
            functionKey,
            variable,
          });
        }
      }
      for (const part of parts.length > 1 ? parts : []) {
        for (const functionKey of keysOf(transaction.entries, readers)) {
          const { variable } = part satisfies SlotPart;
          plan.add({ position, address, slot, place: part, kind: "use", functionKey, variable });
        }
      }
    }
  }
  return plan.probes;
}

function keysOf(
  entries: readonly { readonly functionKey: string }[],
  wanted: ReadonlySet<number>,
): string[] {
  return [...wanted].flatMap((entry) => entries[entry]?.functionKey ?? []);
}

class Plan {
  readonly probes: Probe[] = [];
  readonly #tries = new Map<string, number>();

  add(probe: Probe): void {
    const key = `${probe.kind}\n${probe.functionKey}\n${probe.variable}`;
    const tries = this.#tries.get(key) ?? 0;
    if (tries < MAX_TRIES) {
      this.#tries.set(key, tries + 1);
      this.probes.push(probe);
    }
  }
}
