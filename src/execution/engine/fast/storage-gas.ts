/** Dynamic gas and refund of SSTORE: Frontier, EIP-1283 and EIP-2200 with EIP-2929 and 3529. */
import type { MessageJournal } from "./message-journal";
import type { Schedule } from "./schedule";

/**
 * Gas of storing `value` over `current` where the transaction began with `original`, without the
 * cold-slot surcharge and the sentry check. Changes the refund counter of the journal.
 */
export function storageGas(
  schedule: Schedule,
  journal: MessageJournal,
  original: bigint,
  current: bigint,
  value: bigint,
): number {
  const gas = schedule.storage;
  if (!schedule.istanbul && !schedule.constantinopleStorageGas) {
    if (value === 0n && current !== 0n) {
      journal.refund += gas.frontierClearRefund;
    }
    return value !== 0n && current === 0n ? gas.frontierSet : gas.frontierReset;
  }
  if (current === value) {
    return gas.noop;
  }
  if (original === current) {
    if (original === 0n) {
      return gas.init;
    }
    if (value === 0n) {
      journal.refund += gas.clearRefund;
    }
    return gas.clean;
  }
  if (original !== 0n) {
    if (current === 0n) {
      journal.refund -= gas.clearRefund;
    } else if (value === 0n) {
      journal.refund += gas.clearRefund;
    }
  }
  if (original === value) {
    journal.refund += original === 0n ? gas.initRefund : gas.cleanRefund;
  }
  return gas.dirty;
}
