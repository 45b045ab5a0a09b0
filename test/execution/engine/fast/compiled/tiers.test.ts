/** When frames change tiers, what is counted, and that no result depends on it. */
import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import { createSharedHeat } from "../../../../../src/execution/engine/fast/compiled/shared-heat";
import type { TierChoice } from "../../../../../src/execution/engine/fast/compiled/tier-choice";
import type { TierCounters } from "../../../../../src/execution/engine/fast/compiled/tiers";
import { createFastEngine } from "../../../../../src/execution/engine/fast/fast-engine";
import { bigIntToBytes32, bytesToHex } from "../../../../../src/state/bytes";
import type { Address } from "../../../../../src/state/hex";
import { assemble } from "../../../../helpers/assembler";
import { differenceOf, runOn, type Scene } from "../../../../helpers/engine-pair";
import { environment, transaction } from "../../../../helpers/environment";
import { MapState } from "../../../../helpers/map-state";
import { TYPESCRIPT_HOOK } from "../../../../helpers/typescript-hook";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";

const NOT_COMPILED = "not compiled so far";
const BEYOND_LIMITS = "beyond the compiler's limits";
const TOO_WIDE = "a number grew too wide";

interface Call {
  readonly data?: Uint8Array;
}

function sceneOf(code: Uint8Array, { data }: Call, gasLimit = 1_000_000n): Scene {
  return {
    state: new MapState({
      [SENDER]: { balance: 10n ** 18n },
      [CONTRACT]: { nonce: 1n, code },
    }),
    transaction: transaction(SENDER, {
      to: CONTRACT,
      data: data ?? new Uint8Array(0),
      gasLimit,
    }),
    environment: environment("cancun"),
    trace: true,
  };
}

/** Runs each call of the code on the tier and on the interpreter, which must agree. */
async function onTier(
  tier: TierChoice,
  code: Uint8Array,
  calls: readonly Call[] = [{}],
  gasLimit = 1_000_000n,
): Promise<TierCounters & { readonly returned: readonly bigint[] }> {
  const reference = new EthereumjsEngine();
  const engine = createFastEngine(reference, tier);
  const interpreter = createFastEngine(reference, "interpreter");
  const returned: bigint[] = [];
  for (const call of calls) {
    const scene = sceneOf(code, call, gasLimit);
    const expected = await runOn(interpreter, scene);
    const actual = await runOn(engine, scene);
    expect(differenceOf(expected, actual)).to.equal(null);
    returned.push(actual.ok ? wordOf(actual.outcome.returnData) : -1n);
  }
  return { ...engine.tierCounters, returned };
}

/** -1 for no bytes. */
function wordOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? -1n : BigInt(bytesToHex(bytes));
}

/** Code with labels: `name:` is a JUMPDEST there, `@name` pushes its place (2 bytes). */
function withLabels(source: string): Uint8Array {
  const words = source.split(/\s+/).filter((text) => text !== "");
  const places = new Map<string, number>();
  const bytes: number[] = [];
  for (const pass of [0, 1]) {
    bytes.length = 0;
    for (const word of words) {
      if (word.endsWith(":")) {
        places.set(`@${word.slice(0, -1)}`, bytes.length);
        bytes.push(0x5b);
      } else if (word.startsWith("@")) {
        const place = places.get(word) ?? 0;
        expect(pass === 0 || places.has(word), word).to.equal(true);
        bytes.push(0x61, place >> 8, place & 0xff);
      } else {
        bytes.push(...assemble(word));
      }
    }
  }
  return Uint8Array.from(bytes);
}

/** Counts up to `turns` and returns what it counted. */
function loop(turns: string): Uint8Array {
  return withLabels(`
    0x0
    again:
      ${turns} DUP2 LT ISZERO @done JUMPI
      0x1 ADD @again JUMP
    done: 0x0 MSTORE 0x20 0x0 RETURN`);
}

describe("tiers", () => {
  it("a loop becomes hot while it runs, and goes on compiled", async () => {
    const { compiled, entered, fallen } = await onTier("auto", loop("0x2000"));
    expect([compiled, entered]).to.deep.equal([1, 1]);
    expect([...fallen.keys()].filter((reason) => reason !== NOT_COMPILED)).to.deep.equal([]);
  });

  it("a frame that stays in one loop goes on in WebAssembly, wherever the loop is", async () => {
    const inLoop = await onTier("climbing", loop("0x1000"));
    expect([inLoop.compiled, inLoop.entered, inLoop.paused]).to.deep.equal([2, 2, 1]);
    // two loops, a function called from both, which jumps back to a known place; the sum outgrows a number
    const nested = withLabels(`
      0x1 0x0
      outer:
        0x20 DUP2 LT ISZERO @done JUMPI
        0x0
        inner:
          0x20 DUP2 LT ISZERO @next JUMPI
          SWAP2 @back SWAP1 @double JUMP
        back: SWAP2 0x1 ADD @inner JUMP
        next: POP 0x1 ADD @outer JUMP
      double: DUP1 ADD 0x1 ADD SWAP1 JUMP
      done: SWAP1 0x0 MSTORE 0x20 0x0 RETURN`);
    const inNested = await onTier("climbing", nested, [{}, {}]);
    expect(inNested.paused).to.be.greaterThan(0);
    expect(inNested.returned, "1024 times x -> 2 x + 1, from 1").to.deep.equal([
      2n ** 256n - 1n,
      2n ** 256n - 1n,
    ]);
  });

  it("a frame whose gas goes into storage pauses a few times and stays", async () => {
    // 200 turns of SSTORE: 100 gas of opcodes' own and far more of storage
    const storing = withLabels(`
      0x0 again: 0x1 ADD DUP1 DUP1 SSTORE 0xc8 DUP2 LT @again JUMPI STOP`);
    const { paused, compiled, fallen } = await onTier("climbing", storing);
    expect(compiled).to.equal(2);
    expect(paused).to.be.within(1, 16);
    expect([...fallen.keys()].filter((reason) => reason !== NOT_COMPILED)).to.deep.equal([]);
  });

  it("a first call that burns 16 million gas in one loop runs in WebAssembly from an eighth on", async () => {
    const { compiled, paused } = await onTier("auto", loop("0x40000"), [{}], 20_000_000n);
    expect(compiled).to.equal(2);
    expect(paused).to.be.within(1, 16);
  });

  it("code that runs now and then is never compiled", async () => {
    const { compiled } = await onTier("auto", loop("0x10"), Array(20).fill({}));
    expect(compiled).to.equal(0);
  });

  it("many short calls make a code hot as well", async () => {
    const { compiled, entered } = await onTier("auto", loop("0x40"), Array(60).fill({}));
    expect(compiled).to.equal(1);
    expect(entered).to.be.greaterThan(10);
  });

  it("a side that was never reached is left for the interpreter, and compiled when it is met often", async () => {
    // with calldata, the body takes another side
    const code = withLabels(`
      0x0 0x0
      again:
        0x40 DUP2 LT ISZERO @done JUMPI
        0x0 CALLDATALOAD @other JUMPI
      back: 0x1 ADD @again JUMP
      other: SWAP1 0x3 ADD SWAP1 @back JUMP
      done: SWAP1 0x0 MSTORE 0x20 0x0 RETURN`);
    const data = new Uint8Array(32).fill(1);
    const calls = [...Array(60).fill({}), ...Array(200).fill({ data })];
    const { compiled, fallen, returned } = await onTier("auto", code, calls);
    expect(compiled).to.equal(2);
    expect(fallen.get(NOT_COMPILED)).to.be.within(64, 80);
    expect([returned[0], returned.at(-1)]).to.deep.equal([0n, 3n * 64n]);
  });
});

describe("heat that threads share", () => {
  it("a code that is hot on one thread is compiled on the other after a few jumps", async () => {
    const heat = createSharedHeat();
    const run = async (turns: number, shared: SharedArrayBuffer | null): Promise<number> => {
      // an engine of its own is all that a thread has
      const engine = createFastEngine(new EthereumjsEngine(), "auto", shared);
      await runOn(
        engine,
        sceneOf(loop("0x0 CALLDATALOAD"), { data: bigIntToBytes32(BigInt(turns)) }),
      );
      return engine.tierCounters.compiled;
    };
    expect(await run(700, heat), "cold").to.equal(0);
    expect(await run(4000, heat), "hot by itself").to.equal(1);
    expect(await run(300, heat), "hot elsewhere").to.equal(1);
    expect(await run(300, null), "alone").to.equal(0);
  });
});

describe("numbers in compiled code", () => {
  const returns = "0x0 MSTORE 0x20 0x0 RETURN";

  it("a sum, a product and a difference that are no JavaScript numbers are words", async () => {
    const doubling = withLabels(`
      0x1 0x0
      again: SWAP1 DUP1 ADD SWAP1 0x1 ADD DUP1 0x12c LT ISZERO @again JUMPI
      SWAP1 0x1 ADD ${returns}`);
    const { fallen, returned } = await onTier("javascript", doubling, [{}, {}]);
    expect(fallen.get(TOO_WIDE), "once a run, until it is compiled anew").to.equal(2);
    expect(returned).to.deep.equal([1n, 1n]); // 2^300 + 1 modulo 2^256
    const product = await onTier(
      "javascript",
      Uint8Array.from([...assemble("0x1fffffffffffff"), 0x36, 0x02, ...assemble(returns)]),
      [{ data: new Uint8Array(2) }, { data: new Uint8Array(1) }, {}],
    );
    expect(product.returned).to.deep.equal([2n ** 54n - 2n, 2n ** 53n - 1n, 0n]);
    const difference = await onTier(
      "javascript",
      Uint8Array.from([...assemble("0x5"), 0x36, 0x03, ...assemble(returns)]),
      [{ data: new Uint8Array(5) }, { data: new Uint8Array(4) }],
    );
    expect(difference.returned).to.deep.equal([0n, 2n ** 256n - 1n]);
  });

  it("the free memory pointer may be any word", async () => {
    const huge = `0x${"ff".repeat(32)}`;
    const code = assemble(`${huge} 0x40 MSTORE 0x40 MLOAD ${returns}`);
    const { returned, fallen } = await onTier("javascript", code, Array(70).fill({}));
    expect(new Set(returned)).to.deep.equal(new Set([2n ** 256n - 1n]));
    expect(fallen.get(TOO_WIDE), "compiled anew after 64 misses").to.equal(64);
  });
});

describe("jumps that are known at run time only", () => {
  const table = withLabels(`
    0x0 CALLDATALOAD JUMP
    one: 0x1 0x0 MSTORE 0x20 0x0 RETURN
    two: 0x2 0x0 MSTORE 0x20 0x0 RETURN`);

  it("leave, and their targets are compiled when they are met often", async () => {
    const to = (place: number): { data: Uint8Array } => {
      const data = new Uint8Array(32);
      data[31] = place;
      return { data };
    };
    const one = table.indexOf(0x5b);
    const two = table.indexOf(0x5b, one + 1);
    const calls = Array.from({ length: 200 }, (_, i) => to([one, two, 3][i % 3] ?? 0));
    const { compiled, fallen, returned } = await onTier("javascript", table, calls);
    expect(returned.slice(0, 2)).to.deep.equal([1n, 2n]);
    expect(compiled).to.equal(2);
    expect(fallen.get(NOT_COMPILED)).to.equal(64);
  });
});

describe("hostile code on the JavaScript tier", () => {
  it("a stack deeper than what is compiled goes to the interpreter, counted", async () => {
    const pushes = Array(100).fill("0x1").join(" ");
    const { fallen } = await onTier("javascript", withLabels(`${pushes} @on JUMP on: STOP`));
    expect(fallen.get(BEYOND_LIMITS)).to.equal(1);
  });

  it("recursion within a code, to the last item of the stack", async () => {
    await onTier("javascript", withLabels("again: 0x1 0x2 0x3 @again JUMP"));
    await onTier("hasty", withLabels("again: 0x1 0x2 0x3 @again JUMP"));
  });

  it("a compile bomb: return addresses that double at every branch", async () => {
    const rungs = Array.from(
      { length: 24 },
      (_, i) => `GAS @a${i} JUMPI @x @b${i} JUMP a${i}: @y b${i}:`,
    ).join(" ");
    const code = withLabels(`${rungs} x: y: STOP`);
    const { compiled, fallen } = await onTier("javascript", code, Array(5).fill({}));
    expect(compiled).to.equal(1);
    expect(fallen.get(BEYOND_LIMITS)).to.be.greaterThan(0);
  });
});

describe("where code generation from strings is forbidden", () => {
  it("the interpreter runs everything, and the reason is counted", () => {
    const script = `
      const { createFastEngine } = require(${JSON.stringify(require.resolve("../../../../../src/execution/engine/fast/fast-engine"))});
      const { IncarnationView } = require(${JSON.stringify(require.resolve("../../../../../src/execution/incarnation-view"))});
      const { BlockOverlay } = require(${JSON.stringify(require.resolve("../../../../../src/execution/block-overlay"))});
      const { MapState } = require(${JSON.stringify(require.resolve("../../../../helpers/map-state"))});
      const { environment } = require(${JSON.stringify(require.resolve("../../../../helpers/environment"))});
      const engine = createFastEngine(null, "javascript");
      const code = Uint8Array.of(0x60, 7, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3);
      const view = new IncarnationView(new BlockOverlay(new MapState({ "${CONTRACT}": { code } })), false);
      const result = engine.run({ caller: "${SENDER}", to: "${CONTRACT}", value: 0n, data: new Uint8Array(0), gasLimit: 100000n,
        gasPrice: 1n, origin: "${SENDER}", blobVersionedHashes: [], warmAddresses: [], warmSlots: [], callerNonce: 0n }, environment("cancun"), view);
      const { compiled, entered, fallen } = engine.tierCounters;
      console.log(JSON.stringify([result.returnData[31], compiled, entered, [...fallen]]));`;
    const output = execFileSync(
      process.execPath,
      ["--disallow-code-generation-from-strings", "-r", TYPESCRIPT_HOOK, "-e", script],
      { encoding: "utf8", cwd: `${__dirname}/../../../../..` },
    );
    expect(JSON.parse(output)).to.deep.equal([7, 0, 0, [["code generation is forbidden", 1]]]);
  });

  it("without WebAssembly the tiers that need it are counted as fallen, and the same code runs below", () => {
    const script = `
      delete globalThis.WebAssembly;
      const { createFastEngine } = require("./src/execution/engine/fast/fast-engine");
      const { BlockOverlay } = require("./src/execution/block-overlay");
      const { IncarnationView } = require("./src/execution/incarnation-view");
      const { environment } = require("./test/helpers/environment");
      const { MapState } = require("./test/helpers/map-state");
      const to = "${CONTRACT}";
      const message = {
        caller: "${SENDER}", to, value: 0n, data: new Uint8Array(0), gasLimit: 100000n, gasPrice: 1n,
        origin: "${SENDER}", blobVersionedHashes: [], warmAddresses: [], warmSlots: [], callerNonce: 0n,
      };
      const told = ["interpreter", "javascript", "webassembly", "climbing", "auto"].map((tier) => {
        const engine = createFastEngine(null, tier);
        const state = new MapState({ [to]: { nonce: 1n, code: "0x600760005260206000f3" } });
        const view = new IncarnationView(new BlockOverlay(state), false);
        const { returnData } = engine.run(message, environment("cancun"), view);
        const { fallen } = engine.tierCounters;
        return [tier, returnData[31], fallen.get("no WebAssembly here, or none with vectors") ?? 0];
      });
      console.log(JSON.stringify(told));
    `;
    const output = execFileSync(process.execPath, ["-r", TYPESCRIPT_HOOK, "-e", script], {
      encoding: "utf8",
      cwd: `${__dirname}/../../../../..`,
    });
    expect(JSON.parse(output)).to.deep.equal([
      ["interpreter", 7, 0],
      ["javascript", 7, 0],
      ["webassembly", 7, 1],
      ["climbing", 7, 1],
      ["auto", 7, 1],
    ]);
  });
});
