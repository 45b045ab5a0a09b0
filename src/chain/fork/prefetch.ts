/**
 * What transactions are known to touch before they run: loaded in one batch with whatever else a block
 * needs, so that only what depends on values costs further round trips.
 */
import type { Address } from "../../state/hex";
import type { StateKey } from "../../state/missing";
import type { ChainTransaction } from "../chain";

/** Senders, recipients, authorities and their codes, access lists, and the coinbase. */
export function keysOfTransactions(
  transactions: readonly ChainTransaction[],
  coinbase: Address,
): StateKey[] {
  const keys: StateKey[] = [{ kind: "account", address: coinbase }];
  for (const { input } of transactions) {
    const { from, to, accessList, authorizationList } = input;
    keys.push({ kind: "account", address: from });
    if (to !== null) {
      keys.push({ kind: "account", address: to });
    }
    for (const { address, slots } of accessList) {
      keys.push({ kind: "account", address });
      for (const slot of slots) {
        keys.push({ kind: "slot", address, slot });
      }
    }
    for (const { authority, address } of authorizationList) {
      keys.push({ kind: "account", address });
      if (authority !== null) {
        keys.push({ kind: "account", address: authority });
      }
    }
  }
  return keys;
}
