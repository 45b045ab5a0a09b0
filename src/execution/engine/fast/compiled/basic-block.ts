/** Decodes one basic block: its steps, its gas segments, its need of the stack. */

import type { CodeAnalysis } from "../code-analysis";
import { STACK_IN, STACK_MAX, STACK_OUT } from "../stack-effects";
import type { BasicBlock, Ending, Step } from "./control-flow";
import { CALLS, ENDS, isPush, OBSERVERS, OP } from "./opcode-facts";

/** A longer run of opcodes is cut into blocks that fall into each other. */
export const MAX_BLOCK_STEPS = 512;

interface OpenStep {
  readonly pc: number;
  readonly opcode: number;
  readonly word: bigint | null;
  readonly gas: number;
}

/**
 * The block at `pc`.
 * @param opcodeGas as Schedule.opcodeGas
 */
export function decodeBlock(analysis: CodeAnalysis, opcodeGas: Int32Array, pc: number): BasicBlock {
  const { code } = analysis;
  const steps: OpenStep[] = [];
  let at = pc;
  let height = 0;
  let need = 0;
  let growth = 0;
  let ending: Ending | null = null;
  while (ending === null) {
    const opcode = code[at];
    if (opcode === undefined) {
      ending = "end"; // STOP, which costs nothing
      break;
    }
    const gas = opcodeGas[opcode] ?? -1;
    if (gas < 0) {
      ending = "halt";
      break;
    }
    if (steps.length > 0 && (opcode === OP.JUMPDEST || steps.length === MAX_BLOCK_STEPS)) {
      ending = "fall";
      break;
    }
    const taken = STACK_IN[opcode] ?? 0;
    need = Math.max(need, taken - height);
    height += (STACK_OUT[opcode] ?? 0) - taken;
    growth = Math.max(growth, height);
    const word = isPush(opcode) ? (opcode === OP.PUSH0 ? 0n : analysis.push(at)) : null;
    steps.push({ pc: at, opcode, word, gas });
    at += isPush(opcode) ? opcode - OP.PUSH0 + 1 : 1;
    ending = endingOf(opcode);
  }
  return { pc, end: at, steps: inSegments(steps), need, growth, ending };
}

/** The part of a block before the first step that a stack of `height` does not allow. */
export function cutAtStackLimit(
  block: BasicBlock,
  opcodeGas: Int32Array,
  height: number,
): { readonly block: BasicBlock; readonly reason: "underflow" | "overflow" } {
  const steps: OpenStep[] = [];
  let items = height;
  let end = block.end;
  let reason: "underflow" | "overflow" = "underflow";
  for (const { pc, opcode, word } of block.steps) {
    const taken = STACK_IN[opcode] ?? 0;
    if (items < taken || items > (STACK_MAX[opcode] ?? 0)) {
      end = pc;
      reason = items < taken ? "underflow" : "overflow";
      break;
    }
    items += (STACK_OUT[opcode] ?? 0) - taken;
    steps.push({ pc, opcode, word, gas: opcodeGas[opcode] ?? 0 });
  }
  return { block: { ...block, end, steps: inSegments(steps), ending: "halt" }, reason };
}

function endingOf(opcode: number): Ending | null {
  if (opcode === OP.JUMP) {
    return "jump";
  }
  if (opcode === OP.JUMPI) {
    return "branch";
  }
  return CALLS.has(opcode) ? "call" : ENDS.has(opcode) ? "end" : null;
}

/** A segment ends with the block or with an opcode that observes. */
function inSegments(steps: readonly OpenStep[]): Step[] {
  const result: Step[] = [];
  let start = 0;
  while (start < steps.length) {
    let end = start;
    let total = 0;
    for (let observes = false; end < steps.length && !observes; end++) {
      total += steps[end]?.gas ?? 0;
      observes = OBSERVERS.has(steps[end]?.opcode ?? 0);
    }
    let prepaid = total;
    for (const { pc, opcode, word, gas } of steps.slice(start, end)) {
      prepaid -= gas;
      result.push({ pc, opcode, word, charge: result.length === start ? total : 0, prepaid });
    }
    start = end;
  }
  return result;
}
