/** Receipts made of what a calling thread says of its transactions, against those made of the outcomes. */
import { expect } from "chai";
import fc from "fast-check";
import { type EncodedLogs, encodeLogs, NO_LOGS } from "../../src/execution/encoded-logs";
import type { BlockReceipts } from "../../src/execution/published-receipts";
import { receiptBodies } from "../../src/execution/receipt-bodies";
import { ReceiptFeed, receiptsUnlessTaken } from "../../src/execution/receipt-feed";
import { type ReceiptHead, receiptsRootOf } from "../../src/execution/receipts-root";
import { bytesToHex } from "../../src/state/bytes";
import { propertyParameters } from "../helpers/properties";
import { arbitraryFacts, arbitraryGas, textsOf } from "../helpers/receipts";

type Ended = ReceiptHead & { readonly logs: EncodedLogs };

/** More than one batch, and a last one that is not full. */
const block: fc.Arbitrary<Ended[]> = fc.array(
  fc.tuple(arbitraryFacts, arbitraryGas).map(([facts, gasUsed]) => ({ ...facts, gasUsed })),
  { maxLength: 200, size: "max" },
);

function expectReceipts(made: BlockReceipts | null, transactions: readonly Ended[]): void {
  const bodies = receiptBodies(transactions.map(({ logs }) => logs));
  const root = receiptsRootOf(bodies, transactions);
  expect(made === null ? null : textsOf(made.bodies)).to.deep.equal(textsOf(bodies));
  expect(bytesToHex(made?.root ?? new Uint8Array())).to.equal(bytesToHex(root));
}

function addAll(feed: ReceiptFeed, transactions: readonly Ended[]): void {
  for (const { logs, ...head } of transactions) {
    feed.add(head, logs);
  }
}

const SOME: Ended = { type: 2, status: 1, gasUsed: 21_000n, logs: NO_LOGS };

describe("Receipts of a block that runs in another thread", () => {
  it("are those of its outcomes, block after block in the same memory", () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 3 }), (blocks) => {
        const feed = new ReceiptFeed();
        const memories = new Set<SharedArrayBuffer>();
        for (const transactions of blocks) {
          const memory = feed.begin();
          memories.add(memory);
          addAll(feed, transactions);
          feed.complete();
          expectReceipts(receiptsUnlessTaken(memory), transactions);
          expect(feed.takeBack()).to.equal(false);
          feed.answered(memory);
        }
        expect(memories.size).to.equal(1);
      }),
      propertyParameters({ numRuns: 30 }),
    );
  });

  it("are the calling thread's if it comes first", () => {
    const feed = new ReceiptFeed();
    const memory = feed.begin();
    addAll(feed, [SOME]);
    feed.complete();
    expect(feed.takeBack()).to.equal(true);
    expect(receiptsUnlessTaken(memory)).to.equal(null);
  });

  it("are not made of a block that was not executed", () => {
    const feed = new ReceiptFeed();
    const memory = feed.begin();
    addAll(feed, Array(100).fill(SOME));
    feed.giveUp();
    expect(receiptsUnlessTaken(memory)).to.equal(null);
  });

  it("that do not fit are the calling thread's; the next block has room for them", () => {
    const data = bytesToHex(new Uint8Array(700_000).fill(1));
    const logs = encodeLogs([
      { address: bytesToHex(new Uint8Array(20).fill(7)), topics: [], data },
    ]);
    const transactions = [SOME, { ...SOME, logs }, { ...SOME, logs }, SOME];
    const feed = new ReceiptFeed();
    const expected = [null, transactions];
    for (const fitting of expected) {
      const memory = feed.begin();
      addAll(feed, transactions);
      feed.complete();
      const made = receiptsUnlessTaken(memory);
      if (fitting === null) {
        expect(made).to.equal(null);
      } else {
        expectReceipts(made, fitting);
      }
      feed.answered(memory);
    }
  });

  it("keep their memory until they are made, also if the thread is late", () => {
    const feed = new ReceiptFeed();
    const first = feed.begin();
    feed.complete();
    expect(feed.takeBack()).to.equal(true);
    const second = feed.begin();
    feed.answered(first); // only now: it is not the second one's answer
    addAll(feed, [SOME]);
    feed.complete();
    const third = feed.begin();
    expect(new Set([first, second, third]).size).to.equal(3);
    expectReceipts(receiptsUnlessTaken(second), [SOME]);
  });
});
