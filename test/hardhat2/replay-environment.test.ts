import { strict as assert } from "node:assert";
import type { EIP1193Provider } from "hardhat/types";
import { ReplayEnvironment } from "../../src/hardhat2/replay-environment";
import { environment } from "../helpers/environment";
import { startStock } from "../helpers/stock-network";

const TIME = 1_893_456_000n;

function at(number: bigint, timestamp: bigint) {
  return environment("osaka", { number, timestamp });
}

describe("hardhat2/replay-environment", () => {
  let stock: EIP1193Provider;
  let replay: ReplayEnvironment;

  beforeEach(async () => {
    stock = await startStock({
      automine: false,
      allowBlocksWithSameTimestamp: true,
      initialTimestamp: 0,
    });
    replay = await ReplayEnvironment.create(stock);
  });

  async function latest(): Promise<[number: bigint, timestamp: bigint]> {
    const block = (await stock.request({
      method: "eth_getBlockByNumber",
      params: ["latest", false],
    })) as { number: string; timestamp: string }; // as every block has them
    return [BigInt(block.number), BigInt(block.timestamp)];
  }

  for (const [name, seconds] of [
    ["at once", 0],
    ["when the clock has gone on for longer than the blocks did", 100],
  ] as const) {
    it(`goes forward by several blocks ${name}`, async () => {
      assert.equal(await replay.enter(at(5n, TIME)), true);
      await stock.request({ method: "evm_increaseTime", params: [seconds] });
      assert.equal(await replay.enter(at(9n, TIME + 4n)), true);
      assert.deepEqual(await latest(), [9n, TIME + 4n]);
    });
  }

  it("goes forward by one block, and back", async () => {
    for (const [number, timestamp] of [
      [1n, TIME],
      [2n, TIME],
      [3n, TIME + 1n],
      [2n, TIME + 7n],
      [40n, 2n],
    ] as const) {
      assert.equal(await replay.enter(at(number, timestamp)), true);
      assert.deepEqual(await latest(), [number, timestamp]);
    }
  });

  it("has the coinbase and the gas limit of each environment, forward and back", async () => {
    const coinbases = ["11", "22", "11"].map((byte) => `0x${byte.repeat(20)}` as const);
    for (const [i, coinbase] of [...coinbases, ...coinbases.reverse()].entries()) {
      for (const number of [3n, 5n, 2n]) {
        const gasLimit = 10_000_000n + BigInt(i % 2);
        assert.equal(await replay.enter({ ...at(number, TIME), coinbase, gasLimit }), true);
        const block = (await stock.request({
          method: "eth_getBlockByNumber",
          params: ["latest", false],
        })) as { number: string; miner: string; gasLimit: string }; // as every block has them
        assert.deepEqual(
          [BigInt(block.number), block.miner, BigInt(block.gasLimit)],
          [number, coinbase, gasLimit],
        );
      }
    }
  });

  it("there is no block of the genesis's number", async () => {
    assert.equal(await replay.enter(at(0n, TIME)), false);
  });
});
