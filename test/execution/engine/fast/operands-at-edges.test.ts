/**
 * Every opcode of arithmetic, comparison and bits, with each combination of operands at the edges, once
 * known from the code (compilers fold and special-case those) and once only from calldata: each tier
 * gives what @ethereumjs/evm gives.
 */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../src/execution/engine/ethereumjs-engine";
import type { TierChoice } from "../../../../src/execution/engine/fast/compiled/tier-choice";
import { bigIntToBytes32 } from "../../../../src/state/bytes";
import type { Address, Hex } from "../../../../src/state/hex";
import { expectSameOutcomes } from "../../../helpers/engine-pair";
import { environment, transaction } from "../../../helpers/environment";
import { tierEngines } from "../../../helpers/fuzz/campaign";
import { MapState } from "../../../helpers/map-state";

const TIERS: readonly TierChoice[] = ["interpreter", "javascript", "webassembly"];
const SENDER: Address = `0x${"5e".repeat(20)}`;
const CONTRACT: Address = `0x${"c0".repeat(20)}`;

/** Where bytes, limbs, signs and shift counts end. */
const EDGES: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 30n, 31n, 32n, 127n, 128n, 255n, 256n, 257n],
  ...[2n ** 32n - 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n],
  ...[2n ** 255n - 1n, 2n ** 255n, 2n ** 256n - 2n, 2n ** 256n - 1n],
];
/** For opcodes of three operands. */
const FEW: readonly bigint[] = [
  0n,
  1n,
  2n,
  2n ** 64n - 1n,
  2n ** 128n,
  2n ** 255n,
  2n ** 256n - 1n,
];

const UNARY = { ISZERO: 0x15, NOT: 0x19, CLZ: 0x1e };
const BINARY = {
  ...{ ADD: 0x01, MUL: 0x02, SUB: 0x03, DIV: 0x04, SDIV: 0x05, MOD: 0x06, SMOD: 0x07, EXP: 0x0a },
  ...{ SIGNEXTEND: 0x0b, LT: 0x10, GT: 0x11, SLT: 0x12, SGT: 0x13, EQ: 0x14, AND: 0x16, OR: 0x17 },
  ...{ XOR: 0x18, BYTE: 0x1a, SHL: 0x1b, SHR: 0x1c, SAR: 0x1d },
};
const TERNARY = { ADDMOD: 0x08, MULMOD: 0x09 };

const CALLDATALOAD = 0x35;
const MSTORE = 0x52;
const PUSH1 = 0x60;
const PUSH2 = 0x61;
const RETURN = 0xf3;
/** Results that one contract computes, so that no tier refuses it for its size. */
const AT_ONCE = 64;

/** One result: operands, first on top of the stack, and which of them come from calldata. */
interface Case {
  readonly operands: readonly bigint[];
  readonly fromCalldata: readonly boolean[];
}

function casesOf(arity: number): Case[] {
  const edges = arity === 3 ? FEW : EDGES;
  let tuples: (readonly bigint[])[] = [[]];
  let masks: (readonly boolean[])[] = [[]];
  for (let i = 0; i < arity; i++) {
    tuples = tuples.flatMap((tuple) => edges.map((edge) => [...tuple, edge]));
    masks = masks.flatMap((mask) => [false, true].map((bit) => [...mask, bit]));
  }
  return masks.flatMap((fromCalldata) => tuples.map((operands) => ({ operands, fromCalldata })));
}

function push(value: bigint): number[] {
  const digits = value.toString(16);
  const bytes = [...Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex")];
  return [PUSH1 + bytes.length - 1, ...bytes];
}

/** Computes the cases and returns their results. */
function codeOf(opcode: number, cases: readonly Case[]): Hex {
  const code: number[] = [];
  for (const [place, { operands, fromCalldata }] of cases.entries()) {
    for (let i = operands.length - 1; i >= 0; i--) {
      const operand = operands[i] ?? 0n;
      code.push(
        ...(fromCalldata[i] === true
          ? [PUSH2, 0, EDGES.indexOf(operand), PUSH1, 5, 0x1b, CALLDATALOAD] // index << 5
          : push(operand)),
      );
    }
    code.push(opcode, ...push(BigInt(place * 32)), MSTORE);
  }
  code.push(...push(BigInt(cases.length * 32)), PUSH1, 0, RETURN);
  return `0x${Buffer.from(code).toString("hex")}`;
}

describe("operands at the edges, on each tier", () => {
  const reference = new EthereumjsEngine();
  const data = Buffer.concat(EDGES.map(bigIntToBytes32));

  for (const [arity, opcodes] of [UNARY, BINARY, TERNARY].entries()) {
    for (const [name, opcode] of Object.entries(opcodes)) {
      it(name, async () => {
        const engines = tierEngines(TIERS);
        const cases = casesOf(arity + 1);
        for (let first = 0; first < cases.length; first += AT_ONCE) {
          const some = cases.slice(first, first + AT_ONCE);
          const state = new MapState({
            [SENDER]: { balance: 10n ** 18n },
            [CONTRACT]: { nonce: 1n, code: codeOf(opcode, some) },
          });
          const execution = await expectSameOutcomes(reference, engines, {
            state,
            environment: environment("osaka"),
            transaction: transaction(SENDER, { to: CONTRACT, data, gasLimit: 16_000_000n }),
            trace: false,
          });
          const computed = execution.ok ? execution.outcome.returnData.length / 32 : 0;
          expect(computed, "results").to.equal(some.length);
        }
        for (const { tier, engine } of engines.slice(1)) {
          expect(engine.tierCounters.compiled, `codes compiled by ${tier}`).to.be.greaterThan(0);
          expect([...engine.tierCounters.fallen], `what ${tier} did not take`).to.deep.equal([]);
        }
      });
    }
  }
});
