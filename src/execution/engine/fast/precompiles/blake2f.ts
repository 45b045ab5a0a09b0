/**
 * BLAKE2 compression F with any number of rounds (EIP-152).
 *
 * Owns: the form of the input, the price, the instance in WebAssembly. Does not own: the rounds
 * (assembly/blake2f.ts, blake2f-plain.ts where a runtime has no WebAssembly).
 */
import { type WasmMemory, type WebAssemblyApi, webAssembly } from "../../../../crypto/web-assembly";
import { attempt } from "../wasm/exhausted";
import { BLAKE2F_MODULE } from "./blake2f-module";
import { compressPlainly } from "./blake2f-plain";
import type { PrecompileFailure, PrecompileResult } from "./precompile";

const INPUT_BYTES = 213;
const ROUNDS_BYTES = 4;
const STATE_BYTES = 64;
/** Where the module takes its input, without the number of rounds. */
const INPUT = 1024;

type Compress = (input: Uint8Array, rounds: number, isFinal: boolean) => Uint8Array;

/** Made when it is first needed. */
let compress: Compress | null = null;

/** 1 gas a round. */
export function blake2f(input: Uint8Array, gas: number): PrecompileResult | PrecompileFailure {
  const last = input[INPUT_BYTES - 1];
  if (input.length !== INPUT_BYTES || (last !== 0 && last !== 1)) {
    return "Failed";
  }
  const rounds = new DataView(input.buffer, input.byteOffset).getUint32(0);
  if (rounds > gas) {
    return "OutOfGas";
  }
  compress ??= webAssembly === null ? compressPlainly : compressIn(webAssembly);
  return { output: compress(input, rounds, last === 1), gasUsed: rounds };
}

/** In WebAssembly, if the runtime takes the module. */
export function compressIn(api: WebAssemblyApi): Compress {
  const instance = attempt(
    api,
    () => new api.Instance(new api.Module(Buffer.from(BLAKE2F_MODULE, "base64")), {}),
  );
  if (typeof instance === "string") {
    return compressPlainly;
  }
  const exports = instance.exports as {
    readonly memory: WasmMemory;
    compress(rounds: number, isFinal: boolean): void;
  }; // what assembly/blake2f.ts exports
  const bytes = new Uint8Array(exports.memory.buffer);
  return (input, rounds, isFinal) => {
    bytes.set(input.subarray(ROUNDS_BYTES, INPUT_BYTES - 1), INPUT);
    exports.compress(rounds, isFinal);
    return bytes.slice(INPUT, INPUT + STATE_BYTES);
  };
}
