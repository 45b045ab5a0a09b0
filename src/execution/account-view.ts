/**
 * One account inside an incarnation: what was read of it and what the incarnation wrote to it.
 *
 * Owns: the values. Does not own: where reads come from, undoing, the order of reads and writes
 * (incarnation-view.ts).
 */
import type { Address, Hash } from "../state/hex";
import type { ReadOrigin } from "../state/read-set";
import { ObservedNumber } from "./observed-number";

/** A value that can only be read exactly, with its version. */
export interface ExactObservation<Value> {
  readonly value: Value;
  readonly origin: ReadOrigin;
}

export class AccountView {
  readonly address: Address;

  // Reads, of the state before the transaction.
  readonly balanceBefore = new ObservedNumber();
  readonly nonceBefore = new ObservedNumber();
  codeHashBefore: ExactObservation<Hash> | undefined = undefined;
  existsBefore: ExactObservation<boolean> | undefined = undefined;
  /** Part of the existence location: which life's storage the account has. */
  hasStorageBefore: boolean | undefined = undefined;
  /** null until a slot is read */
  storageBefore: Map<bigint, ExactObservation<bigint>> | null = null;

  // Own writes; undefined = not written.
  /** wei, signed */
  delta = 0n;
  nonce: bigint | undefined = undefined;
  codeHash: Hash | undefined = undefined;
  exists: boolean | undefined = undefined;
  /** Slots of the state before do not belong to this account any more. */
  storageCleared = false;
  /** null until a slot is written */
  slots: Map<bigint, bigint> | null = null;

  // Already listed among the writes.
  balanceWritten = false;
  nonceWritten = false;
  codeWritten = false;
  existenceWritten = false;
  slotsWritten: Set<bigint> | undefined = undefined;

  constructor(address: Address) {
    this.address = address;
  }
}
