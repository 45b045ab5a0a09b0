/**
 * Static gas of every opcode, by hardfork: the yellow paper's fee schedule (appendix G: W_zero, W_base,
 * W_verylow, W_low, W_mid, W_high and the named fees of appendix H.2), and the EIPs that changed it since.
 *
 * Owns: which opcodes there are, and their static gas. Does not own: gas that depends on operands or state
 * (schedule.ts).
 */
import type { ForkRules } from "../../fork-rules";
import type { Hardfork } from "../../hardforks";
import { CALLS, OP } from "./compiled/opcode-facts";

interface Price {
  /** the fork or the EIP that sets it */
  readonly from: Hardfork | number;
  readonly gas: number;
  readonly opcodes: readonly number[];
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** In the order of time: a later one replaces an earlier one. */
// biome-ignore format: a table
const PRICES: readonly Price[] = [
  // W_zero. SSTORE's is all dynamic; INVALID (0xfe) is no opcode.
  { from: "chainstart", gas: 0, opcodes: [OP.STOP, OP.RETURN, OP.SSTORE] },
  // W_base
  { from: "chainstart", gas: 2, opcodes: [
    OP.ADDRESS, OP.ORIGIN, OP.CALLER, OP.CALLVALUE, OP.CALLDATASIZE, OP.CODESIZE, OP.GASPRICE, OP.COINBASE,
    OP.TIMESTAMP, OP.NUMBER, OP.PREVRANDAO, OP.GASLIMIT, OP.POP, OP.PC, OP.MSIZE, OP.GAS,
  ] },
  // W_verylow; the copying opcodes (W_copy) cost as much, without their words
  { from: "chainstart", gas: 3, opcodes: [
    OP.ADD, OP.SUB, OP.NOT, OP.LT, OP.GT, OP.SLT, OP.SGT, OP.EQ, OP.ISZERO, OP.AND, OP.OR, OP.XOR, OP.BYTE,
    OP.CALLDATALOAD, OP.MLOAD, OP.MSTORE, OP.MSTORE8, ...range(OP.PUSH0 + 1, OP.SWAP16),
    OP.CALLDATACOPY, OP.CODECOPY,
  ] },
  // W_low
  { from: "chainstart", gas: 5, opcodes: [OP.MUL, OP.DIV, OP.SDIV, OP.MOD, OP.SMOD, OP.SIGNEXTEND] },
  // W_mid
  { from: "chainstart", gas: 8, opcodes: [OP.ADDMOD, OP.MULMOD, OP.JUMP] },
  // W_high; G_exp
  { from: "chainstart", gas: 10, opcodes: [OP.JUMPI, OP.EXP] },
  // G_jumpdest, G_sha3, G_log without topics and data, G_blockhash, G_create
  { from: "chainstart", gas: 1, opcodes: [OP.JUMPDEST] },
  { from: "chainstart", gas: 30, opcodes: [OP.KECCAK256] },
  { from: "chainstart", gas: 375, opcodes: range(OP.LOG0, OP.LOG4) },
  { from: "chainstart", gas: 20, opcodes: [OP.BLOCKHASH] },
  { from: "chainstart", gas: 32_000, opcodes: [OP.CREATE] },
  // State, before EIP-150 raised it
  { from: "chainstart", gas: 20, opcodes: [OP.BALANCE, OP.EXTCODESIZE, OP.EXTCODECOPY] },
  { from: "chainstart", gas: 50, opcodes: [OP.SLOAD] },
  { from: "chainstart", gas: 40, opcodes: [OP.CALL, OP.CALLCODE] },
  { from: "chainstart", gas: 0, opcodes: [OP.SELFDESTRUCT] },
  // EIP-7
  { from: "homestead", gas: 40, opcodes: [OP.DELEGATECALL] },
  // EIP-150
  { from: "tangerineWhistle", gas: 700, opcodes: [OP.EXTCODESIZE, OP.EXTCODECOPY, OP.CALL, OP.CALLCODE, OP.DELEGATECALL] },
  { from: "tangerineWhistle", gas: 400, opcodes: [OP.BALANCE] },
  { from: "tangerineWhistle", gas: 200, opcodes: [OP.SLOAD] },
  { from: "tangerineWhistle", gas: 5_000, opcodes: [OP.SELFDESTRUCT] },
  // EIP-140, EIP-214, EIP-211
  { from: "byzantium", gas: 0, opcodes: [OP.REVERT] },
  { from: "byzantium", gas: 700, opcodes: [OP.STATICCALL] },
  { from: "byzantium", gas: 2, opcodes: [OP.RETURNDATASIZE] },
  { from: "byzantium", gas: 3, opcodes: [OP.RETURNDATACOPY] },
  // EIP-145, EIP-1052, EIP-1014
  { from: "constantinople", gas: 3, opcodes: [OP.SHL, OP.SHR, OP.SAR] },
  { from: "constantinople", gas: 400, opcodes: [OP.EXTCODEHASH] },
  { from: "constantinople", gas: 32_000, opcodes: [OP.CREATE2] },
  // EIP-1884, EIP-1344
  { from: "istanbul", gas: 800, opcodes: [OP.SLOAD] },
  { from: "istanbul", gas: 700, opcodes: [OP.BALANCE, OP.EXTCODEHASH] },
  { from: "istanbul", gas: 5, opcodes: [OP.SELFBALANCE] },
  { from: "istanbul", gas: 2, opcodes: [OP.CHAINID] },
  // EIP-2929: what is warm or cold is charged where it is read
  { from: 2929, gas: 0, opcodes: [
    OP.BALANCE, OP.EXTCODESIZE, OP.EXTCODECOPY, OP.EXTCODEHASH, OP.SLOAD,
    OP.CALL, OP.CALLCODE, OP.DELEGATECALL, OP.STATICCALL,
  ] },
  { from: 3198, gas: 2, opcodes: [OP.BASEFEE] },
  { from: 3855, gas: 2, opcodes: [OP.PUSH0] },
  { from: 1153, gas: 100, opcodes: [OP.TLOAD, OP.TSTORE] },
  { from: 4844, gas: 3, opcodes: [OP.BLOBHASH] },
  { from: 5656, gas: 3, opcodes: [OP.MCOPY] },
  { from: 7516, gas: 2, opcodes: [OP.BLOBBASEFEE] },
  { from: 7939, gas: 5, opcodes: [OP.CLZ] },
];

/** CREATE and CREATE2 charge before they read; calls and SELFDESTRUCT after. */
const READ_BEFORE_CHARGE: ReadonlySet<number> = new Set(
  [...CALLS, OP.SELFDESTRUCT].filter((opcode) => opcode !== OP.CREATE && opcode !== OP.CREATE2),
);

export interface OpcodePrices {
  /** by opcode, -1: not in this hardfork; 0 for calls and SELFDESTRUCT, see the others */
  readonly charged: Int32Array;
  /** static gas of all calls, and of SELFDESTRUCT: charged once the state that their price depends on was read */
  readonly call: number;
  readonly selfDestruct: number;
}

export function opcodePrices(rules: ForkRules): OpcodePrices {
  const charged = new Int32Array(256).fill(-1);
  for (const { from, gas, opcodes } of PRICES) {
    if (typeof from === "number" ? rules.isActive(from) : rules.isAtLeast(from)) {
      for (const opcode of opcodes) {
        charged[opcode] = gas;
      }
    }
  }
  const call = charged[OP.CALL] ?? 0;
  const selfDestruct = charged[OP.SELFDESTRUCT] ?? 0;
  for (const opcode of READ_BEFORE_CHARGE) {
    charged[opcode] = Math.min(charged[opcode] ?? -1, 0);
  }
  return { charged, call, selfDestruct };
}
