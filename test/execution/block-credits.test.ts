import { expect } from "chai";
import { payBlockReward, payWithdrawals } from "../../src/execution/block-credits";
import type { Address } from "../../src/state/hex";
import { COINBASE, environment } from "../helpers/environment";
import { MapState } from "../helpers/map-state";

const A: Address = "0xaa00000000000000000000000000000000000000";
const B: Address = "0xbb00000000000000000000000000000000000000";
const ETHER = 10n ** 18n;

describe("ether that a block creates", () => {
  it("withdrawals are in gwei and add up (EIP-4895)", () => {
    const withdrawal = (index: bigint, address: Address, amount: bigint) => ({
      index,
      validatorIndex: 0n,
      address,
      amount,
    });
    const { writes } = payWithdrawals(new MapState(), environment("shanghai"), [
      withdrawal(0n, A, 2n),
      withdrawal(1n, B, 5n),
      withdrawal(2n, A, 1n),
    ]);
    expect(writes).to.deep.equal([
      { kind: "balance", address: A, delta: 3_000_000_000n },
      { kind: "balance", address: B, delta: 5_000_000_000n },
    ]);
  });

  it("a withdrawal of nothing clears an empty account and makes none", () => {
    const empty = [{ index: 0n, validatorIndex: 0n, address: A, amount: 0n }];
    expect(payWithdrawals(new MapState(), environment("shanghai"), empty).writes).to.deep.equal([]);
    expect(
      payWithdrawals(new MapState({ [A]: {} }), environment("shanghai"), empty).writes,
    ).to.deep.equal([{ kind: "existence", address: A, exists: false, clearsStorage: true }]);
  });

  it("the miner gets 5, 3, then 2 ether, and a 32nd for each ommer", () => {
    const reward = (fork: string, ommers: bigint[]) =>
      payBlockReward(
        new MapState({ [COINBASE]: { balance: 1n } }),
        environment(fork),
        ommers.map((number) => ({ coinbase: B, number })),
      ).writes.flatMap((write) => (write.kind === "balance" ? [[write.address, write.delta]] : []));
    expect(reward("homestead", [])).to.deep.equal([[COINBASE, 5n * ETHER]]);
    expect(reward("byzantium", [])).to.deep.equal([[COINBASE, 3n * ETHER]]);
    expect(reward("london", [])).to.deep.equal([[COINBASE, 2n * ETHER]]);
    // ommers one and two blocks back: 7/8 and 6/8 of 2 ether
    expect(reward("london", [999n, 998n])).to.deep.equal([
      [B, (7n * 2n * ETHER) / 8n + (6n * 2n * ETHER) / 8n],
      [COINBASE, 2n * ETHER + (2n * (2n * ETHER)) / 32n],
    ]);
  });

  it("nobody gets a reward after the merge", () => {
    expect(payBlockReward(new MapState(), environment("paris"), []).writes).to.deep.equal([]);
  });
});
