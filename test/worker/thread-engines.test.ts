/** A network's worker threads run on the engine that the network was asked for. */
import { expect } from "chai";
import { DEFAULT_ENGINE, type EngineName } from "../../src/execution/engine/engine-name";
import { createParallelNetwork } from "../../src/network";
import { networkOptions } from "../helpers/our-network";
import { observeThreadEngines } from "../helpers/thread-engines";

/** Mines a block with threads; the engines that they made. */
async function enginesOfThreads(engine: EngineName | undefined): Promise<readonly unknown[]> {
  const observed = observeThreadEngines();
  const { engine: _ofTests, ...options } = networkOptions({ threads: 3, automine: false });
  const modes: string[] = [];
  const network = await createParallelNetwork({
    ...options,
    ...(engine === undefined ? {} : { engine }),
    // a recorded block waits for threads
    record: ({ observed }) => modes.push(observed.mode),
  });
  try {
    const accounts = await network.request({ method: "eth_accounts" });
    for (const from of Array.isArray(accounts) ? accounts : []) {
      const transfer = { from, to: from, value: "0x1" };
      await network.request({ method: "eth_sendTransaction", params: [transfer] });
    }
    await network.request({ method: "evm_mine" });
  } finally {
    await network.close();
    observed.stop();
  }
  expect(modes).to.include("parallel");
  return observed.all().map(({ name }) => name);
}

describe("a network's threads", () => {
  for (const engine of ["ethereumjs", "fast", "verified"] as const) {
    it(`run on ${engine} where the network does`, async () => {
      // three threads are the calling one and two others
      expect(await enginesOfThreads(engine)).to.deep.equal([engine, engine]);
    });
  }

  it("run on the network's default engine where it was not told which", async () => {
    expect(await enginesOfThreads(undefined)).to.deep.equal([DEFAULT_ENGINE, DEFAULT_ENGINE]);
  });
});
