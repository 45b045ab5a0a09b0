import { expect } from "chai";
import { NO_LOGS } from "../../../src/execution/encoded-logs";
import { createFastEngine } from "../../../src/execution/engine/fast/fast-engine";
import { createVerifyingEngine } from "../../../src/execution/engine/verifying-engine";
import {
  CONTRACT,
  type Fault,
  failures,
  faulty,
  reference,
  run,
  viewOf,
} from "../../helpers/verified-message";

const STATE_GAS = { used: 1n, reservoir: 0n, endedBeforeStart: false };

describe("verifying engine", () => {
  it("gives the result of engines that agree, and applies their writes once", async () => {
    const verifying = createVerifyingEngine(createFastEngine(reference), reference);
    for (let turn = 0; turn < 2; turn++) {
      const view = viewOf();
      expect(await run(verifying, view)).to.deep.equal(await run(reference));
      expect(view.storage(CONTRACT, 1n)).to.equal(1n);
    }
  });

  const faults: Readonly<Record<string, [what: string, change: Fault]>> = {
    halt: ["result", (result) => ({ ...result, halt: { kind: "halt", reason: "OutOfGas" } })],
    gas: ["result", (result) => ({ ...result, gasUsed: result.gasUsed + 1n })],
    refund: ["result", (result) => ({ ...result, gasRefund: result.gasRefund + 1n })],
    "return data": ["result", (result) => ({ ...result, returnData: Uint8Array.of(1) })],
    logs: ["result", (result) => ({ ...result, logs: NO_LOGS })],
    "created account": ["result", (result) => ({ ...result, createdAddress: CONTRACT })],
    "destroyed accounts": ["result", (result) => ({ ...result, selfDestructed: [CONTRACT] })],
    "gas of state": ["result", (result) => ({ ...result, stateGas: STATE_GAS })],
    writes: [
      "writes",
      (result, view) => {
        view.setStorage(CONTRACT, 2n, 1n);
        return result;
      },
    ],
  };
  for (const [name, [what, change]] of Object.entries(faults)) {
    it(`throws where the ${name} differ, and says what`, async () => {
      for (const { message } of await failures(faulty(change))) {
        expect(message).to.match(new RegExp(`HHP220: the two engines give different ${what} `));
        expect(message).to.contain(CONTRACT);
      }
    });
  }
});
