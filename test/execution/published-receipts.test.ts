/** Receipts made of what threads have published, against those made of the outcomes. */
import { expect } from "chai";
import fc from "fast-check";
import { NO_LOGS } from "../../src/execution/encoded-logs";
import { receiptBodies } from "../../src/execution/receipt-bodies";
import { receiptsRootOf } from "../../src/execution/receipts-root";
import { BlockMemory, openSharedBlock } from "../../src/execution/shared-block";
import { bytesToHex } from "../../src/state/bytes";
import { storeOf } from "../helpers/parallel-equals-sequential";
import { propertyParameters } from "../helpers/properties";
import { arbitraryFacts, arbitraryGas, textsOf } from "../helpers/receipts";

const store = storeOf(new Map());

const use = { gasUsed: arbitraryGas, blobGasUsed: fc.constant(0n) };
const receipts = fc.array(fc.tuple(arbitraryFacts, fc.record(use)), { minLength: 1, maxLength: 8 });

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
        expect(made === null ? null : textsOf(made.bodies)).to.deep.equal(textsOf(bodies));
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
      expect(made === null ? null : textsOf(made.bodies)).to.deep.equal(
        textsOf(receiptBodies([NO_LOGS, NO_LOGS])),
      );
    }
  });
});
