/**
 * Keys of a remote's state as a list, so that they can be chosen from and divided.
 */
import type { Address } from "../../state/hex";
import type { SourceKeys } from "../../state/state-source";
import { slotText } from "./fork-cache";
import { BATCH_SIZE } from "./json-rpc-client";

/** eth_getBalance, eth_getTransactionCount, eth_getCode */
export const CALLS_PER_ACCOUNT = 3;

/** A key by its text: the address of an account, the `slotText` of a slot (slot null = account). */
export type Entry = readonly [text: string, address: Address, slot: bigint | null];

export function entriesOf({ accounts, slots }: SourceKeys): Entry[] {
  return [
    ...accounts.map((address): Entry => [address, address, null]),
    ...slots.map(({ address, slot }): Entry => [slotText(address, slot), address, slot]),
  ];
}

export function textsOf(keys: SourceKeys): string[] {
  return entriesOf(keys).map(([text]) => text);
}

export function keysOf(entries: readonly Entry[]): SourceKeys {
  return {
    accounts: entries.flatMap(([, address, slot]) => (slot === null ? [address] : [])),
    slots: entries.flatMap(([, address, slot]) => (slot === null ? [] : [{ address, slot }])),
  };
}

/** Divided into as many parts as it takes HTTP requests. */
export function inParts(entries: readonly Entry[]): SourceKeys[] {
  const parts: Entry[][] = [];
  let calls = BATCH_SIZE;
  for (const entry of entries) {
    const cost = entry[2] === null ? CALLS_PER_ACCOUNT : 1;
    if (calls + cost > BATCH_SIZE) {
      parts.push([]);
      calls = 0;
    }
    parts.at(-1)?.push(entry);
    calls += cost;
  }
  return parts.map(keysOf);
}
