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
  /** slots that are listed and no longer, or not at present, in `slots`; null until there is one */
  slotsGone: Set<bigint> | null = null;

  constructor(address: Address) {
    this.address = address;
  }

  /** The slot is written, or was: it is in the list of writes. */
  hasListed(slot: bigint): boolean {
    return this.slots?.has(slot) === true || this.slotsGone?.has(slot) === true;
  }

  /** The slot is not written any more. */
  noteGone(slot: bigint): void {
    this.slotsGone ??= new Set();
    this.slotsGone.add(slot);
  }
}
