/** What is kept of codes, and how often one is compiled, are bounded, however many codes there are. */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import { CodeAnalysis } from "../../../../../src/execution/engine/fast/code-analysis";
import { javascriptCompiler } from "../../../../../src/execution/engine/fast/compiled/javascript/compile";
import { OP } from "../../../../../src/execution/engine/fast/compiled/opcode-facts";
import {
  createFastEngine,
  type FastEngine,
} from "../../../../../src/execution/engine/fast/fast-engine";
import { scheduleOf } from "../../../../../src/execution/engine/fast/schedule";
import { forkRules } from "../../../../../src/execution/fork-rules";
import { bigIntToBytes32 } from "../../../../../src/state/bytes";
import type { Address, Hash } from "../../../../../src/state/hex";
import { runOn } from "../../../../helpers/engine-pair";
import { environment, rules, transaction } from "../../../../helpers/environment";
import { MapState } from "../../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const PUSH1 = OP.PUSH0 + 1;
const MB = 1024 * 1024;

/** Calls the code, which ends well. */
async function call(engine: FastEngine, code: Uint8Array, input = 0n): Promise<void> {
  await callWith(engine, new MapState({ [CONTRACT]: { nonce: 1n, code } }), input);
}

async function callWith(engine: FastEngine, state: MapState, input = 0n): Promise<void> {
  state.set(SENDER, { balance: 10n ** 18n });
  const execution = await runOn(engine, {
    state,
    transaction: transaction(SENDER, {
      to: CONTRACT,
      data: bigIntToBytes32(input),
      gasLimit: 1_000_000n,
    }),
    environment: environment("osaka"),
    trace: false,
  });
  expect(execution.ok && execution.outcome.status).to.equal(1);
}

/** 3,980 products and sums, of which a compiler makes hundreds of KB; code that ends with its number. */
function arithmetic(number: number): Uint8Array {
  const sum = Array.from({ length: 1_990 }, () => [OP.DUP1, OP.MUL, OP.DUP1, OP.ADD]).flat();
  return Uint8Array.from([OP.CALLDATASIZE, ...sum, OP.STOP, number >> 8, number & 0xff]);
}

describe("codes that are kept", () => {
  it("compiled code is kept up to 64 MB, and what ran longest ago goes first", async function () {
    this.timeout(60_000);
    const compiled = javascriptCompiler.compile({
      analysis: new CodeAnalysis(arithmetic(0)),
      schedule: scheduleOf(forkRules(rules("osaka"))),
      reached: null,
      roots: [],
      wide: new Set(),
    });
    expect(compiled).not.to.be.a("string");
    const bytes = typeof compiled === "string" ? 0 : compiled.bytes;
    const fitting = Math.floor((64 * MB) / bytes);
    expect(fitting, "a code takes several MB").to.be.within(4, 40);
    const engine = createFastEngine(new EthereumjsEngine(), "javascript");
    const { tierCounters } = engine;
    for (let number = 0; number < fitting; number++) {
      await call(engine, arithmetic(number));
    }
    await call(engine, arithmetic(0));
    expect([tierCounters.compiled, tierCounters.entered], "all are kept").to.deep.equal([
      fitting,
      fitting + 1,
    ]);
    await call(engine, arithmetic(fitting));
    await call(engine, arithmetic(1));
    expect(tierCounters.entered, "the second code has gone").to.equal(fitting + 2);
    await call(engine, arithmetic(0));
    await call(engine, arithmetic(2));
    expect(tierCounters.entered, "and no other").to.equal(fitting + 4);
  });

  it("analyses are kept for 160 MB of code", async () => {
    const engine = createFastEngine(new EthereumjsEngine(), "javascript");
    const small = Uint8Array.of(OP.CALLDATASIZE, OP.STOP);
    const large = new Uint8Array(20 * MB); // ends at once
    const callLarge = async (number: number): Promise<void> => {
      const state = new MapState({ [CONTRACT]: { nonce: 1n } });
      const codeHash: Hash = `0x${number.toString(16).padStart(64, "0")}`;
      state.codes.set(codeHash, large);
      state.accounts.set(CONTRACT, { balance: 0n, nonce: 1n, codeHash, storage: new Map() });
      await callWith(engine, state);
    };
    await call(engine, small);
    for (let number = 1; number < 8; number++) {
      await callLarge(number);
    }
    await call(engine, small);
    expect(engine.tierCounters.compiled, "each once").to.equal(8);
    await callLarge(8);
    await call(engine, small);
    expect(engine.tierCounters.compiled, "the small one again").to.equal(10);
  });

  for (const tier of ["hasty", "hasty-webassembly"] as const) {
    it(`${tier}: a code is compiled 6 times at most, however often it goes where it was not compiled`, async () => {
      const engine = createFastEngine(new EthereumjsEngine(), tier);
      // CALLDATALOAD(0) JUMP, to one of 1,000 places
      const code = Uint8Array.from([
        ...[PUSH1, 0, OP.CALLDATALOAD, OP.JUMP],
        ...Array.from({ length: 1_000 }, () => [OP.JUMPDEST, OP.STOP]).flat(),
      ]);
      // Compiled anew after 4, 8, 16, … misses: 6 times after 124, 8 times after 508 if there were no limit.
      for (let turn = 0; turn < 1_000; turn++) {
        await call(engine, code, 4n + 2n * BigInt(turn));
      }
      expect(engine.tierCounters.fallen.get("not compiled so far")).to.be.greaterThan(508);
      expect(engine.tierCounters.compiled).to.equal(6);
    });
  }
});
