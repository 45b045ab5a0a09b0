/**
 * Where things lie in the linear memory of a thread, and what compiled code answers.
 *
 *   0 ... 1023      the arithmetic's own (words-runtime.ts)
 *   REGISTERS       what compiled code and its caller tell each other about the frame
 *   OPERANDS        words that go to and come from the caller: items taken, top of the stack first
 *   REGIONS ...     one region per frame, innermost last:  spilled stack | calldata, zeros | EVM memory
 */

/** Addresses in bytes. Numbers are i32 but for gas. */
export const REGISTERS = {
  /** f64: gas left */
  gas: 1024,
  /** active bytes of the EVM memory */
  size: 1032,
  /** addresses of the parts of the frame's region */
  memory: 1036,
  calldata: 1040,
  calldataLength: 1044,
  stack: 1048,
  /** items on the spilled stack */
  height: 1052,
  /** where a frame goes on, or halted */
  pc: 1056,
  returnDataLength: 1060,
  /** 1 if preimages of hashes are recorded */
  tracing: 1064,
} as const;

export const OPERANDS = 1280;
export const WORD_BYTES = 32;
export const REGIONS = 2048;

/** What a run of compiled code ends with. */
export const EXIT = {
  /** STOP */
  stop: 0,
  /** RETURN and REVERT: offset and length are the operands */
  return: 1,
  revert: 2,
  /** SELFDESTRUCT, which the caller has done */
  destroyed: 3,
  /** an inner frame is open; the stack is spilled without the operands of the call */
  call: 4,
  /** the code goes on at register pc, which is not compiled; the stack is spilled */
  leave: 5,
  /** as leave, where compiled code never goes on */
  limit: 12,
  /** as leave, but at the jump destination that is the operand, if it is one */
  jump: 6,
  outOfGas: 7,
  invalidJump: 8,
  invalidOpcode: 9,
  stackUnderflow: 10,
  stackOverflow: 11,
} as const;
