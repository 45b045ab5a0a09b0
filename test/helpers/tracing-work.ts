/** Counts the calls that are made for traces while something runs in this thread, and a contract that causes all. */
import { FrameTrace } from "../../src/execution/frame-trace";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { Address } from "../../src/state/hex";
import { assemble } from "./assembler";

export const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
export const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
export const INNER: Address = "0xc0de000000000000000000000000000000000002";
/** bytes that both contracts hash */
export const HASHED = 97;
/** All that a trace tells of: balances, slots, transient ones, hashes, a call, a creation. */
export const CODE = assemble(
  `0x7 0x8 TSTORE 0x8 TLOAD 0x61 0x0 KECCAK256 0x0 SSTORE 0x0 SLOAD
   ${SENDER} BALANCE ${INNER} EXTCODEHASH SELFBALANCE
   0x0 0x0 0x20 0x0 0x0 ${INNER} 0x7530 CALL 0x0 0x0 0x0 CREATE STOP`,
);
export const INNER_CODE = assemble("0x1 SLOAD 0x61 0x0 KECCAK256 STOP");

type Methods = Record<string, unknown>;

/** What an engine tells a view for its trace alone; its positions go into accesses, which a trace counts itself. */
const OF_VIEW = ["enterFrame", "exitFrame", "recordPreimage", "recordTransient"];

/** @returns the calls by class and method, without those that were not made */
export async function tracingWorkIn(
  body: () => Promise<unknown>,
): Promise<Readonly<Record<string, number>>> {
  const names = Object.getOwnPropertyNames(FrameTrace.prototype);
  const ofTrace = names.filter((name) => name !== "constructor");
  return callsIn(body, [
    [FrameTrace, ofTrace],
    [IncarnationView, OF_VIEW],
  ]);
}

/** Calls of those methods, on any instance. */
export async function callsIn(
  body: () => Promise<unknown>,
  methods: readonly (readonly [
    { readonly name: string; readonly prototype: object },
    readonly string[],
  ])[],
): Promise<Readonly<Record<string, number>>> {
  const calls: Record<string, number> = {};
  const restore: (() => void)[] = [];
  for (const [{ name: owner, prototype }, names] of methods) {
    const table = prototype as Methods; // by name
    for (const name of names) {
      const original = table[name];
      if (typeof original !== "function") {
        throw new Error(`expected a method ${owner}.${name}`);
      }
      table[name] = function (this: unknown, ...parameters: unknown[]): unknown {
        const key = `${owner}.${name}`;
        calls[key] = (calls[key] ?? 0) + 1;
        return original.apply(this, parameters);
      };
      restore.push(() => {
        table[name] = original;
      });
    }
  }
  try {
    await body();
  } finally {
    for (const back of restore) {
      back();
    }
  }
  return calls;
}
