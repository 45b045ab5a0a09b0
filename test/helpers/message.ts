/** A message that engines run, for tests that need no transaction around it. */
import type { Message } from "../../src/execution/engine/engine";

/** Of a sender's own, to `to` (null = a creation): no value, data, or warm addresses unless they are given. */
export function messageOf(given: Pick<Message, "caller" | "to"> & Partial<Message>): Message {
  return {
    value: 0n,
    data: new Uint8Array(0),
    gasLimit: 1_000_000n,
    gasPrice: 1n,
    origin: given.caller,
    blobVersionedHashes: [],
    warmAddresses: [],
    warmSlots: [],
    callerNonce: 0n,
    ...given,
  };
}
