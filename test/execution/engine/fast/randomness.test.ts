/** PREVRANDAO, DIFFICULTY before: what blocks that take turns say is their own, on each tier. */
import { expect } from "chai";
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

describe("randomness of a block", () => {
  it("is that of the block that asks, on each tier", async () => {
    // DIFFICULTY, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
    const code = "0x4460005260206000f3";
    const state = new MapState({ [SENDER]: { balance: 10n ** 18n }, [CONTRACT]: { code } });
    for (const { tier, engine } of tierEngines()) {
      for (const prevRandao of [...MERGED, ...MERGED]) {
        const blocks = [
          [environment("cancun", { prevRandao }), prevRandao],
          [environment("london", { prevRandao, difficulty: 7n }), `0x${"07".padStart(64, "0")}`],
        ] as const;
        for (const [block, expected] of blocks) {
          const execution = await runOn(engine, {
            state,
            transaction: transaction(SENDER, { to: CONTRACT }),
            environment: block,
            trace: false,
          });
          expect(execution.ok && bytesToHex(execution.outcome.returnData), tier).to.equal(expected);
        }
      }
    }
  });
});
