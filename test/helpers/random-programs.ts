/**
 * Random contracts for property tests: short programs over a handful of addresses and slots, so that
 * calls, creations, reverts and self-destructs meet each other often.
 */
import fc from "fast-check";
import { bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble } from "./assembler";
import { COINBASE } from "./environment";

export const CONTRACTS: readonly Address[] = [1, 2, 3].map(
  (digit): Address => `0xc0de00000000000000000000000000000000000${digit}`,
);
export const EMPTY_ACCOUNT: Address = "0xe000000000000000000000000000000000000001";
export const ABSENT_ACCOUNT: Address = "0xab50000000000000000000000000000000000002";
const PRECOMPILES: readonly Address[] = [
  "0x0000000000000000000000000000000000000002",
  "0x0000000000000000000000000000000000000003",
  "0x0000000000000000000000000000000000000004",
];

export interface ProgramOptions {
  readonly senders: readonly Address[];
  /** EIP-1153 opcodes, CREATE2 and the like are left out for forks without them */
  readonly has: (feature: "create2" | "extcodehash" | "transient" | "staticcall") => boolean;
}

/** Init codes of created contracts: deploys one byte, reverts, destroys itself, writes a slot. */
const INIT_CODES: readonly string[] = [
  "0x0 0x0 MSTORE 0x1 0x0 RETURN",
  "0x0 0x0 REVERT",
  "CALLER SELFDESTRUCT",
  "0x5 0x1 SSTORE 0x0 0x0 MSTORE 0x2 0x0 RETURN",
  "STOP",
];

/** Source of a random program of up to `length` statements; each leaves the stack as it was. */
export function arbitraryProgram(
  { senders, has }: ProgramOptions,
  length = 6,
): fc.Arbitrary<string> {
  const address = fc.constantFrom(
    ...CONTRACTS,
    ...senders,
    ...PRECOMPILES,
    EMPTY_ACCOUNT,
    ABSENT_ACCOUNT,
    COINBASE,
  );
  const slot = fc.constantFrom("0x0", "0x1", "0x2");
  const word = fc.constantFrom("0x0", "0x1", "0x2", "CALLVALUE", "CALLER");
  const wei = fc.constantFrom("0x0", "0x0", "0x1", "0x64", "0xffffffff");
  const gas = fc.constantFrom("GAS", "0x2710", "0xc350");
  const initCode = fc.constantFrom(...INIT_CODES).map((source) => assemble(source));
  const statement: fc.Arbitrary<string>[] = [
    fc.tuple(word, slot).map(([value, key]) => `${value} ${key} SSTORE`),
    fc.tuple(slot, slot).map(([from, to]) => `${from} SLOAD 0x1 ADD ${to} SSTORE`),
    address.map((of) => `${of} BALANCE 0x0 SSTORE`),
    address.map((of) => `${of} EXTCODESIZE 0x1 SSTORE`),
    fc.tuple(gas, address, wei).map(([g, to, v]) => `0x0 0x0 0x0 0x0 ${v} ${to} ${g} CALL POP`),
    fc
      .tuple(gas, address, wei)
      .map(([g, to, v]) => `0x20 0x0 0x20 0x0 ${v} ${to} ${g} CALL 0x2 SSTORE`),
    fc.tuple(gas, address, wei).map(([g, to, v]) => `0x0 0x0 0x0 0x0 ${v} ${to} ${g} CALLCODE POP`),
    word.map((value) => `${value} 0x0 MSTORE 0x20 0x0 LOG0`),
    slot.map((key) => `${key} 0x20 0x0 LOG1`),
    fc.tuple(wei, initCode).map(([value, code]) => `${inMemory(code)} ${value} CREATE 0x1 SSTORE`),
    address.map((to) => `${to} SELFDESTRUCT`),
    fc.constantFrom("STOP", "INVALID", "0x0 0x0 REVERT", "0x20 0x0 RETURN"),
    fc.constantFrom("COINBASE 0x0 SSTORE", "GASPRICE 0x1 SSTORE", "0x20 0x0 KECCAK256 0x2 SSTORE"),
    fc.constantFrom("0x3e7 BLOCKHASH 0x0 SSTORE", "GAS POP"),
  ];
  if (has("create2")) {
    statement.push(
      fc
        .tuple(wei, initCode, slot)
        .map(([value, code, salt]) => `${salt} ${inMemory(code)} ${value} CREATE2 0x1 SSTORE`),
    );
  }
  if (has("extcodehash")) {
    statement.push(address.map((of) => `${of} EXTCODEHASH 0x0 SSTORE`));
  }
  if (has("transient")) {
    statement.push(
      fc.tuple(word, slot).map(([value, key]) => `${value} ${key} TSTORE`),
      slot.map((key) => `${key} TLOAD ${key} SSTORE`),
    );
  }
  if (has("staticcall")) {
    statement.push(
      fc.tuple(gas, address).map(([g, to]) => `0x20 0x0 0x0 0x0 ${to} ${g} STATICCALL POP`),
      fc.tuple(gas, address).map(([g, to]) => `0x0 0x0 0x0 0x0 ${to} ${g} DELEGATECALL POP`),
    );
  }
  return fc
    .array(fc.oneof(...statement), { minLength: 1, maxLength: length })
    .map((statements) => statements.join(" "));
}

/** Puts the code at the start of memory and leaves length and offset on the stack. */
function inMemory(code: Uint8Array): string {
  const padded = new Uint8Array(32);
  padded.set(code);
  return `${bytesToHex(padded)} 0x0 MSTORE 0x${code.length.toString(16)} 0x0`;
}
