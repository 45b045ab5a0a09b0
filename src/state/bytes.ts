/**
 * Conversions between bytes, hex and 256-bit words, for hot paths.
 *
 * Owns: conversions of values that are already well-formed. Does not own: parsing of user input
 * (rpc/params). Checks are written out rather than through `invariant`, whose message would be built
 * on every call.
 *
 * What is short goes through tables and scratch memory, because a view or a call into Node's codecs
 * costs more than the conversion; what is long goes through the codecs. Nothing stays in scratch
 * memory from one call to the next.
 */
import { hexText } from "../crypto/hex-text";
import { InvariantError } from "../errors/base-error";
import type { Hex } from "./hex";

/** Bytes up to which a loop beats Node's codec of hex to bytes. */
const SHORT = 64;
const MAX_256 = (1n << 256n) - 1n;
const MAX_64 = (1n << 64n) - 1n;
/** Largest value whose bytes are taken from a number: 6 bytes. */
const MAX_SHORT_NUMBER = 0xffff_ffff_ffffn;

/** Value of a hex digit by its character code; 255 for any other character. */
const HEX_DIGIT = new Uint8Array(128).fill(255);
for (const digit of "0123456789abcdefABCDEF") {
  HEX_DIGIT[digit.charCodeAt(0)] = Number.parseInt(digit, 16);
}

const minimalScratch = new Uint8Array(32);
const wordScratch = new Uint8Array(32);
const wordView = new DataView(wordScratch.buffer);

/** Lower-case hex with 0x. */
export function bytesToHex(bytes: Uint8Array): Hex {
  return hexText(bytes);
}

/** Fresh bytes of a hex string with 0x and an even number of digits. */
export function hexToBytes(hex: Hex): Uint8Array {
  const bytes = new Uint8Array((hex.length - 2) >>> 1);
  writeHex(bytes, 0, hex);
  return bytes;
}

/**
 * Writes the bytes of a hex string with 0x and an even number of digits, and returns their end.
 * Throws InvariantError if it is not such a string.
 */
export function writeHex(target: Uint8Array, start: number, hex: Hex): number {
  const length = (hex.length - 2) >>> 1;
  if (length > SHORT) {
    const view = Buffer.from(target.buffer, target.byteOffset + start, length);
    if (view.write(hex.slice(2), "hex") !== length || length * 2 + 2 !== hex.length) {
      throw notWholeBytes(hex);
    }
    return start + length;
  }
  let invalid = length * 2 + 2 === hex.length ? 0 : 255;
  for (let position = 0, digit = 2; position < length; position++, digit += 2) {
    const high = HEX_DIGIT[hex.charCodeAt(digit)] ?? 255;
    const low = HEX_DIGIT[hex.charCodeAt(digit + 1)] ?? 255;
    invalid |= high | low;
    target[start + position] = (high << 4) | low;
  }
  if (invalid > 15) {
    throw notWholeBytes(hex);
  }
  return start + length;
}

/** Unsigned big-endian, of the bytes in [start, end); no bytes are zero. */
export function bytesToBigInt(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  const length = end - start;
  if (length > 32) {
    return BigInt(hexText(bytes, start, end));
  }
  if (length <= 6) {
    let value = 0; // below 2^48
    for (let position = start; position < end; position++) {
      value = value * 256 + (bytes[position] ?? 0);
    }
    return BigInt(value);
  }
  wordScratch.fill(0, 0, 32 - length);
  for (let position = start, at = 32 - length; position < end; position++, at++) {
    wordScratch[at] = bytes[position] ?? 0;
  }
  const low = wordView.getBigUint64(24);
  if (length <= 8) {
    return low;
  }
  const lowHalf = (wordView.getBigUint64(16) << 64n) | low;
  return length <= 16
    ? lowHalf
    : (((wordView.getBigUint64(0) << 64n) | wordView.getBigUint64(8)) << 128n) | lowHalf;
}

/** 32 bytes, big-endian, of a value in [0, 2^256). */
export function bigIntToBytes32(value: bigint): Uint8Array {
  writeWord(value);
  return wordScratch.slice();
}

/** Writes a value in [0, 2^256) as 32 bytes, big-endian. Not checked: it is for the hottest paths. */
export function writeBytes32(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at + 24, value); // a store keeps the low 64 bits
  if (value <= MAX_64) {
    view.setBigUint64(at, 0n);
    view.setBigUint64(at + 8, 0n);
    view.setBigUint64(at + 16, 0n);
    return;
  }
  view.setBigUint64(at + 16, value >> 64n);
  view.setBigUint64(at + 8, value >> 128n);
  view.setBigUint64(at, value >> 192n);
}

/** 0x and 64 digits of a value in [0, 2^256): the form of hashes and of slots in JSON-RPC. */
export function bigIntToHex32(value: bigint): Hex {
  writeWord(value);
  return hexText(wordScratch);
}

/** Shortest big-endian bytes; zero has none (the form of numbers in RLP). */
export function bigIntToMinimalBytes(value: bigint): Uint8Array {
  if (value < 0n) {
    throw new InvariantError(`${value} is negative`);
  }
  if (value > MAX_256) {
    const digits = value.toString(16);
    return hexToBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
  }
  const end = writeMinimalBytes(minimalScratch, 0, value);
  return minimalScratch.slice(0, end);
}

/** Writes a value in [0, 2^256) in its shortest form, at most 32 bytes, and returns its end. */
export function writeMinimalBytes(target: Uint8Array, at: number, value: bigint): number {
  if (value <= MAX_SHORT_NUMBER) {
    const number = Number(value);
    let end = at;
    for (let limit = 1; number >= limit; limit *= 256) {
      end++;
    }
    for (let position = end - 1, rest = number; position >= at; position--) {
      target[position] = rest; // a store keeps the low 8 bits
      rest = Math.floor(rest / 256);
    }
    return end;
  }
  writeWord(value);
  let start = 0;
  while (wordScratch[start] === 0) {
    start++;
  }
  let end = at;
  for (let position = start; position < 32; position++) {
    target[end++] = wordScratch[position] ?? 0;
  }
  return end;
}

/** Leaves the value in `wordScratch`. */
function writeWord(value: bigint): void {
  if (value < 0n || value > MAX_256) {
    throw new InvariantError(`${value} does not fit 32 bytes`);
  }
  writeBytes32(wordView, 0, value);
}

function notWholeBytes(hex: string): InvariantError {
  return new InvariantError(`"${hex.slice(0, 80)}" is not hex of whole bytes`);
}
