/**
 * Powers by a modulus of up to 256 bits, in WebAssembly.
 *
 * Owns: the instance and the bytes that go in and out. Does not own: the arithmetic (assembly/modular-power.ts).
 */
import type { WasmMemory, WebAssemblyApi } from "../../../../crypto/web-assembly";
import { attempt } from "../wasm/exhausted";
import { MODULAR_POWER_MODULE } from "./modular-power-module";

/** bytes; of base and modulus */
export const MOST_BYTES = 32;

/** Where the module takes and gives what. */
const BASE = 4096;
const MODULUS = 4128;
const POWER = 4160;
const EXPONENT = 8192;
/** bytes of the exponent that are given at once */
const AT_ONCE = 32_768;

/**
 * The power in as many bytes as the modulus, all numbers big-endian.
 * @param base at most 32 bytes, as the modulus, which is above one
 * @param digits of the exponent
 * @param zeros bytes of the exponent that follow
 */
export type ShortPower = (
  base: Uint8Array,
  digits: Uint8Array,
  zeros: number,
  modulus: Uint8Array,
) => Uint8Array;

/** Null where the runtime does not take the module. */
export function shortPowerIn(api: WebAssemblyApi): ShortPower | null {
  const instance = attempt(
    api,
    () => new api.Instance(new api.Module(Buffer.from(MODULAR_POWER_MODULE, "base64")), {}),
  );
  if (typeof instance === "string") {
    return null;
  }
  const exports = instance.exports as {
    readonly memory: WasmMemory;
    prepare(): void;
    raise(bytes: number): void;
    finish(): void;
  }; // what assembly/modular-power.ts exports
  const memory = new Uint8Array(exports.memory.buffer);
  return (base, digits, zeros, modulus) => {
    writeReversed(memory, BASE, base);
    writeReversed(memory, MODULUS, modulus);
    exports.prepare();
    for (let start = 0; start < digits.length; start += AT_ONCE) {
      const piece = digits.subarray(start, start + AT_ONCE);
      memory.set(piece, EXPONENT);
      exports.raise(piece.length);
    }
    memory.fill(0, EXPONENT, EXPONENT + Math.min(zeros, AT_ONCE));
    for (let left = zeros; left > 0; left -= AT_ONCE) {
      exports.raise(Math.min(left, AT_ONCE));
    }
    exports.finish();
    return memory.slice(POWER, POWER + modulus.length).reverse();
  };
}

/** A word, least significant byte first. */
function writeReversed(memory: Uint8Array, place: number, bytes: Uint8Array): void {
  memory.fill(0, place, place + MOST_BYTES);
  for (let i = 0; i < bytes.length; i++) {
    memory[place + bytes.length - 1 - i] = bytes[i] ?? 0;
  }
}
