/**
 * The 256-bit arithmetic and the hash of the WebAssembly tier, compiled by scripts/build-words.mjs.
 *
 * Owns: the first bytes of the linear memory, which it shares with the code it serves. Does not own:
 * anything above them; operations that are short enough to be written where they are used.
 */
export { addModulo, divide, modulo, multiplyModulo, signedDivide, signedModulo } from "./divide";
export { keccak256 } from "./keccak";
export { multiply, power } from "./multiply";
export { multiplyHigh } from "./limbs";
export {
  arithmeticShiftRight,
  byteAt,
  shiftLeft,
  shiftRight,
  signExtend,
  significantBytes,
} from "./shift";
