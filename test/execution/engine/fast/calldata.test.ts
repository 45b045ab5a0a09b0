/** Calldata that is a part of the caller's memory: nobody sees that it is no copy, on any tier. */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../src/execution/engine/ethereumjs-engine";
import type { TierChoice } from "../../../../src/execution/engine/fast/compiled/tier-choice";
import { CONSOLE_ADDRESS } from "../../../../src/execution/engine/fast/frames";
import type { TransactionExecution } from "../../../../src/execution/transaction-processing";
import type { Address } from "../../../../src/state/hex";
import { assemble } from "../../../helpers/assembler";
import { expectSameOutcomes } from "../../../helpers/engine-pair";
import { environment, transaction } from "../../../helpers/environment";
import { tierEngines } from "../../../helpers/fuzz/campaign";
import { MapState } from "../../../helpers/map-state";

const TIERS: readonly TierChoice[] = [
  "interpreter",
  "javascript",
  "webassembly",
  "hasty-webassembly",
];
const SENDER: Address = `0x${"5e".repeat(20)}`;
const OUTER: Address = `0x${"c0".repeat(20)}`;
const INNER: Address = `0x${"c1".repeat(20)}`;
const IDENTITY = "0x4";

/** Calls with the memory's first 64 bytes; the output goes nowhere. */
const call = (to: string): string => `0x0 0x0 0x40 0x0 0x0 ${to} 0xffffff CALL POP`;
const STORE_BOTH = "0x11 0x0 MSTORE 0x22 0x20 MSTORE";
const OVERWRITE = "0x33 0x0 MSTORE 0x44 0x20 MSTORE";
const RETURN_RETURNED = "0x40 0x0 0x100 RETURNDATACOPY 0x40 0x100 RETURN";

async function run(outer: string, inner: string): Promise<TransactionExecution> {
  const engines = tierEngines(TIERS);
  const scene = {
    state: new MapState({
      [SENDER]: { balance: 10n ** 24n },
      [OUTER]: { nonce: 1n, code: assemble(outer) },
      [INNER]: { nonce: 1n, code: assemble(inner) },
    }),
    environment: environment("osaka"),
    transaction: transaction(SENDER, { to: OUTER, gasLimit: 16_000_000n }),
    trace: false,
  };
  const reference = new EthereumjsEngine();
  await expectSameOutcomes(reference, engines, scene);
  return expectSameOutcomes(reference, engines, scene); // where both codes are compiled
}

/** What the two words that the transaction returned end with. */
function returned(execution: TransactionExecution): (number | undefined)[] {
  const bytes = execution.ok ? execution.outcome.returnData : new Uint8Array(0);
  return [bytes.length, bytes[31], bytes[63]];
}

describe("calldata within the caller's memory", () => {
  it("is read after the called frame has grown by more than linear memory had", async () => {
    const outcome = await run(
      `${STORE_BOTH} ${call(INNER)} ${RETURN_RETURNED}`,
      "0x1 0x200000 MSTORE 0x20 0x0 0x0 CALLDATACOPY 0x20 CALLDATALOAD 0x20 MSTORE 0x40 0x0 RETURN",
    );
    expect(returned(outcome)).to.deep.equal([64, 0x11, 0x22]);
  });

  it("the called frame's memory is its own", async () => {
    const outcome = await run(
      `${STORE_BOTH} ${call(INNER)} 0x40 0x0 RETURN`,
      `CALLDATASIZE 0x0 0x0 CALLDATACOPY ${OVERWRITE} 0x40 0x0 RETURN`,
    );
    expect(returned(outcome)).to.deep.equal([64, 0x11, 0x22]);
  });

  it("what the identity returned stays when the caller's memory changes", async () => {
    const outcome = await run(
      `${STORE_BOTH} ${call(IDENTITY)} ${OVERWRITE} ${RETURN_RETURNED}`,
      "",
    );
    expect(returned(outcome)).to.deep.equal([64, 0x11, 0x22]);
  });

  it("a console line stays when the caller's memory changes", async () => {
    const outcome = await run(`${STORE_BOTH} ${call(CONSOLE_ADDRESS)} ${OVERWRITE}`, "");
    const lines = outcome.ok ? (outcome.outcome.consoleLogs ?? []) : [];
    expect(lines.map((line) => [line.length, line[31], line[63]])).to.deep.equal([
      [64, 0x11, 0x22],
    ]);
  });
});
