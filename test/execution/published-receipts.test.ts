/** Receipts made of what threads have published, against those made of the outcomes. */
import { expect } from "chai";
import fc from "fast-check";
import { encodeLogs, NO_LOGS } from "../../src/execution/encoded-logs";
import type { Log } from "../../src/execution/outcome";
import { type ReceiptBodies, receiptBodies } from "../../src/execution/receipt-bodies";
import { receiptsRootOf } from "../../src/execution/receipts-root";
import { BlockMemory, openSharedBlock } from "../../src/execution/shared-block";
import { bytesToHex } from "../../src/state/bytes";
import { storeOf } from "../helpers/parallel-equals-sequential";
import { propertyParameters } from "../helpers/properties";

const store = storeOf(new Map());

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);
const log: fc.Arbitrary<Log> = fc.record({
  address: fc.oneof(fc.constant(bytesToHex(new Uint8Array(20).fill(7))), hex(20)),
  topics: fc.array(fc.oneof(fc.constant(bytesToHex(new Uint8Array(32).fill(9))), hex(32)), {
    maxLength: 4,
  }),
  data: fc.uint8Array({ maxLength: 300 }).map(bytesToHex),
});
const facts = fc.record({
  type: fc.constantFrom(0, 1, 2, 3, 4),
  status: fc.constantFrom(0, 1),
  logs: fc.array(log, { maxLength: 3 }).map(encodeLogs),
});
const use = { gasUsed: fc.bigInt(21_000n, 1n << 40n), blobGasUsed: fc.constant(0n) };
const receipts = fc.array(fc.tuple(facts, fc.record(use)), { minLength: 1, maxLength: 8 });

function textOf({ bytes, starts, ends, logCounts }: ReceiptBodies): string[] {
  return [...starts].map(
    (start, index) => `${logCounts[index]} ${bytesToHex(bytes.subarray(start, ends[index]))}`,
  );
}

describe("Published receipts", () => {
  it("are those of the latest incarnations, whichever thread makes them, and are made once", () => {
    fc.assert(
      fc.property(receipts, (published) => {
        const { buffers, block } = new BlockMemory().begin(published.length, store);
        const other = openSharedBlock(buffers, store);
        published.forEach(([receipt, gasUse], index) => {
          other.receipts.publish(index, { type: 2, status: 1, logs: NO_LOGS });
          block.receipts.publish(index, receipt);
          block.gasUses.publish(index, gasUse);
        });
        const made = other.receipts.madeUnlessTaken(other.gasUses);
        const bodies = receiptBodies(published.map(([{ logs }]) => logs));
        const heads = published.map(([{ type, status }, { gasUsed }]) => {
          return { type, status, gasUsed };
        });
        expect(made === null ? null : textOf(made.bodies)).to.deep.equal(textOf(bodies));
        expect(bytesToHex(made?.root ?? new Uint8Array())).to.equal(
          bytesToHex(receiptsRootOf(bodies, heads)),
        );
        expect(block.receipts.madeUnlessTaken(block.gasUses)).to.equal(null);
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("have no root where a transaction has no receipt, or its gas is not known", () => {
    for (const missing of ["receipt", "gas"]) {
      const { block } = new BlockMemory().begin(2, store);
      for (const index of [0, 1]) {
        const has = (what: string) => index === 0 || missing !== what;
        const receipt = { type: 2, status: 1, logs: NO_LOGS } as const;
        block.receipts.publish(index, has("receipt") ? receipt : null);
        block.gasUses.publish(index, has("gas") ? { gasUsed: 21_000n, blobGasUsed: 0n } : null);
      }
      const made = block.receipts.madeUnlessTaken(block.gasUses);
      expect(made?.root).to.equal(null);
      expect(made === null ? null : textOf(made.bodies)).to.deep.equal(
        textOf(receiptBodies([NO_LOGS, NO_LOGS])),
      );
    }
  });
});
