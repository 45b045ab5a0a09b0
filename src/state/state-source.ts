/**
 * Where a forked state's values come from (types only; the implementation is the chain's fork base).
 *
 * The values are those of one block of the remote and never change. A source answers a batch at once:
 * who has many keys asks for all of them.
 */
import type { Address } from "./hex";

export interface SourceAccount {
  /** wei */
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Uint8Array;
}

export interface SourceKeys {
  readonly accounts: readonly Address[];
  readonly slots: readonly { readonly address: Address; readonly slot: bigint }[];
}

/** In the order of the keys. */
export interface SourceValues {
  readonly accounts: readonly SourceAccount[];
  readonly slots: readonly bigint[];
}

export interface StateSource {
  /** Throws if the remote does not give all of it. */
  fetch(keys: SourceKeys): Promise<SourceValues>;
}
