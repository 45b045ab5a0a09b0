import { strict as assert } from "node:assert";
import type { EIP1193Provider } from "hardhat/types";
import type { BlockEnvironment } from "../../src/execution/transaction";
import { REPLAY_BLOCK, ReplayEnvironment } from "../../src/hardhat2/replay-environment";
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

  /** What a call on the block sees: its init code puts NUMBER, TIMESTAMP, COINBASE, GASLIMIT, PREVRANDAO, BASEFEE in words. */
  async function seen(): Promise<{
    readonly number: bigint;
    readonly timestamp: bigint;
    readonly coinbase: bigint;
    readonly gasLimit: bigint;
    readonly prevRandao: bigint;
    readonly baseFee: bigint;
  }> {
    const code = [0x43, 0x42, 0x41, 0x45, 0x44, 0x48]
      .map((opcode, i) => `${opcode.toString(16)}60${(32 * i).toString(16).padStart(2, "0")}52`)
      .join("");
    const to = `0x${"ee".repeat(20)}`;
    const result = await stock.request({
      method: "eth_call",
      params: [{ to }, REPLAY_BLOCK, { [to]: { code: `0x${code}60c05ff3` } }],
    });
    const words = String(result).slice(2).match(/.{64}/g) ?? [];
    const [number, timestamp, coinbase, gasLimit, prevRandao, baseFee] = words.map((word) =>
      BigInt(`0x${word}`),
    );
    assert.ok(number !== undefined && timestamp !== undefined && coinbase !== undefined);
    assert.ok(gasLimit !== undefined && prevRandao !== undefined && baseFee !== undefined);
    return { number, timestamp, coinbase, gasLimit, prevRandao, baseFee };
  }

  async function expectSeen(environment: BlockEnvironment): Promise<void> {
    assert.deepEqual(await seen(), {
      number: environment.number,
      timestamp: environment.timestamp,
      coinbase: BigInt(environment.coinbase),
      gasLimit: environment.gasLimit,
      prevRandao: BigInt(environment.prevRandao),
      baseFee: 0n,
    });
  }

  it("has every environment, forward and back, at once and when the clock has gone on", async () => {
    for (const [i, [number, timestamp]] of (
      [
        [1n, TIME],
        [2n, TIME],
        [3n, TIME + 1n],
        [3n, TIME],
        [2n, TIME + 7n],
        [40n, 2n],
        [41n, 1n],
        [45n, TIME],
        [1n, 1n],
      ] as const
    ).entries()) {
      await stock.request({ method: "evm_increaseTime", params: [i % 2 === 0 ? 0 : 100] });
      const environment = {
        ...at(number, timestamp),
        prevRandao: `0x${String(10 + i).repeat(32)}` as const,
      };
      assert.equal(await replay.enter(environment), true);
      await expectSeen(environment);
      await expectSeen(environment); // a call takes nothing away
    }
  });

  it("has the coinbase and the gas limit of each environment, forward and back", async () => {
    const coinbases = ["11", "22", "11"].map((byte) => `0x${byte.repeat(20)}` as const);
    for (const [i, coinbase] of [...coinbases, ...coinbases.reverse()].entries()) {
      for (const number of [3n, 5n, 2n]) {
        const gasLimit = 10_000_000n + BigInt(i % 2);
        const environment = { ...at(number, TIME), coinbase, gasLimit };
        assert.equal(await replay.enter(environment), true);
        await expectSeen(environment);
      }
    }
  });

  for (const hardfork of ["byzantium", "berlin", "london"]) {
    it(`has number, time and coinbase of a block before the merge: ${hardfork}`, async () => {
      const old = await startStock({
        hardfork,
        automine: false,
        allowBlocksWithSameTimestamp: true,
        initialTimestamp: 0,
      });
      const replayed = await ReplayEnvironment.create(old);
      for (const [number, timestamp] of [
        [9n, TIME],
        [4n, 7n],
        [4n, TIME + 1n],
      ] as const) {
        const wanted = { ...at(number, timestamp), difficulty: 131_072n };
        assert.equal(await replayed.enter(wanted), true);
        const to = `0x${"ee".repeat(20)}`;
        // NUMBER, TIMESTAMP and COINBASE in three words
        const code = "0x43600052426020524160405260606000f3";
        const result = await old.request({
          method: "eth_call",
          params: [{ to }, REPLAY_BLOCK, { [to]: { code } }],
        });
        assert.deepEqual(
          String(result)
            .slice(2)
            .match(/.{64}/g)
            ?.map((word) => BigInt(`0x${word}`)),
          [number, timestamp, BigInt(wanted.coinbase)],
        );
      }
    });
  }

  it("there is no block of the genesis's number or time", async () => {
    assert.equal(await replay.enter(at(0n, TIME)), false);
    assert.equal(await replay.enter(at(1n, 0n)), false);
  });

  it("what is not looked at is not asked for", async () => {
    const nothing = { number: false, timestamp: false, prevRandao: false };
    await replay.enter(at(7n, TIME), nothing);
    const methods: string[] = [];
    const counted = await ReplayEnvironment.create({
      ...stock,
      request: (request: { method: string; params?: unknown[] }) => {
        methods.push(request.method);
        return stock.request(request);
      },
    } as EIP1193Provider); // it asks for nothing but requests
    methods.length = 0;
    await counted.enter(at(7n, TIME), nothing);
    assert.deepEqual(methods.splice(0), ["hardhat_setCoinbase", "evm_setBlockGasLimit"]);
    await counted.enter(at(3n, TIME + 5n), nothing);
    await counted.enter(at(0n, 0n), nothing);
    assert.deepEqual(methods.splice(0), []);
    await counted.enter(at(3n, TIME + 5n), { ...nothing, timestamp: true });
    assert.deepEqual(methods.splice(0), ["evm_setNextBlockTimestamp"]);
    await counted.enter(at(9n, TIME + 5n), { ...nothing, timestamp: true });
    assert.deepEqual(methods.splice(0), []);
    await counted.enter(at(9n, TIME + 5n), { ...nothing, prevRandao: true });
    assert.deepEqual(methods.splice(0), ["hardhat_setPrevRandao"]);
    await counted.enter(at(9n, TIME + 5n));
    assert.deepEqual(methods.splice(0), [
      "evm_setNextBlockTimestamp",
      "hardhat_mine",
      "evm_setNextBlockTimestamp",
      "hardhat_setPrevRandao",
    ]);
    await expectSeen(at(9n, TIME + 5n));
  });
});
