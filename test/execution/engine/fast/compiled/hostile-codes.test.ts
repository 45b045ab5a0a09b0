/** Codes made to cost compilers more than they save: what is done for them is bounded, counted, and changes no result. */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import { CodeAnalysis } from "../../../../../src/execution/engine/fast/code-analysis";
import { exploreControlFlow } from "../../../../../src/execution/engine/fast/compiled/explore";
import {
  LIMITS,
  MAX_SOURCE,
} from "../../../../../src/execution/engine/fast/compiled/javascript/compile";
import { generateFunction } from "../../../../../src/execution/engine/fast/compiled/javascript/generator";
import type { TierChoice } from "../../../../../src/execution/engine/fast/compiled/tier-choice";
import {
  createFastEngine,
  type FastEngine,
} from "../../../../../src/execution/engine/fast/fast-engine";
import { scheduleOf } from "../../../../../src/execution/engine/fast/schedule";
import {
  MAX_CODE,
  LIMITS as WASM_LIMITS,
} from "../../../../../src/execution/engine/fast/wasm/compile";
import { compileFunction } from "../../../../../src/execution/engine/fast/wasm/compile-function";
import { forkRules } from "../../../../../src/execution/fork-rules";
import type { Address } from "../../../../../src/state/hex";
import { differenceOf, runOn } from "../../../../helpers/engine-pair";
import { environment, rules, transaction } from "../../../../helpers/environment";
import { hostileCodes } from "../../../../helpers/hostile-codes";
import { MapState } from "../../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const TIERS: readonly TierChoice[] = [
  "javascript",
  "webassembly",
  "hasty",
  "hasty-webassembly",
  "climbing",
  "auto",
];
/** of one code on one tier, MAX_COMPILATIONS; each compiler may have to be asked each time */
const MOST_COMPILATIONS = 2 * 6;
const schedule = scheduleOf(forkRules(rules("osaka")));
const reference = new EthereumjsEngine();

/** Runs the code, which must do what the interpreter does. */
async function run(engine: FastEngine, code: Uint8Array, gas: bigint): Promise<void> {
  const scene = {
    state: new MapState({ [SENDER]: { balance: 10n ** 18n }, [CONTRACT]: { nonce: 1n, code } }),
    transaction: transaction(SENDER, { to: CONTRACT, gasLimit: gas }),
    environment: environment("osaka"),
    trace: true,
  };
  const expected = await runOn(createFastEngine(reference, "interpreter"), scene);
  expect(expected.ok && expected.outcome.halt?.kind, "ends for want of gas").to.equal("halt");
  expect(differenceOf(expected, await runOn(engine, scene))).to.equal(null);
}

describe("hostile code", () => {
  for (const { name, codes, gas } of hostileCodes()) {
    const [code = new Uint8Array(0)] = codes;

    it(`${name}: what compilers make of it is bounded`, () => {
      expect(code.length).to.be.at.most(24_576);
      for (const limits of [LIMITS, WASM_LIMITS]) {
        const flow = exploreControlFlow(new CodeAnalysis(code), {
          opcodeGas: schedule.opcodeGas,
          limits,
        });
        expect(flow.states.length).to.be.at.most(limits.states);
        expect(flow.steps).to.be.at.most(limits.steps);
        for (const ids of flow.statesAt.values()) {
          expect(ids.length).to.be.at.most(2 * limits.statesOfBlock);
        }
        // 8,000 steps give far less than what would be refused
        expect(generateFunction(flow, new Set()).source.length).to.be.at.most(MAX_SOURCE);
        const module = compileFunction(flow, schedule, MAX_CODE);
        expect(module === null || module.bytes.length <= 2 * MAX_CODE).to.equal(true);
      }
    });

    it(`${name}: every tier does what the interpreter does, with few compilations`, async function () {
      this.timeout(60_000);
      for (const tier of TIERS) {
        const engine = createFastEngine(reference, tier);
        for (let call = 0; call < 4; call++) {
          await run(engine, code, gas < 300_000n ? gas : 300_000n);
        }
        expect(engine.tierCounters.compiled, tier).to.be.at.most(MOST_COMPILATIONS);
      }
    });
  }

  it("a module that would take more bytes than it may is not made", () => {
    const [first] = hostileCodes();
    const analysis = new CodeAnalysis(first?.codes[0] ?? new Uint8Array(0));
    const flow = exploreControlFlow(analysis, {
      opcodeGas: schedule.opcodeGas,
      limits: WASM_LIMITS,
    });
    const { bytes } = compileFunction(flow, schedule, MAX_CODE) ?? {};
    expect(bytes?.length ?? 0).to.be.greaterThan(0);
    expect(compileFunction(flow, schedule, (bytes?.length ?? 0) / 2)).to.equal(null);
  });

  it("a code that is larger than what is compiled leaves for the interpreter, counted", async () => {
    const chain = hostileCodes().find(({ name }) => name === "jumps through 24 KB");
    const engine = createFastEngine(reference, "javascript");
    await run(engine, chain?.codes[0] ?? new Uint8Array(0), 200_000n);
    expect(engine.tierCounters.fallen.get("beyond the compiler's limits")).to.be.greaterThan(0);
  });

  it("nothing is compiled that did not run for long, however many codes there are", async () => {
    const engine = createFastEngine(reference, "auto");
    const loops = hostileCodes().find(({ name }) => name === "very many hot loops");
    for (const code of loops?.codes.slice(0, 60) ?? []) {
      await run(engine, code, 100_000n);
    }
    expect(engine.tierCounters.compiled).to.equal(0);
  });

  it("codes that take turns do not compile each other away", async () => {
    const engine = createFastEngine(reference, "hasty");
    const codes = hostileCodes().map(({ codes: [first] }) => first ?? new Uint8Array(0));
    for (let turn = 0; turn < 3; turn++) {
      for (const code of codes) {
        await run(engine, code, 100_000n);
      }
    }
    expect(engine.tierCounters.compiled).to.be.at.most(6 * codes.length);
  });
});
