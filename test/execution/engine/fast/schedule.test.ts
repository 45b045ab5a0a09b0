/** The engine's own tables say what @ethereumjs's say, for every hardfork and opcode. */
import { getActivePrecompiles, getOpcodesForHF, paramsEVM } from "@ethereumjs/evm";
import { expect } from "chai";
import { createChainCommon } from "../../../../src/execution/engine/chain-common";
import { opcodePrices } from "../../../../src/execution/engine/fast/opcode-prices";
import { Precompiles } from "../../../../src/execution/engine/fast/precompiles";
import { type Schedule, scheduleOf } from "../../../../src/execution/engine/fast/schedule";
import { forkRules } from "../../../../src/execution/fork-rules";
import { FINAL_HARDFORKS } from "../../../../src/execution/hardforks";
import type { ExecutionRules } from "../../../../src/execution/transaction";
import { rules } from "../../../helpers/environment";

/** CALL, CALLCODE, DELEGATECALL, STATICCALL */
const CALLS = [0xf1, 0xf2, 0xf4, 0xfa];
const SELFDESTRUCT = 0xff;

/** Every hardfork by itself, and EIPs that are switched on before their fork. */
const RULES: readonly (readonly [string, ExecutionRules])[] = [
  ...FINAL_HARDFORKS.map((name) => [name, rules(name)] as const),
  ...(
    [
      ["london", 3855],
      ["london", 3860],
      ["cancun", 7939],
    ] as const
  ).map(([name, eip]) => [`${name} with EIP-${eip}`, { ...rules(name), eips: [eip] }] as const),
];

describe("the rules of a hardfork", () => {
  for (const [name, executionRules] of RULES) {
    const common = createChainCommon(executionRules);
    common.updateParams(paramsEVM);
    const fork = forkRules(executionRules);
    const schedule = scheduleOf(fork);

    it(`${name}: opcodes and their static gas are @ethereumjs's`, () => {
      const { opcodes } = getOpcodesForHF(common);
      for (let opcode = 0; opcode < 256; opcode++) {
        const theirs = opcodes.get(opcode);
        const gas = theirs === undefined || theirs.name === "INVALID" ? -1 : theirs.fee;
        const charged = schedule.opcodeGas[opcode];
        if (gas >= 0 && (CALLS.includes(opcode) || opcode === SELFDESTRUCT)) {
          const base = opcode === SELFDESTRUCT ? schedule.selfDestructBase : schedule.callBase;
          expect([opcode, charged, base]).to.deep.equal([opcode, 0, gas]);
        } else {
          expect([opcode, charged]).to.deep.equal([opcode, gas]);
        }
      }
    });

    it(`${name}: the other figures are @ethereumjs's`, () => {
      /** 0 for what comes in a later fork or went with an earlier one. */
      const param = (parameter: string): number => {
        try {
          return Number(common.param(parameter));
        } catch {
          return 0;
        }
      };
      const expected: Partial<Record<keyof Schedule, number>> = {
        memoryCopyWord: param("copyGas"),
        keccakWord: param("keccak256WordGas"),
        expByte: param("expByteGas"),
        logByte: param("logDataGas"),
        logTopic: param("logTopicGas"),
        callValue: param("callValueTransferGas"),
        callStipend: param("callStipendGas"),
        newAccount: param("callNewAccountGas"),
        createDataByte: param("createDataGas"),
        initCodeWord: param("initCodeWordGas"),
        coldSload: param("coldsloadGas"),
        coldAccount: param("coldaccountaccessGas"),
        warmRead: param("warmstoragereadGas"),
        selfDestructRefund: param("selfdestructRefundGas"),
        ...(schedule.spuriousDragon ? { maxCodeSize: param("maxCodeSize") } : {}),
        ...(schedule.initCodeLimit ? { maxInitCodeSize: param("maxInitCodeSize") } : {}),
      };
      for (const [key, value] of Object.entries(expected)) {
        expect([key, schedule[key as keyof Schedule]]).to.deep.equal([key, value]); // a key of `expected`
      }
      const { storage } = schedule;
      if (schedule.istanbul) {
        const cleanRefund = schedule.warmAccess
          ? param("sstoreResetGas") - param("coldsloadGas") - param("warmstoragereadGas")
          : param("sstoreCleanRefundEIP2200Gas");
        expect(storage).to.include({
          sentry: param("sstoreSentryEIP2200Gas"),
          noop: param("sstoreNoopEIP2200Gas"),
          dirty: param("sstoreDirtyEIP2200Gas"),
          init: param("sstoreInitEIP2200Gas"),
          clean: param("sstoreCleanEIP2200Gas"),
          initRefund: param("sstoreInitRefundEIP2200Gas"),
          cleanRefund,
          clearRefund: param("sstoreClearRefundEIP2200Gas"),
        });
      } else if (schedule.constantinopleStorageGas) {
        expect(storage).to.include({
          noop: param("netSstoreNoopGas"),
          dirty: param("netSstoreDirtyGas"),
          init: param("netSstoreInitGas"),
          clean: param("netSstoreCleanGas"),
          initRefund: param("netSstoreResetClearRefundGas"),
          cleanRefund: param("netSstoreResetRefundGas"),
          clearRefund: param("netSstoreClearRefundGas"),
        });
      } else {
        expect(storage).to.include({
          frontierSet: param("sstoreSetGas"),
          frontierReset: param("sstoreResetGas"),
          frontierClearRefund: param("sstoreRefundGas"),
        });
      }
    });

    it(`${name}: forks and EIPs that are active are @ethereumjs's`, () => {
      for (let eip = 1; eip < 10_000; eip++) {
        expect([eip, fork.isActive(eip)]).to.deep.equal([eip, common.isActivatedEIP(eip)]);
      }
      for (const hardfork of FINAL_HARDFORKS) {
        expect([hardfork, fork.isAtLeast(hardfork)]).to.deep.equal([
          hardfork,
          common.gteHardfork(hardfork),
        ]);
      }
      expect(schedule.constantinopleStorageGas).to.equal(common.hardfork() === "constantinople");
    });

    it(`${name}: precompiles are where @ethereumjs has them`, () => {
      const precompiles = new Precompiles(executionRules);
      const theirs = getActivePrecompiles(common);
      for (let place = 0; place <= 0x200; place++) {
        const digits = place.toString(16).padStart(40, "0");
        expect([place, precompiles.has(`0x${digits}`)]).to.deep.equal([place, theirs.has(digits)]);
      }
    });
  }

  it("every call costs the same before what it reads is charged", () => {
    for (const name of FINAL_HARDFORKS) {
      const common = createChainCommon(rules(name));
      common.updateParams(paramsEVM);
      const { opcodes } = getOpcodesForHF(common);
      const fees = CALLS.flatMap((opcode) => opcodes.get(opcode)?.fee ?? []);
      expect(new Set(fees)).to.deep.equal(new Set([opcodePrices(forkRules(rules(name))).call]));
    }
  });
});
