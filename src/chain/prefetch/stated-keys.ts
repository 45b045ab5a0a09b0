/**
 * What transactions and calls say themselves about the state that they touch.
 */
import type { TransactionInput } from "../../execution/transaction";
import type { Address } from "../../state/hex";
import type { StateKey } from "../../state/missing";

type Statement = Pick<TransactionInput, "from" | "to" | "accessList" | "authorizationList">;

/**
 * What is needed in any case: senders, recipients and authorities with their codes. Loaded in one batch
 * before anything runs.
 * @param coinbase of the block, if there is one
 */
export function neededKeys(inputs: readonly Statement[], coinbase: Address | null): StateKey[] {
  const keys: StateKey[] = coinbase === null ? [] : [account(coinbase)];
  for (const { from, to, authorizationList } of inputs) {
    keys.push(account(from));
    if (to !== null) {
      keys.push(account(to));
    }
    for (const { authority } of authorizationList) {
      if (authority !== null) {
        keys.push(account(authority));
      }
    }
  }
  return keys;
}

/** What is probably touched: access lists, and the codes that authorities delegate to. */
export function announcedKeys({ accessList, authorizationList }: Statement): StateKey[] {
  return [
    ...accessList.flatMap(({ address, slots }) => [
      account(address),
      ...slots.map((slot): StateKey => ({ kind: "slot", address, slot })),
    ]),
    ...authorizationList.map(({ address }) => account(address)),
  ];
}

function account(address: Address): StateKey {
  return { kind: "account", address };
}
