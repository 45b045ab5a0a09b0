import { expect } from "chai";
import { NO_LOGS } from "../../../../src/execution/encoded-logs";
import { MessageJournal } from "../../../../src/execution/engine/fast/message-journal";
import type { Address } from "../../../../src/state/hex";

const A: Address = `0x${"aa".repeat(20)}`;
const RIPEMD: Address = "0x0000000000000000000000000000000000000003";

describe("fast engine: journal of a message", () => {
  it("what a reverted frame warmed is cold again, what it found warm stays (EIP-2929)", () => {
    const journal = new MessageJournal();
    expect(journal.warmSlot(A, 1n)).to.equal(true);
    journal.checkpoint();
    expect(journal.warmSlot(A, 1n)).to.equal(false);
    expect(journal.warmSlot(A, 2n)).to.equal(true);
    expect(journal.warmAddress(A)).to.equal(true);
    journal.revert();
    expect(journal.warmSlot(A, 1n)).to.equal(false);
    expect(journal.warmSlot(A, 2n)).to.equal(true);
    expect(journal.isWarmAddress(A)).to.equal(false);
  });

  it("logs, refund, transient storage and marks of a reverted frame are gone", () => {
    const journal = new MessageJournal();
    journal.setTransient(A, 1n, 5n);
    journal.refund = 7;
    journal.checkpoint();
    journal.setTransient(A, 1n, 6n);
    journal.refund += 3;
    journal.logs.add(A, [], new Uint8Array(0), 0, 0);
    journal.markCreated(A);
    journal.markSelfDestructed(A);
    journal.touch(A);
    journal.revert();
    expect(journal.transient(A, 1n)).to.equal(5n);
    expect(journal.refund).to.equal(7);
    expect(journal.logs.take()).to.deep.equal(NO_LOGS);
    expect([...journal.created, ...journal.selfDestructed, ...journal.touched]).to.deep.equal([]);
  });

  it("a frame that was kept is undone with the frame around it", () => {
    const journal = new MessageJournal();
    journal.checkpoint();
    journal.checkpoint();
    journal.warmAddress(A);
    journal.commit();
    expect(journal.depth).to.equal(1);
    journal.revert();
    expect(journal.isWarmAddress(A)).to.equal(false);
  });

  it("precompiles are warm in every frame (EIP-2929)", () => {
    const journal = new MessageJournal(new Set([RIPEMD]));
    expect([journal.warmAddress(RIPEMD), journal.isWarmAddress(RIPEMD)]).to.deep.equal([
      false,
      true,
    ]);
  });

  it("the touch of RIPEMD-160 survives (mainnet, block 2,675,119)", () => {
    const journal = new MessageJournal();
    journal.checkpoint();
    journal.touch(RIPEMD);
    journal.revert();
    expect([...journal.touched]).to.deep.equal([RIPEMD]);
  });
});
