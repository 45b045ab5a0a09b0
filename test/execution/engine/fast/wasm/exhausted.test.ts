/** A runtime that refuses WebAssembly, or lacks memory for it, changes no result and fails no transaction. */
import { expect } from "chai";
import { webAssembly } from "../../../../../src/crypto/web-assembly";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import { CodeAnalysis } from "../../../../../src/execution/engine/fast/code-analysis";
import { exploreControlFlow } from "../../../../../src/execution/engine/fast/compiled/explore";
import {
  createFastEngine,
  type FastEngine,
} from "../../../../../src/execution/engine/fast/fast-engine";
import { scheduleOf } from "../../../../../src/execution/engine/fast/schedule";
import { STACK_IN, STACK_OUT } from "../../../../../src/execution/engine/fast/stack-effects";
import {
  compileFunction,
  MAX_LOCALS,
} from "../../../../../src/execution/engine/fast/wasm/compile-function";
import { FunctionBuilder } from "../../../../../src/execution/engine/fast/wasm/encoder/function-builder";
import { NO_MEMORY, REFUSED } from "../../../../../src/execution/engine/fast/wasm/exhausted";
import { forkRules } from "../../../../../src/execution/fork-rules";
import type { Address } from "../../../../../src/state/hex";
import { assemble } from "../../../../helpers/assembler";
import { differenceOf, runOn, type Scene } from "../../../../helpers/engine-pair";
import { environment, rules, transaction } from "../../../../helpers/environment";
import { MapState } from "../../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const CONSOLE = "0x000000000000000000636f6e736f6c652e6c6f67";

function sceneOf(code: Uint8Array): Scene {
  return {
    state: new MapState({ [SENDER]: { balance: 10n ** 30n }, [CONTRACT]: { nonce: 1n, code } }),
    transaction: transaction(SENDER, { to: CONTRACT, gasLimit: 20_000_000_000n }),
    environment: environment("cancun", { gasLimit: 2n ** 53n }),
    trace: true,
  };
}

/** Runs the code, which must do what the interpreter does. */
async function run(engine: FastEngine, code: Uint8Array): Promise<void> {
  const scene = sceneOf(code);
  const expected = await runOn(createFastEngine(new EthereumjsEngine(), "interpreter"), scene);
  expect(differenceOf(expected, await runOn(engine, scene))).to.equal(null);
}

const namespace = (globalThis as unknown as { WebAssembly: Record<string, unknown> }).WebAssembly; // as it is

/** `body` while the constructor of the WebAssembly API throws what `makeError` makes. */
async function whileFailing(
  name: "Module" | "Instance" | "Memory",
  makeError: () => Error,
  body: () => Promise<void>,
): Promise<void> {
  const original = namespace[name];
  namespace[name] = class {
    constructor() {
      throw makeError();
    }
  };
  try {
    await body();
  } finally {
    namespace[name] = original;
  }
}

function compileError(): Error {
  const { CompileError } = namespace as { CompileError: new (message: string) => Error }; // the standard's
  return new CompileError("WebAssembly.Module(): local count too large");
}

const rangeError = (): Error => new RangeError("WebAssembly: could not allocate memory");

/** Loops 300 times, then stores what it counted. */
const LOOP = assemble("0x0 JUMPDEST 0x1 ADD DUP1 0x12c SUB 0x2 JUMPI 0x0 SSTORE 0x1 0x0 LOG0 STOP");
/** Stores, logs to the console, then takes 3 MB of memory. */
const GROWING = assemble(
  `0x7 0x0 SSTORE 0x0 0x0 0x4 0x0 0x0 ${CONSOLE} GAS CALL POP 0x1 0x300000 MSTORE 0x0 SLOAD 0x1 SSTORE`,
);

describe("a runtime that refuses WebAssembly", () => {
  for (const [makeError, reason] of [
    [compileError, REFUSED],
    [rangeError, NO_MEMORY],
  ] as const) {
    it(`${makeError().name} while compiling: the interpreter runs the code, counted`, async () => {
      const engine = createFastEngine(new EthereumjsEngine(), "webassembly");
      await run(engine, LOOP); // the machine is there
      await whileFailing("Module", makeError, () => run(engine, GROWING));
      expect([...engine.tierCounters.fallen]).to.deep.equal([[reason, 1]]);
      expect(engine.tierCounters.compiled, "LOOP alone").to.equal(1);
    });

    it(`${makeError().name} while climbing: the code stays in the JavaScript tier, counted`, async () => {
      const engine = createFastEngine(new EthereumjsEngine(), "climbing");
      await whileFailing("Module", makeError, async () => {
        for (let i = 0; i < 5; i++) {
          await run(engine, LOOP);
        }
      });
      const { compiled, entered, fallen } = engine.tierCounters;
      expect(fallen.get(reason), "tried once").to.equal(1);
      expect([compiled > 0, entered > 3]).to.deep.equal([true, true]);
    });

    it(`${makeError().name} for the arithmetic's own instance: as if there were no WebAssembly`, async () => {
      const engine = createFastEngine(new EthereumjsEngine(), "webassembly");
      await whileFailing("Instance", makeError, () => run(engine, LOOP));
      expect([...engine.tierCounters.fallen]).to.deep.equal([[reason, 1]]);
    });
  }

  it("no address space for the linear memory: the interpreter runs the code, counted", async () => {
    const engine = createFastEngine(new EthereumjsEngine(), "webassembly");
    await whileFailing("Memory", rangeError, () => run(engine, LOOP));
    expect([...engine.tierCounters.fallen]).to.deep.equal([[NO_MEMORY, 1]]);
  });

  it("a module that another thread compiled and this one cannot instantiate", async () => {
    const first = createFastEngine(new EthereumjsEngine(), "webassembly");
    await run(first, LOOP);
    const engine = createFastEngine(new EthereumjsEngine(), "climbing");
    const other = Uint8Array.from([...LOOP, 0x00]);
    for (let i = 0; i < 3; i++) {
      await run(engine, other); // the machine is there
    }
    engine.codeShare?.accept(first.codeShare?.takeUntold() ?? []);
    const reasons = (): number | undefined => engine.tierCounters.fallen.get(NO_MEMORY);
    expect(reasons()).to.equal(undefined);
    await whileFailing("Instance", rangeError, () => run(engine, LOOP));
    expect(reasons()).to.equal(1);
    await run(engine, LOOP);
    expect(reasons(), "only while it lasted").to.equal(1);
  });

  it("memory that cannot grow any more: the message begins again in the interpreter", async () => {
    const engine = createFastEngine(new EthereumjsEngine(), "webassembly");
    await run(engine, LOOP);
    const { prototype } = namespace.Memory as { prototype: { grow(pages: number): number } }; // the standard's
    const { grow } = prototype;
    prototype.grow = () => {
      throw rangeError();
    };
    try {
      await run(engine, GROWING);
    } finally {
      prototype.grow = grow;
    }
    expect([...engine.tierCounters.fallen]).to.deep.equal([[NO_MEMORY, 1]]);
    await run(engine, GROWING);
    expect([...engine.tierCounters.fallen], "only while it lasted").to.deep.equal([[NO_MEMORY, 1]]);
  });

  it("other errors of the runtime are not swallowed", async () => {
    const engine = createFastEngine(new EthereumjsEngine(), "webassembly");
    await run(engine, GROWING);
    let thrown: unknown = null;
    await whileFailing(
      "Module",
      () => new TypeError("a mistake"),
      async () => {
        await run(engine, LOOP).catch((error: unknown) => {
          thrown = error;
        });
      },
    );
    expect(thrown).to.be.instanceOf(TypeError);
  });
});

describe("the compiler's own limits", () => {
  const schedule = scheduleOf(forkRules(rules("osaka")));
  const limits = { states: 600, steps: 8_000, statesOfBlock: 16, height: 64 };

  it("lie below V8's: 24 KB of any one opcode give a module that it takes, or none", () => {
    for (let opcode = 0; opcode < 256; opcode++) {
      const operands = Array.from({ length: STACK_IN[opcode] ?? 0 }, () => [0x36, 0x35]).flat();
      const unit = [...operands, opcode, ...Array(STACK_OUT[opcode] ?? 0).fill(0x50)];
      const code = Uint8Array.from({ length: 24_576 }, (_, i) => unit[i % unit.length] ?? 0);
      const flow = exploreControlFlow(new CodeAnalysis(code), {
        opcodeGas: schedule.opcodeGas,
        limits,
      });
      const compiled = compileFunction(flow, schedule, 1_000_000);
      if (compiled !== null) {
        expect(webAssembly?.validate(compiled.bytes), `opcode ${opcode}`).to.equal(true);
      }
    }
  });

  it("a function with more locals than V8 takes is refused before V8 does", () => {
    const { local } = FunctionBuilder.prototype;
    const flow = exploreControlFlow(new CodeAnalysis(LOOP), {
      opcodeGas: schedule.opcodeGas,
      limits,
    });
    FunctionBuilder.prototype.local = function (this: FunctionBuilder, type) {
      while (this.localCount <= MAX_LOCALS) {
        local.call(this, type);
      }
      return local.call(this, type);
    };
    try {
      expect(compileFunction(flow, schedule, 1_000_000)).to.equal(null);
    } finally {
      FunctionBuilder.prototype.local = local;
    }
  });
});
