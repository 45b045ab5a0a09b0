import { expect } from "chai";
import { createLocalChain } from "../../src/chain/local-chain";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { NearRootThread } from "../helpers/root-thread";
import { account, signed, testConfig } from "./network-pair";

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

  it("asks for a block's root as soon as the block is settled, before its outcomes are there", async () => {
    const rootThread = new NearRootThread(20);
    const sequential = new SequentialExecutor();
    const asked: number[] = [];
    const executor: BlockExecutor = {
      prepare: () => undefined,
      async execute(input, preState) {
        const execution = await sequential.execute(input, preState);
        input.settle?.(execution.outcomes.map(({ gasUsed, writes }) => ({ gasUsed, writes })));
        asked.push(rootThread.asked);
        return execution;
      },
      close: () => sequential.close(),
    };
    const writer: Address = `0x${"c0".repeat(20)}`;
    const chain = await createLocalChain({
      config: testConfig(),
      executor,
      trace: false,
      rootThread,
    });
    // slots 40 to 1 get the block's number
    await chain.setCode(writer, hexToBytes("0x60285b438155600190038060025700"));
    const sent = await chain.submit(signed(0, { nonce: 0n, to: writer, gasLimit: 2_000_000n }));
    expect(sent.ok).to.equal(true);
    expect(asked).to.deep.equal([1]);
    await chain.close();
  });
});
