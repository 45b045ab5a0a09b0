/**
 * The 256-bit arithmetic that compiled code calls: one instance per linear memory.
 *
 * A word is four limbs of 64 bits, least significant first. Each function gives limb 0 as its result
 * and leaves the others at RESULT_ADDRESS + 8, + 16 and + 24 of the memory, until the next call.
 */
import type { WasmMemory, WasmModule, WebAssemblyApi } from "./web-assembly";
import { WORDS_MODULE } from "./words-module";

export const RESULT_ADDRESS = 0;
/** Bytes at the start of the linear memory that belong to the runtime. */
export const WORDS_RUNTIME_BYTES = 1024;

type Binary = (...limbs: bigint[]) => bigint;

/** The exports of assembly/index.ts; a and b are limbs 0 to 3 each. */
export interface WordsRuntime {
  readonly multiply: Binary;
  readonly power: Binary;
  readonly divide: Binary;
  readonly modulo: Binary;
  readonly signedDivide: Binary;
  readonly signedModulo: Binary;
  /** three words */
  readonly addModulo: Binary;
  readonly multiplyModulo: Binary;
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
