/**
 * How much of a code is compiled, in numbers: a code just within a limit runs compiled to its end, one just beyond it
 * leaves for the interpreter there, counted.
 */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import { OP } from "../../../../../src/execution/engine/fast/compiled/opcode-facts";
import { createFastEngine } from "../../../../../src/execution/engine/fast/fast-engine";
import type { Address } from "../../../../../src/state/hex";
import { differenceOf, runOn } from "../../../../helpers/engine-pair";
import { environment, transaction } from "../../../../helpers/environment";
import { MapState } from "../../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const PUSH1 = OP.PUSH0 + 1;
const PUSH2 = OP.PUSH0 + 2;
const reference = new EthereumjsEngine();

const push2 = (place: number): number[] => [PUSH2, place >> 8, place & 0xff];
const repeat = (count: number, bytes: readonly number[]): number[] =>
  Array.from({ length: count }, () => bytes).flat();

/** So many blocks, each of which jumps to the next; a state each. */
function chain(blocks: number): number[] {
  const jumps = Array.from({ length: blocks - 1 }, (_, block) => [
    OP.JUMPDEST,
    ...push2(5 * (block + 1)),
    OP.JUMP,
  ]);
  return [...jumps.flat(), OP.JUMPDEST, OP.STOP];
}

/** So many opcodes in blocks of 100, a step each. */
function steps(count: number): number[] {
  const block = [OP.JUMPDEST, ...repeat(48, [OP.GAS, OP.POP]), OP.GAS, OP.NOT, OP.POP];
  return repeat(count / block.length, block);
}

/** A jump with so many items on the stack. */
function deep(height: number): number[] {
  const target = 2 * height + 4;
  return [...repeat(height, [PUSH1, 1]), ...push2(target), OP.JUMP, OP.JUMPDEST, OP.STOP];
}

/** A loop that leaves an item on the stack each time: its block is entered in as many ways as it turns. */
const GROWING = [OP.JUMPDEST, PUSH1, 1, ...push2(0), OP.JUMP];
/** gas of a turn: JUMPDEST 1, PUSH1 3, PUSH2 3, JUMP 8 */
const TURN = 15n;

async function fallsAtLimit(
  tier: "javascript" | "webassembly",
  code: readonly number[],
  gas = 1_000_000n,
): Promise<boolean> {
  const scene = {
    state: new MapState({
      [SENDER]: { balance: 10n ** 18n },
      [CONTRACT]: { nonce: 1n, code: Uint8Array.from(code) },
    }),
    transaction: transaction(SENDER, { to: CONTRACT, gasLimit: 21_000n + gas }),
    environment: environment("osaka"),
    trace: false,
  };
  const engine = createFastEngine(reference, tier);
  const expected = await runOn(createFastEngine(reference, "interpreter"), scene);
  expect(differenceOf(expected, await runOn(engine, scene))).to.equal(null);
  const { fallen, entered } = engine.tierCounters;
  expect(entered, "it begins compiled").to.be.greaterThan(0);
  const reasons = [...fallen.keys()];
  expect(reasons.filter((reason) => reason !== "beyond the compiler's limits")).to.deep.equal([]);
  return reasons.length > 0;
}

for (const tier of ["javascript", "webassembly"] as const) {
  describe(`limits of what is compiled: ${tier}`, () => {
    const limits: Readonly<Record<string, (number: number) => Promise<boolean>>> = {
      "600 states": (count) => fallsAtLimit(tier, chain(count)),
      "8000 steps": (count) => fallsAtLimit(tier, steps(count)),
      "64 items": (height) => fallsAtLimit(tier, deep(height)),
      // 16 for what is known of the stack; twice as many where nothing is
      "32 states of a block": (turns) => fallsAtLimit(tier, GROWING, BigInt(turns) * TURN - 1n),
    };
    for (const [name, falls] of Object.entries(limits)) {
      const limit = Number.parseInt(name, 10);
      const step = limit > 1000 ? 100 : 1;
      it(name, async () => {
        expect(await falls(limit), "within the limit").to.equal(false);
        expect(await falls(limit + step), "beyond it").to.equal(true);
      });
    }
  });
}
