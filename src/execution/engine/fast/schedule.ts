/**
 * The rules of one hardfork as the interpreter wants them: plain numbers and booleans, looked up
 * once. All gas figures come from @ethereumjs/evm's parameter tables, so the two engines cannot
 * disagree about a price.
 */
import type { Common } from "@ethereumjs/common";
import { getOpcodesForHF, paramsEVM } from "@ethereumjs/evm";
import { invariant } from "../../../errors/base-error";

const CALL = 0xf1;
const SELFDESTRUCT = 0xff;
/** CALL, CALLCODE, DELEGATECALL, STATICCALL, SELFDESTRUCT */
const READ_BEFORE_CHARGE = [CALL, 0xf2, 0xf4, 0xfa, SELFDESTRUCT];

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

/** `common` must be set to the hardfork; its parameters are extended by the EVM's. */
export function scheduleOf(common: Common): Schedule {
  common.updateParams(paramsEVM);
  const param = (name: string): number => {
    try {
      return Number(common.param(name));
    } catch {
      return 0; // a parameter of a later hardfork: never used in this one
    }
  };
  const opcodeGas = new Int32Array(256).fill(-1);
  for (const [code, opcode] of getOpcodesForHF(common).opcodes) {
    if (opcode.name !== "INVALID") {
      opcodeGas[code] = opcode.fee;
    }
  }
  const callBase = opcodeGas[CALL] ?? 0;
  const selfDestructBase = opcodeGas[SELFDESTRUCT] ?? 0;
  for (const opcode of READ_BEFORE_CHARGE) {
    const gas = opcodeGas[opcode] ?? -1;
    invariant(gas < 0 || opcode === SELFDESTRUCT || gas === callBase, "calls differ in price");
    opcodeGas[opcode] = Math.min(gas, 0);
  }
  const istanbul = common.gteHardfork("istanbul");
  const constantinople = !istanbul && common.hardfork() === "constantinople";
  const storage: StorageGas = istanbul
    ? {
        sentry: param("sstoreSentryEIP2200Gas"),
        noop: param("sstoreNoopEIP2200Gas"),
        dirty: param("sstoreDirtyEIP2200Gas"),
        init: param("sstoreInitEIP2200Gas"),
        clean: param("sstoreCleanEIP2200Gas"),
        initRefund: param("sstoreInitRefundEIP2200Gas"),
        // EIP-2929 takes the cold surcharge out of the reset price (a dirty slot is warm).
        cleanRefund: common.isActivatedEIP(2929)
          ? param("sstoreResetGas") - param("coldsloadGas") - param("warmstoragereadGas")
          : param("sstoreCleanRefundEIP2200Gas"),
        clearRefund: param("sstoreClearRefundEIP2200Gas"),
        ...FRONTIER_UNUSED,
      }
    : {
        sentry: 0,
        noop: param("netSstoreNoopGas"),
        dirty: param("netSstoreDirtyGas"),
        init: param("netSstoreInitGas"),
        clean: param("netSstoreCleanGas"),
        initRefund: param("netSstoreResetClearRefundGas"),
        cleanRefund: param("netSstoreResetRefundGas"),
        clearRefund: param("netSstoreClearRefundGas"),
        frontierSet: param("sstoreSetGas"),
        frontierReset: param("sstoreResetGas"),
        frontierClearRefund: param("sstoreRefundGas"),
      };
  return {
    opcodeGas,
    homestead: common.gteHardfork("homestead"),
    tangerineWhistle: common.gteHardfork("tangerineWhistle"),
    spuriousDragon: common.gteHardfork("spuriousDragon"),
    constantinopleStorageGas: constantinople,
    istanbul,
    warmAccess: common.isActivatedEIP(2929),
    rejectsEfCode: common.isActivatedEIP(3541),
    initCodeLimit: common.isActivatedEIP(3860),
    selfDestructOnlyCreated: common.isActivatedEIP(6780),
    delegation: common.isActivatedEIP(7702),
    randomness: common.isActivatedEIP(4399),
    memoryCopyWord: param("copyGas"),
    keccakWord: param("keccak256WordGas"),
    expByte: param("expByteGas"),
    logByte: param("logDataGas"),
    logTopic: param("logTopicGas"),
    callBase,
    selfDestructBase,
    callValue: param("callValueTransferGas"),
    callStipend: param("callStipendGas"),
    newAccount: param("callNewAccountGas"),
    createDataByte: param("createDataGas"),
    initCodeWord: param("initCodeWordGas"),
    coldSload: param("coldsloadGas"),
    coldAccount: param("coldaccountaccessGas"),
    warmRead: param("warmstoragereadGas"),
    selfDestructRefund: param("selfdestructRefundGas"),
    maxCodeSize: param("maxCodeSize"),
    maxInitCodeSize: param("maxInitCodeSize"),
    storage,
  };
}

const FRONTIER_UNUSED = { frontierSet: 0, frontierReset: 0, frontierClearRefund: 0 } as const;
