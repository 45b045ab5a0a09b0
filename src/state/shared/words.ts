/**
 * 256-bit values and addresses as 32-bit and 64-bit words, little-endian, in typed arrays.
 *
 * Owns: conversion and hashing of keys. Every table stores a 256-bit value as 8 consecutive 32-bit
 * words (4 64-bit words), least significant first, and an address as 5 32-bit words in reading
 * order. Hashing works on 32-bit words because BigInt arithmetic allocates.
 */
import { InvariantError } from "../../errors/base-error";
import type { Address } from "../hex";

export const WORDS_PER_ADDRESS = 5;
/** 32-bit words of a 256-bit value. */
export const WORDS_PER_VALUE = 8;
/** 64-bit words of a 256-bit value. */
export const BIG_WORDS_PER_VALUE = 4;

const MAX_256 = (1n << 256n) - 1n;
const MAX_64 = (1n << 64n) - 1n;

/** Value of a hex digit by its character code; 255 for any other character. */
const HEX_DIGIT = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) {
  HEX_DIGIT[digit.toString(16).charCodeAt(0)] = digit;
}

/** Both views of the same words. */
export interface WordViews {
  readonly words: Uint32Array;
  readonly bigs: BigUint64Array;
}

export function wordViews(buffer: ArrayBufferLike): WordViews {
  return { words: new Uint32Array(buffer), bigs: new BigUint64Array(buffer) };
}

/** Writes the 5 words of an address to `target`, from `at` on. */
export function addressToWords(address: Address, target: Uint32Array | Int32Array, at = 0): void {
  let invalid = address.length === 42 ? 0 : 16;
  for (let word = 0; word < WORDS_PER_ADDRESS; word++) {
    let value = 0;
    const start = 2 + word * 8;
    for (let digit = start; digit < start + 8; digit++) {
      const nibble = HEX_DIGIT[address.charCodeAt(digit)] ?? 255;
      invalid |= nibble;
      value = (value << 4) | nibble;
    }
    target[at + word] = value;
  }
  if (invalid > 15) {
    throw new InvariantError(`"${address}" is not a lower-case address`);
  }
}

export function wordsToAddress(words: Uint32Array | Int32Array, offset: number): Address {
  let digits = "";
  for (let word = offset; word < offset + WORDS_PER_ADDRESS; word++) {
    digits += ((words[word] ?? 0) >>> 0).toString(16).padStart(8, "0");
  }
  return `0x${digits}`;
}

/** Writes a value in [0, 2^256) as 4 64-bit words at `offset` (in 64-bit words). */
export function writeValue(bigs: BigUint64Array, offset: number, value: bigint): void {
  if (value < 0n || value > MAX_256) {
    throw new InvariantError(`${value} does not fit 256 bits`);
  }
  bigs[offset] = value; // a store keeps the low 64 bits
  if (value <= MAX_64) {
    bigs[offset + 1] = 0n;
    bigs[offset + 2] = 0n;
    bigs[offset + 3] = 0n;
    return;
  }
  bigs[offset + 1] = value >> 64n;
  bigs[offset + 2] = value >> 128n;
  bigs[offset + 3] = value >> 192n;
}

/** Reads a 256-bit value at `offset` (in 64-bit words). Small values cost one BigInt. */
export function readValue({ words, bigs }: WordViews, offset: number): bigint {
  const word = offset * 2;
  const low = bigs[offset] ?? 0n;
  if (((words[word + 4] ?? 0) | (words[word + 5] ?? 0)) === 0) {
    if (((words[word + 6] ?? 0) | (words[word + 7] ?? 0)) === 0) {
      return ((words[word + 2] ?? 0) | (words[word + 3] ?? 0)) === 0
        ? low
        : ((bigs[offset + 1] ?? 0n) << 64n) | low;
    }
  }
  const high = ((bigs[offset + 3] ?? 0n) << 64n) | (bigs[offset + 2] ?? 0n);
  return (high << 128n) | ((bigs[offset + 1] ?? 0n) << 64n) | low;
}

/** Copies `count` words. For a few words cheaper than a view of them. */
export function copyWords(
  from: Uint32Array,
  at: number,
  to: Uint32Array,
  start: number,
  count: number,
): void {
  for (let word = 0; word < count; word++) {
    to[start + word] = from[at + word] ?? 0;
  }
}

/** True if all `count` words from `offset` (32-bit words) are zero. */
export function isZero(words: Uint32Array, offset: number, count: number): boolean {
  let bits = 0;
  for (let word = offset; word < offset + count; word++) {
    bits |= words[word] ?? 0;
  }
  return bits === 0;
}

/** True if `count` words of `a` from `offsetA` equal those of `b` from 0. */
export function equalWords(
  a: Uint32Array,
  offsetA: number,
  b: Uint32Array,
  count: number,
): boolean {
  for (let word = 0; word < count; word++) {
    if (a[offsetA + word] !== b[word]) {
      return false;
    }
  }
  return true;
}

/** 32-bit hash of `count` words from 0, started with `seed`; every input bit reaches every output bit. */
export function hashWords(words: Uint32Array, count: number, seed: number): number {
  let hash = seed | 0;
  for (let word = 0; word < count; word++) {
    // the round of MurmurHash3 (x86, 32 bit)
    let mixed = Math.imul(words[word] ?? 0, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
