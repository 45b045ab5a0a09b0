/**
 * The encoding of receipts since Byzantium (yellow paper, section 4.4.1; EIP-658, EIP-2718): a body
 * (receipt-bodies.ts) behind type, status and cumulative gas.
 */
import { headerLength, LIST, writeHeader, writeNumber } from "../state/trie/rlp";
import type { ReceiptBodies } from "./receipt-bodies";

/** Of the head: status and cumulative gas, before it is known how long they are. */
const fields = new Uint8Array(48);
const fieldsView = new DataView(fields.buffer);

/**
 * Completes the receipt in front of its body, and returns its encoding as a part of the bodies.
 * @param type of the transaction; legacy (0) has no type byte
 * @param cumulativeGasUsed below 2^64
 */
export function completeReceipt(
  { bytes, starts, ends }: ReceiptBodies,
  index: number,
  type: number,
  status: 0 | 1,
  cumulativeGasUsed: bigint,
): Uint8Array {
  const bodyStart = starts[index] ?? 0;
  const end = ends[index] ?? 0;
  const statusEnd = writeNumber(fields, fieldsView, 0, BigInt(status));
  const fieldsEnd = writeNumber(fields, fieldsView, statusEnd, cumulativeGasUsed);
  const fieldsStart = bodyStart - fieldsEnd;
  for (let byte = 0; byte < fieldsEnd; byte++) {
    bytes[fieldsStart + byte] = fields[byte] ?? 0;
  }
  let start = fieldsStart - headerLength(end - fieldsStart);
  writeHeader(bytes, start, LIST, end - fieldsStart);
  if (type !== 0) {
    bytes[--start] = type;
  }
  return bytes.subarray(start, end);
}
