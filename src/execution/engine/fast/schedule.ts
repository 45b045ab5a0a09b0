/**
 * The rules of one hardfork as the interpreter wants them: plain numbers and booleans, looked up once.
 *
 * Owns: gas that depends on operands and state, and limits, from the yellow paper (appendix G) and the EIPs
 * named beside each figure. Does not own: static gas (opcode-prices.ts), what an EIP is called
 * (hardforks.ts).
 */
import type { ForkRules } from "../../fork-rules";
import { opcodePrices } from "./opcode-prices";

export interface Schedule {
  /**
   * static gas of each opcode, -1 = not in this hardfork; 0 for calls and SELFDESTRUCT, which read
   * state before they charge anything
   */
  readonly opcodeGas: Int32Array;

  readonly homestead: boolean;
  readonly tangerineWhistle: boolean;
  readonly spuriousDragon: boolean;
  readonly constantinopleStorageGas: boolean;
  readonly istanbul: boolean;
  readonly warmAccess: boolean;
  readonly rejectsEfCode: boolean;
  readonly initCodeLimit: boolean;
  readonly selfDestructOnlyCreated: boolean;
  readonly delegation: boolean;
  readonly randomness: boolean;

  readonly memoryCopyWord: number;
  readonly keccakWord: number;
  readonly expByte: number;
  readonly logByte: number;
  readonly logTopic: number;
  readonly callBase: number;
  readonly selfDestructBase: number;
  readonly callValue: number;
  readonly callStipend: number;
  readonly newAccount: number;
  readonly createDataByte: number;
  readonly initCodeWord: number;
  readonly coldSload: number;
  readonly coldAccount: number;
  readonly warmRead: number;
  readonly selfDestructRefund: number;
  readonly maxCodeSize: number;
  readonly maxInitCodeSize: number;
  readonly storage: StorageGas;
}

/** SSTORE, in the terms of EIP-2200 (Istanbul on), EIP-1283 (Constantinople) or Frontier. */
export interface StorageGas {
  readonly sentry: number;
  readonly noop: number;
  readonly dirty: number;
  readonly init: number;
  readonly clean: number;
  readonly initRefund: number;
  readonly cleanRefund: number;
  readonly clearRefund: number;
  /** Frontier: zero to non-zero, anything else, non-zero to zero */
  readonly frontierSet: number;
  readonly frontierReset: number;
  readonly frontierClearRefund: number;
}

export function scheduleOf(rules: ForkRules): Schedule {
  const since = (from: boolean, value: number, before: number): number => (from ? value : before);
  const warmAccess = rules.isActive(2929);
  const reducedRefunds = rules.isActive(3529);
  const spuriousDragon = rules.isAtLeast("spuriousDragon");
  const istanbul = rules.isAtLeast("istanbul");
  const prices = opcodePrices(rules);
  return {
    opcodeGas: prices.charged,
    homestead: rules.isAtLeast("homestead"),
    tangerineWhistle: rules.isAtLeast("tangerineWhistle"),
    spuriousDragon,
    // EIP-1283, taken back by EIP-1716 (Petersburg)
    constantinopleStorageGas: rules.isAtLeast("constantinople") && !rules.isAtLeast("petersburg"),
    istanbul,
    warmAccess,
    rejectsEfCode: rules.isActive(3541),
    initCodeLimit: rules.isActive(3860),
    selfDestructOnlyCreated: rules.isActive(6780),
    delegation: rules.isActive(7702),
    randomness: rules.isActive(4399),
    memoryCopyWord: 3, // G_copy
    keccakWord: 6, // G_sha3word
    expByte: since(spuriousDragon, 50, 10), // EIP-160; G_expbyte
    logByte: 8, // G_logdata
    logTopic: 375, // G_logtopic
    callBase: prices.call,
    selfDestructBase: prices.selfDestruct,
    callValue: 9_000, // G_callvalue
    callStipend: 2_300, // G_callstipend
    newAccount: 25_000, // G_newaccount
    createDataByte: 200, // G_codedeposit
    initCodeWord: since(rules.isActive(3860), 2, 0), // EIP-3860
    coldSload: since(warmAccess, COLD_SLOAD, 0),
    coldAccount: since(warmAccess, 2_600, 0), // EIP-2929
    warmRead: since(warmAccess, WARM_READ, 0),
    selfDestructRefund: since(reducedRefunds, 0, 24_000), // EIP-3529; R_selfdestruct
    maxCodeSize: 24_576, // EIP-170
    maxInitCodeSize: 49_152, // EIP-3860
    storage: istanbul ? storageGas(warmAccess, reducedRefunds) : STORAGE_BEFORE_ISTANBUL,
  };
}

/** EIP-2929 */
const COLD_SLOAD = 2_100;
const WARM_READ = 100;

/** EIP-2200's SLOAD_GAS, SSTORE_SET_GAS and SSTORE_RESET_GAS */
const SLOAD = 800;
const SSTORE_SET = 20_000;
const SSTORE_RESET = 5_000;

/** EIP-2200; EIP-2929 has other values for its SLOAD_GAS and SSTORE_RESET_GAS, EIP-3529 for its refund. */
function storageGas(warmAccess: boolean, reducedRefunds: boolean): StorageGas {
  const sload = warmAccess ? WARM_READ : SLOAD;
  const reset = warmAccess ? SSTORE_RESET - COLD_SLOAD : SSTORE_RESET;
  return {
    sentry: 2_300,
    noop: sload,
    dirty: sload,
    init: SSTORE_SET,
    clean: reset,
    initRefund: SSTORE_SET - sload,
    cleanRefund: reset - sload,
    clearRefund: reducedRefunds ? 4_800 : 15_000,
    frontierSet: 0,
    frontierReset: 0,
    frontierClearRefund: 0,
  };
}

const STORAGE_BEFORE_ISTANBUL: StorageGas = {
  // EIP-1283
  sentry: 0,
  noop: 200,
  dirty: 200,
  init: SSTORE_SET,
  clean: SSTORE_RESET,
  initRefund: 19_800,
  cleanRefund: 4_800,
  clearRefund: 15_000,
  // yellow paper: G_sset, G_sreset, R_sclear
  frontierSet: SSTORE_SET,
  frontierReset: SSTORE_RESET,
  frontierClearRefund: 15_000,
};
