/** Arbitrary receipts, and what is compared of their bodies. */
import fc from "fast-check";
import { encodeLogs } from "../../src/execution/encoded-logs";
import type { Log } from "../../src/execution/outcome";
import type { ReceiptBodies } from "../../src/execution/receipt-bodies";
import { bytesToHex } from "../../src/state/bytes";

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);

const arbitraryLog: fc.Arbitrary<Log> = fc.record({
  address: fc.oneof(fc.constant(bytesToHex(new Uint8Array(20).fill(7))), hex(20)),
  topics: fc.array(fc.oneof(fc.constant(bytesToHex(new Uint8Array(32).fill(9))), hex(32)), {
    maxLength: 4,
  }),
  data: fc.uint8Array({ maxLength: 300 }).map(bytesToHex),
});

export const arbitraryFacts = fc.record({
  type: fc.constantFrom(0, 1, 2, 3, 4),
  status: fc.constantFrom(0, 1),
  logs: fc.array(arbitraryLog, { maxLength: 3 }).map(encodeLogs),
});

export const arbitraryGas = fc.bigInt(21_000n, 1n << 40n);

/** By receipt, and the bloom of all. */
export function textsOf({ bytes, starts, ends, logCounts, bloom }: ReceiptBodies): string[] {
  const texts = [...starts].map(
    (start, index) => `${logCounts[index]} ${bytesToHex(bytes.subarray(start, ends[index]))}`,
  );
  return [...texts, bytesToHex(bloom)];
}
