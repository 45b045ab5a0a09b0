import { expect } from "chai";
import { BlockOverlay } from "../../../src/execution/block-overlay";
import { NO_LOGS } from "../../../src/execution/encoded-logs";
import type { Engine, MessageResult } from "../../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../../src/execution/engine/fast/fast-engine";
import { createVerifyingEngine } from "../../../src/execution/engine/verifying-engine";
import { IncarnationView } from "../../../src/execution/incarnation-view";
import type { StateView } from "../../../src/execution/state-view";
import type { Address } from "../../../src/state/hex";
import { assemble } from "../../helpers/assembler";
import { environment } from "../../helpers/environment";
import { MapState } from "../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const CODE = assemble("0x1 SLOAD 0x1 ADD 0x1 SSTORE 0x0 0x0 LOG0 0x20 0x0 RETURN");

const reference = new EthereumjsEngine();

function viewOfState(): IncarnationView {
  const state = new MapState({ [CONTRACT]: { nonce: 1n, code: CODE } });
  return new IncarnationView(new BlockOverlay(state), false);
}

async function run(engine: Engine, view: StateView = viewOfState()): Promise<MessageResult> {
  return engine.run(
    {
      caller: SENDER,
      to: CONTRACT,
      value: 0n,
      data: new Uint8Array(0),
      gasLimit: 100_000n,
      gasPrice: 1n,
      origin: SENDER,
      blobVersionedHashes: [],
      warmAddresses: [],
      warmSlots: [],
      callerNonce: 0n,
    },
    environment("cancun"),
    view,
  );
}

/** The reference with something changed. */
function faulty(change: (result: MessageResult, view: StateView) => MessageResult): Engine {
  return {
    run: async (message, block, view, hooks) =>
      change(await reference.run(message, block, view, hooks), view),
  };
}

async function failure(engine: Engine): Promise<Error> {
  const verifying = createVerifyingEngine(engine, reference);
  // a read that only one makes shows when that one runs second
  for (let turn = 0; turn < 2; turn++) {
    try {
      await run(verifying);
    } catch (error) {
      if (error instanceof Error) {
        return error;
      }
      throw error;
    }
  }
  throw new Error("no difference was found");
}

describe("verifying engine", () => {
  it("gives the result of engines that agree, and applies their writes once", async () => {
    const verifying = createVerifyingEngine(createFastEngine(reference), reference);
    for (let turn = 0; turn < 2; turn++) {
      const view = viewOfState();
      expect(await run(verifying, view)).to.deep.equal(await run(reference));
      expect(view.storage(CONTRACT, 1n)).to.equal(1n);
    }
  });

  const faults: Readonly<Record<string, [what: string, change: Parameters<typeof faulty>[0]]>> = {
    halt: ["result", (result) => ({ ...result, halt: { kind: "halt", reason: "OutOfGas" } })],
    gas: ["result", (result) => ({ ...result, gasUsed: result.gasUsed + 1n })],
    refund: ["result", (result) => ({ ...result, gasRefund: result.gasRefund + 1n })],
    "return data": ["result", (result) => ({ ...result, returnData: Uint8Array.of(1) })],
    logs: ["result", (result) => ({ ...result, logs: NO_LOGS })],
    writes: [
      "writes",
      (result, view) => {
        view.setStorage(CONTRACT, 2n, 1n);
        return result;
      },
    ],
    reads: [
      "reads",
      (result, view) => {
        view.storage(CONTRACT, 3n);
        return result;
      },
    ],
  };
  for (const [name, [what, change]] of Object.entries(faults)) {
    it(`throws where the ${name} differ, and says what`, async () => {
      const { message } = await failure(faulty(change));
      expect(message).to.match(new RegExp(`HHP220: the two engines give different ${what} `));
      expect(message).to.contain(CONTRACT);
    });
  }
});
