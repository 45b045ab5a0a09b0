/**
 * Programs about operands: every opcode of arithmetic, comparison and bits, with a constant on top of the stack,
 * below it, on both places or on none. What is no constant comes out of calldata, so that no compiler knows it,
 * and is made of random bytes, so that no part of it is zero; each result goes into a sum that is returned.
 */
import type { Address } from "../../../src/state/hex";
import { environment, transaction } from "../environment";
import { MapState } from "../map-state";
import { CodeBuilder } from "./code-builder";
import type { Random } from "./random";
import type { Program } from "./scene";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";

const UNARY: readonly number[] = [0x15, 0x19, 0x1e];
const TERNARY: readonly number[] = [0x08, 0x09];
/** All opcodes of two operands that compute a word out of them. */
const BINARY: readonly number[] = [
  ...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14],
  ...[0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d],
];
/** Their first operand is a place in the word: as a constant it mostly is one. */
const PLACED: ReadonlyMap<number, number> = new Map([
  [0x0b, 31],
  [0x1a, 32],
  [0x1b, 256],
  [0x1c, 256],
  [0x1d, 256],
]);
/** words of calldata */
const WORDS = 16;
const GAS_LIMIT = 16_000_000n;

export function operandProgram(random: Random): Program {
  const code = new CodeBuilder();
  const turns = 1 + random.below(random.once(4) ? 60 : 6);
  // sum, turns left: a loop, so that tiers that wait for heat take part
  code.push(0, turns);
  const start = code.place;
  code.op(0x5b);
  for (let left = 30 + random.below(60); left > 0; left--) {
    compute(code, random);
    // sum = 3 sum + result
    code.op(0x91).push(3).op(0x02, 0x91, 0x90, 0x91, 0x01, 0x90);
  }
  code.push(1).op(0x90, 0x03, 0x80).pushPlace(start);
  code.op(0x57, 0x50).push(0).op(0x52).push(32, 0).op(0xf3);
  return {
    kind: "operands",
    hardfork: "osaka",
    scene: {
      state: new MapState({
        [SENDER]: { balance: 10n ** 18n },
        [CONTRACT]: { nonce: 1n, code: code.build() },
      }),
      transaction: transaction(SENDER, {
        to: CONTRACT,
        gasLimit: GAS_LIMIT,
        data: random.bytes(32 * WORDS),
      }),
      environment: environment("osaka"),
      trace: false,
    },
  };
}

/** Leaves one result on the stack. */
function compute(code: CodeBuilder, random: Random): void {
  if (random.once(8)) {
    operand(code, random, false);
    code.op(random.pick(UNARY));
    return;
  }
  if (random.once(6)) {
    const constants = random.below(8);
    for (let place = 0; place < 3; place++) {
      operand(code, random, ((constants >> place) & 1) === 1);
    }
    code.op(random.pick(TERNARY));
    return;
  }
  // Each place in a word is a case of its own to a compiler.
  const opcode = random.pick(random.once(2) ? [...PLACED.keys()] : BINARY);
  const constants = random.pick(["top", "top", "top", "below", "both", "none"] as const);
  operand(code, random, constants === "below" || constants === "both");
  const most = PLACED.get(opcode);
  if (constants !== "top" && constants !== "both") {
    operand(code, random, false);
  } else if (most !== undefined && !random.once(8)) {
    code.push(random.below(most));
  } else {
    operand(code, random, true);
  }
  code.op(opcode);
}

function operand(code: CodeBuilder, random: Random, isConstant: boolean): void {
  if (isConstant) {
    const edge = (1n << BigInt(random.pick(WIDTHS))) - BigInt(random.below(2));
    code.push(random.once(3) ? edge : random.word());
    return;
  }
  code.push(32 * random.below(WORDS)).op(0x35);
  // numbers of few bits take other ways than whole words, up to what a limb or a JavaScript number holds
  if (random.once(2)) {
    const bits = random.once(4) ? 1 + random.below(255) : random.pick(WIDTHS);
    code.push((1n << BigInt(bits)) - 1n).op(0x16);
  }
}

/** bits */
const WIDTHS: readonly number[] = [1, 8, 31, 32, 33, 52, 53, 54, 63, 64, 65, 128];
