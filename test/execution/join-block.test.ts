import { expect } from "chai";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { joinBlock } from "../../src/execution/join-block";
import { openSharedState } from "../../src/state/shared-state-store";
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

  it("leaves if it never opens", async () => {
    const one = oneTransaction();
    const { report } = await join(one, () => one.block.scheduler.abort());
    expect(report).to.deep.equal({ ok: false, message: "the block was aborted", cause: false });
    expect(one.block.scheduler.hasExecuted(0)).to.equal(false);
  });
});
