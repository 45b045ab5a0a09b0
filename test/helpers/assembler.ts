/**
 * A small assembler for tests: mnemonics and hex literals to EVM code. A literal becomes the
 * shortest PUSH (PUSH1 0x00 for zero, so that the code runs on every fork).
 */
import { hexToBytes } from "../../src/state/bytes";

const OPCODES: Readonly<Record<string, number>> = {
  STOP: 0x00,
  ADD: 0x01,
  MUL: 0x02,
  SUB: 0x03,
  LT: 0x10,
  ISZERO: 0x15,
  KECCAK256: 0x20,
  ADDRESS: 0x30,
  BALANCE: 0x31,
  CALLER: 0x33,
  CALLVALUE: 0x34,
  CALLDATALOAD: 0x35,
  CALLDATASIZE: 0x36,
  CALLDATACOPY: 0x37,
  CODECOPY: 0x39,
  GASPRICE: 0x3a,
  EXTCODESIZE: 0x3b,
  RETURNDATACOPY: 0x3e,
  EXTCODEHASH: 0x3f,
  BLOCKHASH: 0x40,
  COINBASE: 0x41,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  SELFBALANCE: 0x47,
  BASEFEE: 0x48,
  POP: 0x50,
  MLOAD: 0x51,
  MSTORE: 0x52,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  DUP1: 0x80,
  DUP2: 0x81,
  SWAP1: 0x90,
  SWAP2: 0x91,
  LOG0: 0xa0,
  LOG1: 0xa1,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
  INVALID: 0xfe,
  SELFDESTRUCT: 0xff,
};

/** Assembles words separated by white space. Throws for an unknown mnemonic. */
export function assemble(source: string): Uint8Array {
  const bytes: number[] = [];
  for (const word of source.split(/\s+/).filter((text) => text !== "")) {
    const opcode = OPCODES[word];
    if (opcode !== undefined) {
      bytes.push(opcode);
    } else if (/^0x[0-9a-f]+$/.test(word)) {
      const digits = word.slice(2);
      const literal = hexToBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
      bytes.push(0x5f + literal.length, ...literal);
    } else {
      throw new Error(`unknown mnemonic ${word}`);
    }
  }
  return Uint8Array.from(bytes);
}

/** Init code that deploys `runtime` (at most 255 bytes). */
export function deploying(runtime: Uint8Array): Uint8Array {
  const length = `0x${runtime.length.toString(16)}`;
  const prefixOf = (offset: number): Uint8Array =>
    assemble(`${length} 0x${offset.toString(16)} 0x0 CODECOPY ${length} 0x0 RETURN`);
  const prefix = prefixOf(prefixOf(0).length);
  return Uint8Array.from([...prefix, ...runtime]);
}

/** Returns the top of the stack and ends. */
export const RETURN_TOP = "0x0 MSTORE 0x20 0x0 RETURN";
