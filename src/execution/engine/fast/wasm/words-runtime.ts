/**
 * The 256-bit arithmetic that compiled code calls: one instance per linear memory.
 *
 * A word is four limbs of 64 bits, least significant first. Each function gives limb 0 as its result
 * and leaves the others at RESULT_ADDRESS + 8, + 16 and + 24 of the memory, until the next call.
 */
import type { WasmMemory, WasmModule, WebAssemblyApi } from "../../../../crypto/web-assembly";
import { WORDS_MODULE } from "./words-module";

export const RESULT_ADDRESS = 0;
/** Bytes at the start of the linear memory that belong to the runtime. */
export const WORDS_RUNTIME_BYTES = 1024;

type Operation = (...limbs: bigint[]) => bigint;

/** The exports of assembly/index.ts and how many words (of four limbs) each takes. */
export const WORD_OPERATIONS = {
  multiply: 2,
  power: 2,
  divide: 2,
  modulo: 2,
  signedDivide: 2,
  signedModulo: 2,
  addModulo: 3,
  multiplyModulo: 3,
} as const;

/** Exports that take one limb, cut to what matters, and a word. */
export const LIMB_OPERATIONS = [
  "shiftLeft",
  "shiftRight",
  "arithmeticShiftRight",
  "byteAt",
  "signExtend",
] as const;

export type WordOperation = keyof typeof WORD_OPERATIONS;
export type LimbOperation = (typeof LIMB_OPERATIONS)[number];

export interface WordsRuntime
  extends Readonly<Record<WordOperation | LimbOperation | "significantBytes", Operation>> {
  /** two limbs; the high limb of their product, nothing at RESULT_ADDRESS */
  readonly multiplyHigh: Operation;
  /** address and length in bytes */
  keccak256(pointer: number, length: number): bigint;
}

let compiled: WasmModule | null = null;

/** @param memory zeros below WORDS_RUNTIME_BYTES, which nobody else writes */
export function instantiateWords(api: WebAssemblyApi, memory: WasmMemory): WordsRuntime {
  compiled ??= new api.Module(Buffer.from(WORDS_MODULE, "base64"));
  const { exports } = new api.Instance(compiled, { env: { memory } });
  return exports as unknown as WordsRuntime; // what assembly/index.ts exports
}
