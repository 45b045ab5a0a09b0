/**
 * How a frame ends early, as preallocated values to throw: no stack trace is captured, so a revert
 * costs what its opcodes cost.
 */
import type { Halt } from "../../outcome";

export class HaltSignal {
  readonly halt: Halt;

  constructor(halt: Halt) {
    this.halt = halt;
  }
}

function halt(reason: string): HaltSignal {
  return new HaltSignal({ kind: "halt", reason });
}

export const REVERT = new HaltSignal({ kind: "revert", reason: "Revert" });
export const OUT_OF_GAS = halt("OutOfGas");
/** RETURNDATACOPY beyond the return data (EIP-211) */
export const OUT_OF_OFFSET = halt("OutOfOffset");
export const STACK_UNDERFLOW = halt("StackUnderflow");
export const STACK_OVERFLOW = halt("StackOverflow");
export const INVALID_JUMP = halt("InvalidJump");
export const INVALID_OPCODE = halt("InvalidOpcode");
export const STATIC_STATE_CHANGE = halt("StaticStateChange");
export const CREATE_COLLISION = halt("CreateCollision");
export const CODE_SIZE_EXCEEDED = halt("CodeSizeExceeded");
export const INIT_CODE_SIZE_EXCEEDED = halt("InitCodeSizeExceeded");
export const INVALID_CODE = halt("InvalidCode");
export const PRECOMPILE_FAILED = halt("PrecompileFailed");
export const VALUE_OVERFLOW = halt("ValueOverflow");
/** Frontier only: the code could not be paid for, the account stays without code. */
export const CODE_STORE_OUT_OF_GAS = halt("CodeStoreOutOfGas");
