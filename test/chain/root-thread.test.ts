import { expect } from "chai";
import { createLocalChain } from "../../src/chain/local-chain";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { NearRootThread } from "../helpers/root-thread";
import { account, testConfig } from "./network-pair";

describe("a chain with a thread for state roots", () => {
  it("lets it catch up when tests go back to a snapshot, not in each block after that", async () => {
    const rootThread = new NearRootThread(20);
    rootThread.isReady = false;
    const chain = await createLocalChain({
      config: testConfig(),
      executor: new SequentialExecutor(),
      trace: false,
      rootThread,
    });
    const fill = async (from: bigint): Promise<void> => {
      for (let slot = from; slot < from + 40n; slot++) {
        await chain.setStorage(account(0).address, slot, 1n);
      }
      await chain.mine();
    };
    await fill(0n); // by the chain itself, and the thread has started then
    let snapshot = await chain.snapshot();
    await fill(100n);
    expect(rootThread.asked).to.equal(1);
    expect(await chain.revert(snapshot)).to.equal(true);
    expect(rootThread.asked).to.equal(2);
    const first = rootThread.latest?.changes.length;
    for (let round = 0; round < 2; round++) {
      snapshot = await chain.snapshot();
      expect(await chain.revert(snapshot)).to.equal(true);
    }
    expect(rootThread.asked, "there is nothing to catch up with").to.equal(2);
    expect(first).to.equal(3 + 40); // an account, and what is said of it
    await chain.close();
  });
});
