import { expect } from "chai";
import { IntervalMiner } from "../../src/chain/interval-miner";
import { createLocalChain } from "../../src/chain/local-chain";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { signed, testConfig } from "./network-pair";

describe("interval mining", () => {
  it("mines block after block until it is switched off", async () => {
    const chain = await createLocalChain({
      config: testConfig({ automine: false, miningInterval: [1, 3] }),
      executor: new SequentialExecutor(),
      trace: false,
    });
    const third = new Promise<void>((resolve) => {
      chain.on("newBlock", ({ block }) => {
        if (block.header.number === 3n) {
          chain.setMiningInterval(0);
          resolve();
        }
      });
    });
    expect((await chain.submit(signed(0, { nonce: 0n }))).ok).to.equal(true);
    await third;
    await chain.close();
    expect(chain.latestNumber).to.equal(3n);
    expect(chain.pendingTransactions()).to.have.length(0);
    const times = [0n, 1n, 2n, 3n].map((number) => chain.block({ number })?.header.timestamp ?? 0n);
    times.forEach((time, i) => {
      expect(i === 0 || time > (times[i - 1] ?? 0n)).to.equal(true);
    });
  });

  it("ends with a warning when a block cannot be mined", async () => {
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const miner = new IntervalMiner(() => Promise.reject(new Error("no block")));
    miner.set(1);
    expect((await warned).message).to.equal("Interval mining has stopped: no block");
    miner.stop();
  });
});

describe("the lock", () => {
  it("lets changes happen in order of arrival", async () => {
    const chain = await createLocalChain({
      config: testConfig(),
      executor: new SequentialExecutor(),
      trace: false,
    });
    const results = await Promise.all([
      chain.submit(signed(0, { nonce: 0n })),
      chain.submit(signed(0, { nonce: 1n })),
      chain.snapshot(),
      chain.submit(signed(0, { nonce: 2n })),
      chain.pendingNonce(signed(0, { nonce: 0n }).input.from),
    ]);
    expect(results[2]).to.equal(3n);
    expect(results[4]).to.equal(3n);
    expect(chain.latestNumber).to.equal(3n);
  });
});
