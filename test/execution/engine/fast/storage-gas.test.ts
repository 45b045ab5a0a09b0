import { expect } from "chai";
import { MessageJournal } from "../../../../src/execution/engine/fast/message-journal";
import { scheduleOf } from "../../../../src/execution/engine/fast/schedule";
import { storageGas } from "../../../../src/execution/engine/fast/storage-gas";
import { forkRules } from "../../../../src/execution/fork-rules";
import { rules } from "../../../helpers/environment";

type Case = readonly [
  code: string,
  gas: number,
  refund: number,
  original: bigint,
  values: readonly bigint[],
];

/** The tables of the EIPs' own test cases (bytecode of pushes and pops left out of the gas). */
const EIP_2200: readonly Case[] = [
  ["0 -> 0 -> 0", 1600, 0, 0n, [0n, 0n]],
  ["0 -> 0 -> 1", 20800, 0, 0n, [0n, 1n]],
  ["0 -> 1 -> 0", 20800, 19200, 0n, [1n, 0n]],
  ["0 -> 1 -> 2", 20800, 0, 0n, [1n, 2n]],
  ["0 -> 1 -> 1", 20800, 0, 0n, [1n, 1n]],
  ["1 -> 0 -> 0", 5800, 15000, 1n, [0n, 0n]],
  ["1 -> 0 -> 1", 5800, 4200, 1n, [0n, 1n]],
  ["1 -> 0 -> 2", 5800, 0, 1n, [0n, 2n]],
  ["1 -> 2 -> 0", 5800, 15000, 1n, [2n, 0n]],
  ["1 -> 2 -> 3", 5800, 0, 1n, [2n, 3n]],
  ["1 -> 2 -> 1", 5800, 4200, 1n, [2n, 1n]],
  ["1 -> 1 -> 1", 1600, 0, 1n, [1n, 1n]],
];
const EIP_1283: readonly Case[] = [
  ["0 -> 0 -> 0", 400, 0, 0n, [0n, 0n]],
  ["0 -> 0 -> 1", 20200, 0, 0n, [0n, 1n]],
  ["0 -> 1 -> 0", 20200, 19800, 0n, [1n, 0n]],
  ["1 -> 0 -> 1", 5200, 4800, 1n, [0n, 1n]],
  ["1 -> 0 -> 2", 5200, 0, 1n, [0n, 2n]],
  ["1 -> 2 -> 0", 5200, 15000, 1n, [2n, 0n]],
];
/** EIP-3529, "with EIP-2929": warm slots, clearing refunds 4,800 */
const EIP_3529: readonly Case[] = [
  ["0 -> 0 -> 0", 200, 0, 0n, [0n, 0n]],
  ["0 -> 1 -> 0", 20100, 19900, 0n, [1n, 0n]],
  ["1 -> 0 -> 0", 3000, 4800, 1n, [0n, 0n]],
  ["1 -> 0 -> 1", 3000, 2800, 1n, [0n, 1n]],
  ["1 -> 2 -> 1", 3000, 2800, 1n, [2n, 1n]],
];
/** Frontier, and Petersburg again: only zero and non-zero matter. */
const FRONTIER: readonly Case[] = [
  ["0 -> 0 -> 1", 25000, 0, 0n, [0n, 1n]],
  ["1 -> 0 -> 1", 25000, 15000, 1n, [0n, 1n]],
];

describe("fast engine: gas of SSTORE", () => {
  for (const [hardfork, cases] of [
    ["istanbul", EIP_2200],
    ["constantinople", EIP_1283],
    ["london", EIP_3529],
    ["chainstart", FRONTIER],
    ["petersburg", FRONTIER],
  ] as const) {
    for (const [name, gas, refund, original, values] of cases) {
      it(`${hardfork}: ${name} costs ${gas} and refunds ${refund}`, () => {
        const journal = new MessageJournal();
        const schedule = scheduleOf(forkRules(rules(hardfork)));
        let current = original;
        let sum = 0;
        for (const value of values) {
          sum += storageGas(schedule, journal, original, current, value);
          current = value;
        }
        expect([sum, journal.refund]).to.deep.equal([gas, refund]);
      });
    }
  }
});
