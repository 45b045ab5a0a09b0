/** Which bytes of a packed slot a transaction uses, from what probing its functions showed. */
import type { SlotPart } from "../slot-name";
import type { WorkloadTransaction } from "../workload";
import { entriesOf } from "../write-class";
import type { ValueProbes } from "./value-probes";

/** One bit for each byte, from the right end of the slot; null where a function was not probed. */
export function usedBytes(
  transaction: WorkloadTransaction,
  location: number,
  parts: readonly SlotPart[],
  probes: ValueProbes | undefined,
): number | null {
  let bytes = 0;
  for (const reader of entriesOf(transaction).get(location)?.readers ?? []) {
    const { functionKey = "" } = transaction.entries[reader] ?? {};
    for (const { variable, offset, bytes: size } of parts) {
      const uses = probes?.uses(functionKey, variable);
      if (uses === undefined) {
        return null;
      }
      bytes |= uses ? (2 ** size - 1) << offset : 0;
    }
  }
  return bytes;
}
