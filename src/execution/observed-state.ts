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
import type { AccountView } from "./account-view";
import type { ListedLocation } from "./incarnation-sets";
import { type LocationReader, ReadBlocked } from "./location-reader";
import type { ObservedNumber } from "./observed-number";

export class ObservedState {
  readonly reads: ListedLocation[] = [];
  readonly #reader: LocationReader;
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
    return this.#ask((reader) => reader.balanceBeforeBlock(address));
  }

  /** @param approximate only a bound is asked for now */
  balance(account: AccountView, approximate = false): ObservedNumber {
    if (account.balanceBefore.before === undefined) {
      const value = this.#ask((reader) => reader.balance(account.address, approximate));
      account.balanceBefore.load(value, { ...this.#reader.origin });
      this.#list(account, "balance");
    }
    return account.balanceBefore;
  }

  nonce(account: AccountView): ObservedNumber {
    if (account.nonceBefore.before === undefined) {
      const value = this.#ask((reader) => reader.nonce(account.address));
      account.nonceBefore.load(value, { ...this.#reader.origin });
      this.#list(account, "nonce");
    }
    return account.nonceBefore;
  }

  codeHash(account: AccountView): Hash {
    if (account.codeHashBefore === undefined) {
      const value = this.#ask((reader) => reader.codeHash(account.address));
      account.codeHashBefore = { value, origin: { ...this.#reader.origin } };
      this.#list(account, "code");
    }
    return account.codeHashBefore.value;
  }

  /** Bytes of a code whose hash was read: content, not a location. */
  code(codeHash: Hash): Uint8Array {
    return this.#ask((reader) => reader.code(codeHash));
  }

  exists(account: AccountView): boolean {
    if (account.existsBefore === undefined) {
      const value = this.#ask((reader) => reader.exists(account.address));
      account.existsBefore = { value, origin: { ...this.#reader.origin } };
      this.#list(account, "existence");
    }
    return account.existsBefore.value;
  }

  /** Listed as a read of the existence location: which life's storage the account has. */
  hasStorage(account: AccountView): boolean {
    this.exists(account);
    account.hasStorageBefore ??= this.#ask((reader) => reader.hasStorage(account.address));
    return account.hasStorageBefore;
  }

  storage(account: AccountView, slot: bigint): bigint {
    let known = account.storageBefore?.get(slot);
    if (known === undefined) {
      const value = this.#ask((reader) => reader.storage(account.address, slot));
      known = { value, origin: { ...this.#reader.origin } };
      account.storageBefore ??= new Map();
      account.storageBefore.set(slot, known);
      this.#list(account, "storage", slot);
    }
    return known.value;
  }

  #ask<Value>(question: (reader: LocationReader) => Value): Value {
    try {
      return question(this.#reader);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #list(account: AccountView, kind: LocationKind, slot = 0n): void {
    this.reads.push({ account, kind, slot });
  }
}
