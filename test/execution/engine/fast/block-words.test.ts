/** COINBASE, PREVRANDAO (DIFFICULTY before) and BLOBBASEFEE: what blocks that take turns say is their own, on each tier. */
import { expect } from "chai";
import type { Engine } from "../../../../src/execution/engine/engine";
import type { BlockEnvironment } from "../../../../src/execution/transaction";
import { bytesToHex } from "../../../../src/state/bytes";
import type { Address, Hash } from "../../../../src/state/hex";
import { runOn } from "../../../helpers/engine-pair";
import { environment, transaction } from "../../../helpers/environment";
import { tierEngines } from "../../../helpers/fuzz/campaign";
import { MapState } from "../../../helpers/map-state";

const SENDER: Address = `0x${"5e".repeat(20)}`;
const CONTRACT: Address = `0x${"c0".repeat(20)}`;
const MERGED: readonly Hash[] = [
  `0x${"00".repeat(32)}`,
  `0x${"ab".repeat(32)}`,
  `0x01${"00".repeat(31)}`,
];

/** What an opcode without operands gives: OPCODE, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN. */
async function wordOf(engine: Engine, opcode: string, block: BlockEnvironment): Promise<bigint> {
  const state = new MapState({
    [SENDER]: { balance: 10n ** 18n },
    [CONTRACT]: { code: `0x${opcode}60005260206000f3` },
  });
  const execution = await runOn(engine, {
    state,
    transaction: transaction(SENDER, { to: CONTRACT }),
    environment: block,
    trace: false,
  });
  return execution.ok ? BigInt(bytesToHex(execution.outcome.returnData)) : -1n;
}

describe("what code reads of its block", () => {
  it("is the randomness of the block that asks, on each tier", async () => {
    for (const { tier, engine } of tierEngines()) {
      for (const prevRandao of [...MERGED, ...MERGED]) {
        const merged = environment("cancun", { prevRandao });
        expect(await wordOf(engine, "44", merged), tier).to.equal(BigInt(prevRandao));
        const london = environment("london", { prevRandao, difficulty: 7n });
        expect(await wordOf(engine, "44", london), tier).to.equal(7n);
      }
    }
  });

  it("is the coinbase of the block that asks, on each tier", async () => {
    for (const { tier, engine } of tierEngines()) {
      for (const digits of ["00", "fe", "01", "fe"]) {
        const coinbase: Address = `0x${digits.repeat(20)}`;
        const block = environment("cancun", { coinbase });
        expect(await wordOf(engine, "41", block), tier).to.equal(BigInt(coinbase));
      }
    }
  });

  it("is the blob base fee of the block that asks, on each tier", async () => {
    for (const { tier, engine } of tierEngines()) {
      // EIP-4844, Cancun: e ** (excess / 3338477), rounded down; e ** 3 = 20.08
      for (const [excessBlobGas, fee] of [
        [0n, 1n],
        [3n * 3338477n, 20n],
        [0n, 1n],
      ] as const) {
        const block = environment("cancun", { excessBlobGas });
        expect(await wordOf(engine, "4a", block), tier).to.equal(fee);
      }
    }
  });
});
