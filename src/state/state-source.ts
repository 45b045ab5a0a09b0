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
  /**
   * Begins to fetch what may be needed soon, and comes back at once. What the remote does not give is
   * left out and never reported: a later `fetch` of it asks again. A `fetch` meanwhile waits only for
   * those of its own keys that are on their way.
   * @param arrived called for each part of the keys that is here
   */
  prefetch(keys: SourceKeys, arrived: (keys: SourceKeys, values: SourceValues) => void): void;
}
