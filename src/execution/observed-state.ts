/**
 * The state below one incarnation, as far as the incarnation has observed it.
 *
 * Owns: asking the LocationReader (once per location), remembering its answers with their origins
 * in the order of first access, and remembering that a read failed.
 * Does not own: own writes (incarnation-view.ts), the form of a read set (incarnation-sets.ts).
 */
import type { Address, Hash } from "../state/hex";
import type { LocationKind } from "../state/location";
import { MissingState, type StateKey } from "../state/missing";
import type { ReadSet } from "../state/read-set";
import type { AccountView, ExactObservation, SlotView } from "./account-view";
import { AnsweredReader } from "./answered-reader";
import type { ListedLocation } from "./incarnation-sets";
import { type LocationReader, ReadBlocked } from "./location-reader";
import type { ObservedNumber } from "./observed-number";

export class ObservedState {
  readonly reads: ListedLocation[] = [];
  #reader: LocationReader;
  #failure: { readonly error: unknown } | null = null;

  constructor(reader: LocationReader) {
    this.#reader = reader;
  }

  get blockedOn(): number | null {
    const error = this.#failure?.error;
    return error instanceof ReadBlocked ? error.blockingTransaction : null;
  }

  get missing(): StateKey | null {
    const error = this.#failure?.error;
    return error instanceof MissingState ? error.key : null;
  }

  missBlockHash(number: bigint): never {
    const error = new MissingState({ kind: "blockHash", number }, null);
    this.#failure = { error };
    throw error;
  }

  get failure(): { readonly error: unknown } | null {
    return this.#failure;
  }

  rethrowFailure(): void {
    if (this.#failure !== null) {
      throw this.#failure.error;
    }
  }

  /** Not an observation: see LocationReader. */
  balanceBeforeBlock(address: Address): bigint {
    try {
      return this.#reader.balanceBeforeBlock(address);
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** @param approximate only a bound is asked for now */
  balance(account: AccountView, approximate = false): ObservedNumber {
    const { balanceBefore } = account;
    if (balanceBefore.before === undefined) {
      try {
        const value = this.#reader.balance(account.address, approximate);
        balanceBefore.load(value, this.#reader);
        balanceBefore.unfinished = approximate ? this.#reader.unfinished : -1;
      } catch (error) {
        return this.#fail(error);
      }
      this.#list(account, "balance");
    } else if (!approximate && balanceBefore.unfinished >= 0) {
      return this.#fail(new ReadBlocked(balanceBefore.unfinished));
    }
    return balanceBefore;
  }

  nonce(account: AccountView): ObservedNumber {
    const { nonceBefore } = account;
    if (nonceBefore.before === undefined) {
      try {
        const value = this.#reader.nonce(account.address);
        nonceBefore.load(value, this.#reader);
      } catch (error) {
        return this.#fail(error);
      }
      this.#list(account, "nonce");
    }
    return nonceBefore;
  }

  codeHash(account: AccountView): Hash {
    if (account.codeHashBefore === undefined) {
      try {
        const value = this.#reader.codeHash(account.address);
        account.codeHashBefore = this.#observed(value);
      } catch (error) {
        return this.#fail(error);
      }
      this.#list(account, "code");
    }
    return account.codeHashBefore.value;
  }

  /** Bytes of a code whose hash was read: content, not a location. */
  code(codeHash: Hash): Uint8Array {
    try {
      return this.#reader.code(codeHash);
    } catch (error) {
      return this.#fail(error);
    }
  }

  exists(account: AccountView): boolean {
    if (account.existsBefore === undefined) {
      try {
        const value = this.#reader.exists(account.address);
        account.existsBefore = this.#observed(value);
      } catch (error) {
        return this.#fail(error);
      }
      this.#list(account, "existence");
    }
    return account.existsBefore.value;
  }

  /** Listed as a read of the existence location: which life's storage the account has. */
  hasStorage(account: AccountView): boolean {
    this.exists(account);
    if (account.hasStorageBefore === undefined) {
      try {
        account.hasStorageBefore = this.#reader.hasStorage(account.address);
      } catch (error) {
        return this.#fail(error);
      }
    }
    return account.hasStorageBefore;
  }

  storage(account: AccountView, slot: SlotView): bigint {
    const known = slot.before;
    if (known !== undefined) {
      return known;
    }
    const reader = this.#reader;
    let value: bigint;
    try {
      value = reader.storage(account.address, slot.slot);
    } catch (error) {
      return this.#fail(error);
    }
    slot.before = value;
    slot.origin = reader.origin;
    slot.location = reader.location;
    this.#list(account, "storage", slot);
    return value;
  }

  /**
   * Forgets what was observed since `earlier` was the read set, but not what was answered: a location that is
   * asked for again is observed anew, with the version that it had.
   */
  rewind(earlier: ReadSet): void {
    const forgotten = this.reads.splice(earlier.length);
    this.#reader = new AnsweredReader(this.#reader, forgotten);
    for (const { account, kind, slot } of forgotten) {
      account.forget(kind, slot);
    }
    for (const [place, read] of earlier.entries()) {
      const account = this.reads[place]?.account;
      if (read.kind === "balance") {
        account?.balanceBefore.widen(read);
      } else if (read.kind === "nonce") {
        account?.nonceBefore.widen(read);
      }
    }
  }

  #observed<Value>(value: Value): ExactObservation<Value> {
    const { origin, location } = this.#reader;
    return { value, origin, location };
  }

  #fail(error: unknown): never {
    this.#failure = { error };
    throw error;
  }

  #list(account: AccountView, kind: LocationKind, slot: SlotView | null = null): void {
    this.reads.push({ account, kind, slot });
  }
}
