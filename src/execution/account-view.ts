/**
 * One account, and one slot of it, inside an incarnation: what was read of it and what the incarnation wrote
 * to it.
 *
 * Owns: the values. Does not own: where reads come from, undoing, the order of reads and writes
 * (incarnation-view.ts).
 */
import type { Address, Hash } from "../state/hex";
import type { LocationKind } from "../state/location";
import { PRE_STATE_ORIGIN, type ReadOrigin } from "../state/read-set";
import type { LocationId } from "./location-reader";
import { ObservedNumber } from "./observed-number";

/** A value that can only be read exactly, with its version and its location. */
export interface ExactObservation<Value> {
  readonly value: Value;
  readonly origin: ReadOrigin;
  readonly location: LocationId;
}

export class SlotView {
  readonly slot: bigint;

  /** In the state before the transaction; undefined until it was read. */
  before: bigint | undefined = undefined;
  origin: ReadOrigin = PRE_STATE_ORIGIN;
  /** where it was read, 0 = not known */
  location: LocationId = 0;

  /** Own write; undefined = not written, or not any more. */
  own: bigint | undefined = undefined;
  /** It is, or was, among the writes. */
  isListed = false;

  constructor(slot: bigint) {
    this.slot = slot;
  }

  /** As if it had not been read. */
  forget(): void {
    this.before = undefined;
    this.origin = PRE_STATE_ORIGIN;
    this.location = 0;
  }
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

  // Own writes; undefined = not written.
  /** wei, signed */
  delta = 0n;
  nonce: bigint | undefined = undefined;
  codeHash: Hash | undefined = undefined;
  exists: boolean | undefined = undefined;
  /** Slots of the state before do not belong to this account any more. */
  storageCleared = false;

  // Already listed among the writes.
  balanceWritten = false;
  nonceWritten = false;
  codeWritten = false;
  existenceWritten = false;

  /** null until a slot is read or written */
  #slots: Map<bigint, SlotView> | null = null;
  /** The slot asked for last: what is written was read just before. */
  #latest: SlotView | null = null;

  constructor(address: Address) {
    this.address = address;
  }

  /** As if it had not been read. */
  forget(kind: LocationKind, slot: SlotView | null): void {
    switch (kind) {
      case "balance":
        this.balanceBefore.forget();
        break;
      case "nonce":
        this.nonceBefore.forget();
        break;
      case "storage":
        slot?.forget();
        break;
      case "code":
        this.codeHashBefore = undefined;
        break;
      case "existence":
        this.existsBefore = undefined;
        this.hasStorageBefore = undefined;
        break;
    }
  }

  /** Slots read or written. */
  slots(): Iterable<SlotView> {
    return this.#slots?.values() ?? [];
  }

  slot(slot: bigint): SlotView {
    if (this.#latest?.slot === slot) {
      return this.#latest;
    }
    this.#slots ??= new Map();
    let view = this.#slots.get(slot);
    if (view === undefined) {
      view = new SlotView(slot);
      this.#slots.set(slot, view);
    }
    this.#latest = view;
    return view;
  }
}
