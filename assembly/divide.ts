/**
 * DIV, MOD, SDIV, SMOD, ADDMOD, MULMOD: long division in base 2^32 (Knuth, The Art of Computer
 * Programming, volume 2, section 4.3.1, algorithm D).
 *
 * The number to divide lies at U, the divisor at V, the quotient at Q, as digits of 32 bits, least
 * significant first: the same bytes as limbs of 64 bits, since WebAssembly is little-endian.
 */
import { give, giveFrom, multiplyHigh, put } from "./limbs";

const DIGITS = 8;
/** a product of two words and one digit more for the normalised number */
const U: usize = memory.data(72, 8);
const V: usize = memory.data(32, 8);
const Q: usize = memory.data(32, 8);
const BASE: u64 = 0x1_0000_0000;
const SIGN: u64 = 0x8000_0000_0000_0000;

// @ts-ignore: decorator
@inline
function digit(pointer: usize, index: i32): u64 {
  return load<u32>(pointer + ((<usize>index) << 2));
}

// @ts-ignore: decorator
@inline
function setDigit(pointer: usize, index: i32, value: u64): void {
  store<u32>(pointer + ((<usize>index) << 2), <u32>value);
}

/** Digits without leading zeros. */
function length(pointer: usize, digits: i32): i32 {
  while (digits > 0 && digit(pointer, digits - 1) == 0) {
    digits--;
  }
  return digits;
}

/**
 * Divides the `digits` digits at U by the word at V, which is not 0: remainder to U (its first 8
 * digits), quotient modulo 2^256 to Q.
 */
function longDivision(digits: i32): void {
  put(Q, 0, 0, 0, 0);
  const n = length(V, DIGITS);
  const m = length(U, digits);
  if (m < n) {
    return;
  }
  if (n == 1) {
    const divisor = digit(V, 0);
    let remainder: u64 = 0;
    for (let i = m - 1; i >= 0; i--) {
      const part = (remainder << 32) | digit(U, i);
      if (i < DIGITS) {
        setDigit(Q, i, part / divisor);
      }
      remainder = part % divisor;
    }
    put(U, remainder, 0, 0, 0);
    return;
  }
  const shift = <u64>clz<u32>(<u32>digit(V, n - 1));
  if (shift != 0) {
    for (let i = n - 1; i > 0; i--) {
      setDigit(V, i, (digit(V, i) << shift) | (digit(V, i - 1) >> (32 - shift)));
    }
    setDigit(V, 0, digit(V, 0) << shift);
    setDigit(U, m, digit(U, m - 1) >> (32 - shift));
    for (let i = m - 1; i > 0; i--) {
      setDigit(U, i, (digit(U, i) << shift) | (digit(U, i - 1) >> (32 - shift)));
    }
    setDigit(U, 0, digit(U, 0) << shift);
  } else {
    setDigit(U, m, 0);
  }
  const first = digit(V, n - 1);
  const second = digit(V, n - 2);
  for (let j = m - n; j >= 0; j--) {
    const top = (digit(U, j + n) << 32) | digit(U, j + n - 1);
    let quotient = top / first;
    let rest = top % first;
    while (quotient >= BASE || quotient * second > ((rest << 32) | digit(U, j + n - 2))) {
      quotient--;
      rest += first;
      if (rest >= BASE) {
        break;
      }
    }
    let borrow: i64 = 0;
    let carry: u64 = 0;
    for (let i = 0; i < n; i++) {
      const product = quotient * digit(V, i) + carry;
      carry = product >> 32;
      const difference = <i64>digit(U, i + j) + borrow - <i64>(product & 0xffffffff);
      setDigit(U, i + j, <u64>difference);
      borrow = difference >> 32;
    }
    const difference = <i64>digit(U, j + n) + borrow - <i64>carry;
    setDigit(U, j + n, <u64>difference);
    if (difference < 0) {
      // one too many: add the divisor back
      quotient--;
      carry = 0;
      for (let i = 0; i < n; i++) {
        const sum = digit(U, i + j) + digit(V, i) + carry;
        setDigit(U, i + j, sum);
        carry = sum >> 32;
      }
      setDigit(U, j + n, digit(U, j + n) + carry);
    }
    if (j < DIGITS) {
      setDigit(Q, j, quotient);
    }
  }
  if (shift != 0) {
    for (let i = 0; i < n; i++) {
      setDigit(U, i, (digit(U, i) >> shift) | (digit(U, i + 1) << (32 - shift)));
    }
  }
  for (let i = n; i < DIGITS; i++) {
    setDigit(U, i, 0);
  }
}

export function divide(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
): u64 {
  if ((b1 | b2 | b3) == 0) {
    if (b0 == 0) {
      return give(0, 0, 0, 0);
    }
    if ((a1 | a2 | a3) == 0) {
      return give(a0 / b0, 0, 0, 0);
    }
  }
  put(U, a0, a1, a2, a3);
  put(V, b0, b1, b2, b3);
  longDivision(DIGITS);
  return giveFrom(Q);
}

export function modulo(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
): u64 {
  if ((b1 | b2 | b3) == 0) {
    if (b0 == 0) {
      return give(0, 0, 0, 0);
    }
    if ((a1 | a2 | a3) == 0) {
      return give(a0 % b0, 0, 0, 0);
    }
  }
  put(U, a0, a1, a2, a3);
  put(V, b0, b1, b2, b3);
  longDivision(DIGITS);
  return giveFrom(U);
}

/** Puts the absolute value of the two's complement number to `pointer`. */
function putAbsolute(pointer: usize, w0: u64, w1: u64, w2: u64, w3: u64): void {
  if ((w3 & SIGN) == 0) {
    put(pointer, w0, w1, w2, w3);
    return;
  }
  putNegative(pointer, w0, w1, w2, w3);
}

function putNegative(pointer: usize, w0: u64, w1: u64, w2: u64, w3: u64): void {
  const borrow0 = u64(w0 != 0);
  const borrow1 = u64((w0 | w1) != 0);
  const borrow2 = u64((w0 | w1 | w2) != 0);
  put(pointer, 0 - w0, 0 - w1 - borrow0, 0 - w2 - borrow1, 0 - w3 - borrow2);
}

function giveSigned(pointer: usize, negative: bool): u64 {
  if (negative) {
    putNegative(
      pointer,
      load<u64>(pointer),
      load<u64>(pointer, 8),
      load<u64>(pointer, 16),
      load<u64>(pointer, 24),
    );
  }
  return giveFrom(pointer);
}

/** Rounds towards zero; -2^255 / -1 = -2^255. */
export function signedDivide(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
): u64 {
  if ((b0 | b1 | b2 | b3) == 0) {
    return give(0, 0, 0, 0);
  }
  putAbsolute(U, a0, a1, a2, a3);
  putAbsolute(V, b0, b1, b2, b3);
  longDivision(DIGITS);
  return giveSigned(Q, ((a3 ^ b3) & SIGN) != 0);
}

/** The sign of the number divided. */
export function signedModulo(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
): u64 {
  if ((b0 | b1 | b2 | b3) == 0) {
    return give(0, 0, 0, 0);
  }
  putAbsolute(U, a0, a1, a2, a3);
  putAbsolute(V, b0, b1, b2, b3);
  longDivision(DIGITS);
  return giveSigned(U, (a3 & SIGN) != 0);
}

/** (a + b) modulo n, the sum not cut. */
export function addModulo(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
  n0: u64,
  n1: u64,
  n2: u64,
  n3: u64,
): u64 {
  if ((n0 | n1 | n2 | n3) == 0) {
    return give(0, 0, 0, 0);
  }
  const s0 = a0 + b0;
  let carry = u64(s0 < a0);
  let part = a1 + carry;
  carry = u64(part < carry);
  const s1 = part + b1;
  carry += u64(s1 < part);
  part = a2 + carry;
  carry = u64(part < carry);
  const s2 = part + b2;
  carry += u64(s2 < part);
  part = a3 + carry;
  carry = u64(part < carry);
  const s3 = part + b3;
  carry += u64(s3 < part);
  put(U, s0, s1, s2, s3);
  store<u64>(U, carry, 32);
  put(V, n0, n1, n2, n3);
  longDivision(DIGITS + 1);
  return giveFrom(U);
}

/** Adds a * b to the limbs from `pointer` on, whose sum stays below 2^128 * 2^64. */
// @ts-ignore: decorator
@inline
function multiplyAdd(pointer: usize, a: u64, b: u64, carry: u64): u64 {
  let low = a * b;
  let high = multiplyHigh(a, b);
  low += carry;
  high += u64(low < carry);
  const before = load<u64>(pointer);
  low += before;
  high += u64(low < before);
  store<u64>(pointer, low);
  return high;
}

function addRow(pointer: usize, a: u64, b0: u64, b1: u64, b2: u64, b3: u64): void {
  let carry = multiplyAdd(pointer, a, b0, 0);
  carry = multiplyAdd(pointer + 8, a, b1, carry);
  carry = multiplyAdd(pointer + 16, a, b2, carry);
  carry = multiplyAdd(pointer + 24, a, b3, carry);
  store<u64>(pointer, carry, 32);
}

/** (a * b) modulo n, the product not cut. */
export function multiplyModulo(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
  n0: u64,
  n1: u64,
  n2: u64,
  n3: u64,
): u64 {
  if ((n0 | n1 | n2 | n3) == 0) {
    return give(0, 0, 0, 0);
  }
  put(U, 0, 0, 0, 0);
  addRow(U, a0, b0, b1, b2, b3);
  addRow(U + 8, a1, b0, b1, b2, b3);
  addRow(U + 16, a2, b0, b1, b2, b3);
  addRow(U + 24, a3, b0, b1, b2, b3);
  put(V, n0, n1, n2, n3);
  longDivision(2 * DIGITS);
  return giveFrom(U);
}
