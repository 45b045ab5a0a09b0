/** Opcodes by name, and what the analysis of control flow needs to know of them. */

export const OP = {
  STOP: 0x00,
  KECCAK256: 0x20,
  BALANCE: 0x31,
  EXTCODESIZE: 0x3b,
  EXTCODECOPY: 0x3c,
  EXTCODEHASH: 0x3f,
  SELFBALANCE: 0x47,
  POP: 0x50,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  PC: 0x58,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  PUSH0: 0x5f,
  PUSH1: 0x60,
  PUSH32: 0x7f,
  DUP1: 0x80,
  DUP16: 0x8f,
  SWAP1: 0x90,
  SWAP16: 0x9f,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
  SELFDESTRUCT: 0xff,
} as const;

export const CALLS: ReadonlySet<number> = new Set([
  OP.CREATE,
  OP.CALL,
  OP.CALLCODE,
  OP.DELEGATECALL,
  OP.CREATE2,
  OP.STATICCALL,
]);

export const ENDS: ReadonlySet<number> = new Set([OP.STOP, OP.RETURN, OP.REVERT, OP.SELFDESTRUCT]);

/** What they do outlives a frame that fails: reads of the state, and what a trace records. */
export const OBSERVERS: ReadonlySet<number> = new Set([
  ...CALLS,
  OP.KECCAK256,
  OP.BALANCE,
  OP.EXTCODESIZE,
  OP.EXTCODECOPY,
  OP.EXTCODEHASH,
  OP.SELFBALANCE,
  OP.SLOAD,
  OP.SSTORE,
  OP.TLOAD,
  OP.TSTORE,
  OP.SELFDESTRUCT,
]);

export function isPush(opcode: number): boolean {
  return opcode >= OP.PUSH0 && opcode <= OP.PUSH32;
}
