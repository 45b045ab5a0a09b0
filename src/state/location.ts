/**
 * A location: the smallest piece of state that a transaction reads or writes and over which two
 * transactions conflict.
 *
 * Balance, nonce, code and each storage slot of an account are locations of their own. `existence`
 * is the life of the account: whether it is there at all (observable only before EIP-161) and which
 * storage it has (a destroyed or re-made account starts with empty storage).
 *
 * Owns: kinds, keys. Does not own: values, versions.
 */
import type { Address } from "./hex";

export type AccountLocationKind = "balance" | "nonce" | "code" | "existence";
export type LocationKind = AccountLocationKind | "storage";

export interface AccountLocation {
  readonly kind: AccountLocationKind;
  readonly address: Address;
}

export interface StorageLocation {
  readonly kind: "storage";
  readonly address: Address;
  readonly slot: bigint;
}

export type Location = AccountLocation | StorageLocation;

/** Stable order of kinds, also their number in binary encodings. */
export const LOCATION_KINDS: readonly LocationKind[] = [
  "balance",
  "nonce",
  "code",
  "existence",
  "storage",
];

/** A string that is equal for two locations exactly if they are the same location. */
export function locationKey(location: Location): string {
  return location.kind === "storage"
    ? `storage:${location.address}:${location.slot.toString(16)}`
    : `${location.kind}:${location.address}`;
}
