/**
 * Runs steps over a stack of anything: words, expressions, registers of a compiler. PUSH, DUP, SWAP, POP and
 * JUMPDEST are done here and never seen by the machine.
 */
import { invariant } from "../../../../errors/base-error";
import { STACK_IN, STACK_OUT } from "../stack-effects";
import * as words from "../words";
import type { Step } from "./control-flow";
import { OP } from "./opcode-facts";

export interface StackMachine<T> {
  constant(word: bigint): T;
  /**
   * Any other opcode. `inputs`: what it takes, top of the stack first. `below`: the stack under them, valid
   * during the call only. Returns its result; anything if it has none.
   */
  operate(step: Step, inputs: readonly T[], below: readonly T[]): T;
}

/** The stack must hold what the step needs (states are made so). */
export function runStep<T>(machine: StackMachine<T>, stack: T[], step: Step): void {
  const { opcode } = step;
  if (step.word !== null) {
    stack.push(machine.constant(step.word));
  } else if (opcode >= OP.DUP1 && opcode <= OP.DUP16) {
    stack.push(itemAt(stack, stack.length - 1 - (opcode - OP.DUP1)));
  } else if (opcode >= OP.SWAP1 && opcode <= OP.SWAP16) {
    const top = stack.length - 1;
    const other = top - 1 - (opcode - OP.SWAP1);
    const upper = itemAt(stack, top);
    stack[top] = itemAt(stack, other);
    stack[other] = upper;
  } else if (opcode === OP.POP) {
    stack.pop();
  } else if (opcode !== OP.JUMPDEST) {
    const taken = STACK_IN[opcode] ?? 0;
    const inputs = taken === 0 ? [] : stack.splice(-taken).reverse();
    invariant(inputs.length === taken, "a step lacks items");
    const result = machine.operate(step, inputs, stack);
    if (STACK_OUT[opcode] === 1) {
      stack.push(result);
    }
  }
}

function itemAt<T>(stack: readonly T[], place: number): T {
  invariant(place >= 0 && place < stack.length, "a step lacks items");
  return stack[place] as T; // within the stack
}

const UNARY: Readonly<Record<number, (a: bigint) => bigint>> = {
  [OP.ISZERO]: (a) => (a === 0n ? 1n : 0n),
  [OP.NOT]: (a) => words.WORD_MASK ^ a,
  [OP.CLZ]: words.countLeadingZeros,
};

const BINARY: Readonly<Record<number, (a: bigint, b: bigint) => bigint>> = {
  [OP.ADD]: words.add,
  [OP.MUL]: (a, b) => BigInt.asUintN(256, a * b),
  [OP.SUB]: words.subtract,
  [OP.DIV]: words.divide,
  [OP.SDIV]: words.signedDivide,
  [OP.MOD]: words.modulo,
  [OP.SMOD]: words.signedModulo,
  [OP.SIGNEXTEND]: words.signExtend,
  [OP.LT]: (a, b) => (a < b ? 1n : 0n),
  [OP.GT]: (a, b) => (a > b ? 1n : 0n),
  [OP.SLT]: (a, b) => (words.signedLess(a, b) ? 1n : 0n),
  [OP.SGT]: (a, b) => (words.signedLess(b, a) ? 1n : 0n),
  [OP.EQ]: (a, b) => (a === b ? 1n : 0n),
  [OP.AND]: (a, b) => a & b,
  [OP.OR]: (a, b) => a | b,
  [OP.XOR]: (a, b) => a ^ b,
  [OP.BYTE]: words.byteAt,
  [OP.SHL]: words.shiftLeft,
  [OP.SHR]: words.shiftRight,
  [OP.SAR]: words.arithmeticShiftRight,
};

/**
 * What an opcode without gas of its own gives for known operands (top of the stack first); null if they
 * are not all known or its result depends on more.
 */
export function foldConstant(step: Step, inputs: readonly (bigint | null)[]): bigint | null {
  const [a, b] = inputs;
  if (step.opcode === OP.PC) {
    return BigInt(step.pc);
  }
  if (typeof a !== "bigint") {
    return null;
  }
  const unary = UNARY[step.opcode];
  if (unary !== undefined) {
    return unary(a);
  }
  return typeof b === "bigint" ? (BINARY[step.opcode]?.(a, b) ?? null) : null;
}
