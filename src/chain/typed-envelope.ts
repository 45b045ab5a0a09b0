/** EIP-2718: the envelope that transactions and receipts share. */
import { type Input, RLP } from "@ethereumjs/rlp";

/** RLP of the items, behind the type byte; legacy (type 0) has none. */
export function typedEnvelope(type: number, items: Input[]): Uint8Array {
  const payload = RLP.encode(items);
  if (type === 0) {
    return payload;
  }
  const bytes = new Uint8Array(payload.length + 1);
  bytes[0] = type;
  bytes.set(payload, 1);
  return bytes;
}
