/** What the WebAssembly tier does besides what every tier does. */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import {
  createFastEngine,
  type FastEngine,
} from "../../../../../src/execution/engine/fast/fast-engine";
import type { TransactionExecution } from "../../../../../src/execution/transaction-processing";
import type { Address } from "../../../../../src/state/hex";
import { assemble } from "../../../../helpers/assembler";
import { differenceOf, runOn } from "../../../../helpers/engine-pair";
import { environment, transaction } from "../../../../helpers/environment";
import { MapState } from "../../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";

/** Runs the code on both tiers, which must agree; returns what it did. */
async function run(
  engine: FastEngine,
  code: Uint8Array,
  { gas = 1_000_000n, hardfork = "cancun" }: { gas?: bigint; hardfork?: string } = {},
): Promise<TransactionExecution> {
  const scene = {
    state: new MapState({
      [SENDER]: { balance: 10n ** 30n },
      [CONTRACT]: { nonce: 1n, code },
    }),
    transaction: transaction(SENDER, { to: CONTRACT, gasLimit: gas }),
    environment: environment(hardfork, { gasLimit: 2n ** 53n }),
    trace: true,
  };
  const expected = await runOn(createFastEngine(new EthereumjsEngine(), "interpreter"), scene);
  const actual = await runOn(engine, scene);
  expect(differenceOf(expected, actual)).to.equal(null);
  return actual;
}

function webassembly(): FastEngine {
  return createFastEngine(new EthereumjsEngine(), "webassembly");
}

describe("WebAssembly tier", () => {
  it("memory that grows after deeper frames than are kept have ended is zero", async () => {
    // calls itself 40 levels deep (64 gas less each time is enough to end it), then hashes fresh memory
    const code = assemble(
      `0x60 0x20 0x0 0x0 0x0 0x0 ${CONTRACT} 0x1388 GAS SUB CALL POP POP 0x800 0x0 KECCAK256 0x0 SSTORE`,
    );
    await run(webassembly(), code, { gas: 300_000n, hardfork: "homestead" });
  });

  it("a memory of 80 MB is given back, and the next message starts with zeros", async () => {
    const engine = webassembly();
    const huge = assemble("0x1 0x5000000 MSTORE 0x5000000 MLOAD 0x0 SSTORE");
    await run(engine, huge, { gas: 20_000_000_000n });
    await run(engine, assemble("0x20 0x1000 KECCAK256 0x0 SSTORE 0x5000 MLOAD 0x1 SSTORE"));
    expect([...engine.tierCounters.fallen]).to.deep.equal([]);
  });

  it("a frame with more gas than memories fit in is interpreted, and counted", async () => {
    const engine = webassembly();
    await run(engine, assemble("0x1 0x0 SSTORE"), { gas: 40_000_000_000n });
    expect(engine.tierCounters.entered).to.equal(0);
    expect([...engine.tierCounters.fallen]).to.deep.equal([["no entry there", 1]]);
  });

  it("out of gas at every opcode of a block that touches memory, storage and inner frames", async () => {
    const engine = webassembly();
    const code = assemble(
      `0x7 0x40 MSTORE 0x20 0x40 KECCAK256 0x0 SSTORE 0x0 SLOAD GAS ADD 0x1 SSTORE
       0x20 0x0 0x20 0x40 0x0 ${SENDER} 0x2710 CALL 0x2 SSTORE 0x20 0x40 LOG0 0x400 MLOAD POP`,
    );
    for (let gas = 21_000n; gas < 130_000n; gas += 251n) {
      await run(engine, code, { gas });
    }
  });

  it("what a read threw passes through compiled code", async () => {
    const failing = new MapState({
      [SENDER]: { balance: 10n ** 18n },
      [CONTRACT]: { nonce: 1n, code: assemble("0x1 0x40 MSTORE 0x5 SLOAD 0x0 SSTORE") },
    });
    const broken = new Error("the state is gone");
    failing.storage = () => {
      throw broken;
    };
    const engine = webassembly();
    const scene = {
      transaction: transaction(SENDER, { to: CONTRACT, gasLimit: 100_000n }),
      environment: environment("cancun"),
      trace: false,
    };
    const error = await runOn(engine, { ...scene, state: failing }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.equal(broken);
    await run(engine, assemble("0x40 MLOAD 0x0 SSTORE"));
  });
});
