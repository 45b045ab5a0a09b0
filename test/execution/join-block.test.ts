import { expect } from "chai";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { joinBlock } from "../../src/execution/join-block";
import { PreparedTransactions } from "../../src/execution/prepared-transactions";
import { openSharedState } from "../../src/state/shared-state-store";
import { orderedTrieRoot } from "../../src/state/trie/trie-root";
import { oneTransaction } from "../helpers/one-transaction";

/** Joins, and does `what` in the third of its idle moments. */
function join({ task, block }: ReturnType<typeof oneTransaction>, what: () => void) {
  const seen: boolean[] = [];
  const idle = (): void => {
    seen.push(block.scheduler.hasExecuted(0));
    if (seen.length === 3) {
      what();
    }
  };
  const state = openSharedState(task.state);
  return joinBlock(task, createEngine("fast"), state, idle).then((report) => ({ report, seen }));
}

describe("A thread that joins a block", () => {
  it("executes nothing before the block is open", async () => {
    const one = oneTransaction();
    const { report, seen } = await join(one, () => one.block.gate.open());
    expect(report.ok).to.equal(true);
    expect(seen).to.deep.equal([false, false, false]);
    expect(one.block.scheduler.isDone).to.equal(true);
  });

  it("makes the root of the transactions and the receipts, which nobody else has made", async () => {
    const { task, block } = oneTransaction();
    const encoded = Uint8Array.of(2, 0xc0);
    const one = {
      task: { ...task, encoded: new PreparedTransactions().shareForRoot([encoded]) },
      block,
    };
    const { report } = await join(one, () => block.gate.open());
    const { transactionsRoot, receipts } = report.ok ? report : expect.fail(report.message);
    expect(transactionsRoot).to.deep.equal(orderedTrieRoot([encoded]));
    expect(receipts?.bodies.logCounts).to.deep.equal(Uint32Array.of(0));
    expect(receipts?.root).to.have.lengthOf(32);
  });

  it("leaves if it never opens", async () => {
    const one = oneTransaction();
    const { report } = await join(one, () => one.block.scheduler.abort());
    expect(report).to.deep.equal({ ok: false, message: "the block was aborted", cause: false });
    expect(one.block.scheduler.hasExecuted(0)).to.equal(false);
  });
});
