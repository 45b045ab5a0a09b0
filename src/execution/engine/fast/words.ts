/**
 * 256-bit words as bigint: the arithmetic of the EVM (yellow paper, appendix H.2) and conversions.
 * Every function takes and gives values in [0, 2^256).
 */
import type { Address } from "../../../state/hex";

export const WORD_MASK = (1n << 256n) - 1n;
const ADDRESS_MASK = (1n << 160n) - 1n;
const SIGN_BIT = 1n << 255n;
const WORD_COUNT = 1n << 256n;
const HASH_BYTES = new Uint8Array(32);
const HASH_VIEW = new DataView(HASH_BYTES.buffer);

export function addressOf(word: bigint): Address {
  return `0x${(word & ADDRESS_MASK).toString(16).padStart(40, "0")}`;
}

/** 32 bytes, big-endian, at `offset` of the view. */
export function loadWord(view: DataView, offset: number): bigint {
  const high = view.getBigUint64(offset);
  const upper = view.getBigUint64(offset + 8);
  const lower = view.getBigUint64(offset + 16);
  const low = view.getBigUint64(offset + 24);
  if (high === 0n && upper === 0n) {
    return lower === 0n ? low : (lower << 64n) | low;
  }
  return (high << 192n) | (upper << 128n) | (lower << 64n) | low;
}

/** Bytes (at most 32) as a big-endian number. */
export function wordOfBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) {
    return 0n;
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return BigInt(`0x${text}`);
}

/** The 32 bytes of a hash as a word. */
export function wordOfHash(hash: Uint8Array): bigint {
  HASH_BYTES.set(hash);
  const high = (HASH_VIEW.getBigUint64(0) << 64n) | HASH_VIEW.getBigUint64(8);
  return (high << 128n) | (HASH_VIEW.getBigUint64(16) << 64n) | HASH_VIEW.getBigUint64(24);
}

export function add(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum > WORD_MASK ? sum & WORD_MASK : sum;
}

export function multiply(a: bigint, b: bigint): bigint {
  const product = a * b;
  return product > WORD_MASK ? product & WORD_MASK : product;
}

export function subtract(a: bigint, b: bigint): bigint {
  return a >= b ? a - b : a - b + WORD_COUNT;
}

export function divide(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : a / b;
}

export function signedDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) {
    return 0n;
  }
  return BigInt.asUintN(256, BigInt.asIntN(256, a) / BigInt.asIntN(256, b));
}

export function modulo(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : a % b;
}

export function signedModulo(a: bigint, b: bigint): bigint {
  if (b === 0n) {
    return 0n;
  }
  return BigInt.asUintN(256, BigInt.asIntN(256, a) % BigInt.asIntN(256, b));
}

/** base^exponent modulo 2^256, by squaring. */
export function power(base: bigint, exponent: bigint): bigint {
  if (base === 2n) {
    return exponent < 256n ? 1n << exponent : 0n;
  }
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) {
      result = BigInt.asUintN(256, result * factor);
    }
    factor = BigInt.asUintN(256, factor * factor);
  }
  return result;
}

/** Extends the sign of the (position + 1)-byte number in `value`. */
export function signExtend(position: bigint, value: bigint): bigint {
  if (position >= 31n) {
    return value;
  }
  const bits = (Number(position) + 1) * 8;
  return BigInt.asUintN(256, BigInt.asIntN(bits, value));
}

export function signedLess(a: bigint, b: bigint): boolean {
  return (a ^ SIGN_BIT) < (b ^ SIGN_BIT);
}

/** Byte `position` of the word, counted from the most significant. */
export function byteAt(position: bigint, value: bigint): bigint {
  return position >= 32n ? 0n : (value >> ((31n - position) * 8n)) & 0xffn;
}

export function shiftLeft(amount: bigint, value: bigint): bigint {
  return amount >= 256n ? 0n : (value << amount) & WORD_MASK;
}

export function shiftRight(amount: bigint, value: bigint): bigint {
  return amount >= 256n ? 0n : value >> amount;
}

export function arithmeticShiftRight(amount: bigint, value: bigint): bigint {
  const signed = BigInt.asIntN(256, value);
  return BigInt.asUintN(256, signed >> (amount >= 256n ? 255n : amount));
}

/** Number of leading zero bits (EIP-7939). */
export function countLeadingZeros(value: bigint): bigint {
  return value === 0n ? 256n : BigInt(256 - value.toString(2).length);
}

/** Number of bytes of the value without leading zeros; 0 for 0. */
export function byteLength(value: bigint): number {
  return value === 0n ? 0 : (value.toString(16).length + 1) >> 1;
}
