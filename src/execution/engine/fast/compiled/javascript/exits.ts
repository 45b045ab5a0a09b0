/** Code for ways out of a state that name no other state: ends, halts, calls, leaving. */
import type { Step } from "../control-flow";
import { OP } from "../opcode-facts";
import { asWord, type Item } from "./item";
import type { Writer } from "./writer";

/** by opcode from CALL; the names of CallKind */
const CALL_KINDS: Readonly<Record<number, string>> = {
  [OP.CALL]: "call",
  [OP.CALLCODE]: "callcode",
  [OP.DELEGATECALL]: "delegatecall",
  [OP.STATICCALL]: "staticcall",
};

export const HALTS = {
  opcode: "INVALID_OPCODE",
  underflow: "STACK_UNDERFLOW",
  overflow: "STACK_OVERFLOW",
} as const;

/** Jumps and ends: what is written for them is their exit. */
export function isControl(opcode: number): boolean {
  return (
    opcode === OP.JUMP ||
    opcode === OP.JUMPI ||
    opcode === OP.STOP ||
    opcode === OP.RETURN ||
    opcode === OP.REVERT ||
    opcode === OP.SELFDESTRUCT
  );
}

export function endOf(step: Step | undefined, inputs: readonly Item[]): string {
  const words = inputs.map(asWord).join(",");
  switch (step?.opcode) {
    case OP.RETURN:
      return `frame.gas=gas;return outputOf(frame,${words});`;
    case OP.REVERT:
      return `frame.gas=gas;frame.returnData=outputOf(frame,${words});throw REVERT;`;
    case OP.SELFDESTRUCT:
      return `frame.gas=gas;selfDestruct(context,frame,${step.pc},${words});return NO_BYTES;`;
    default:
      return "frame.gas=gas;return NO_BYTES;";
  }
}

/** The call's result, if it ended at once; else the frame waits with what is below on its stack. */
export function writeCall(
  writer: Writer,
  { pc, opcode }: Step,
  inputs: readonly Item[],
  below: readonly Item[],
): Item {
  const words = inputs.map(asWord);
  const kind = CALL_KINDS[opcode];
  let call: string;
  if (kind === undefined) {
    const salt = opcode === OP.CREATE2 ? [] : ["null"];
    call = `createOpcode(context,frame,${[...words, ...salt].join(",")})`;
  } else {
    const [gas, to, ...rest] = words;
    const value = kind === "call" || kind === "callcode" ? [] : ["0n"];
    call = `callOpcode(context,frame,"${kind}",${[gas, to, ...value, ...rest].join(",")})`;
  }
  writer.line(`frame.gas=gas;frame.pc=${pc};frame.sp=${below.length};`);
  writer.line(`if(!${call}){${spill(below)}return null;}`);
  writer.line("gas=frame.gas;");
  const result = `stack[${below.length}]`;
  return kind === undefined
    ? writer.define("word", result)
    : writer.define("boolean", `${result}!==0n`);
}

export function spill(stack: readonly Item[]): string {
  return stack.map((item, place) => `stack[${place}]=${asWord(item)};`).join("");
}

export function leave(
  pc: number,
  height: number,
  paid: number,
  how: "LEFT" | "PAUSED" | "TOO_WIDE" | "BEYOND_LIMITS",
): string {
  return `frame.pc=${pc};frame.sp=${height};frame.gas=gas+${paid};return ${how};`;
}
