/**
 * base^exponent modulo a modulus of up to 256 bits (the arithmetic of MODEXP), compiled by
 * scripts/build-words.mjs to a module with a memory of its own
 * (src/execution/engine/fast/precompiles/modular-power-module.ts).
 *
 * The modulus is odd * 2^zeros. The power is computed modulo the odd part by Montgomery's multiplication (digits of
 * 32 bits, least significant first; Handbook of Applied Cryptography, algorithm 14.36) and modulo 2^zeros by
 * multiplication that is cut; the Chinese remainder theorem puts them together (Koc, Montgomery reduction with
 * even modulus, 1994). Four bits of the exponent at a time, with tables of powers.
 *
 * Who calls it writes BASE and MODULUS (least significant byte first), calls `prepare`, writes the exponent
 * (most significant byte first) piece by piece to EXPONENT with a `raise` for each, and reads the power at POWER
 * after `finish`.
 */
import { modulo, multiplyModulo } from "./divide";
import { multiplyHigh, put, RESULT } from "./limbs";
import { multiply } from "./multiply";
import { shiftLeft, shiftRight } from "./shift";

const BASE: usize = 4096;
const MODULUS: usize = 4128;
const POWER: usize = 4160;
const EXPONENT: usize = 8192;

const WORD: usize = 32;
const POWERS: usize = 16;

const ODD: usize = memory.data(32, 8);
/** modulo the odd part, in Montgomery's form */
const POWER_OF_ODD: usize = memory.data(32, 8);
const TABLE_OF_ODD: usize = memory.data(512, 8);
/** modulo 2^zeros */
const POWER_OF_TWO: usize = memory.data(32, 8);
const TABLE_OF_TWO: usize = memory.data(512, 8);
const MASK: usize = memory.data(32, 8);
/** a product that is being reduced: two digits more than a number */
const PRODUCT: usize = memory.data(48, 8);
const ONE: usize = memory.data<u64>([1, 0, 0, 0]);

/** digits of the odd part; 0: it is one */
let digits: i32 = 0;
/** 1 / odd modulo 2^64 */
let inverse: u64 = 0;
let zeros: u64 = 0;

/** The modulus is above one. */
export function prepare(): void {
  splitModulus();
  if (digits > 0) {
    prepareOdd();
  }
  if (zeros > 0) {
    prepareEven();
  }
}

function splitModulus(): void {
  let limb: usize = MODULUS;
  zeros = 0;
  while (load<u64>(limb) == 0) {
    limb += 8;
    zeros += 64;
  }
  zeros += ctz<u64>(load<u64>(limb));
  const first = shiftRight(
    zeros,
    load<u64>(MODULUS),
    load<u64>(MODULUS, 8),
    load<u64>(MODULUS, 16),
    load<u64>(MODULUS, 24),
  );
  take(ODD, first);
  digits = 8;
  while (digits > 1 && load<u32>(ODD + ((<usize>digits - 1) << 2)) == 0) {
    digits--;
  }
  if (digits == 1 && load<u32>(ODD) == 1) {
    digits = 0;
  }
}

function prepareOdd(): void {
  const odd = load<u64>(ODD);
  // Newton's iteration doubles the bits that are right; odd * odd is 1 modulo 8.
  inverse = odd;
  for (let bits = 3; bits < 64; bits <<= 1) {
    inverse *= 2 - odd * inverse;
  }
  take(TABLE_OF_ODD, radixModuloOdd());
  take(
    TABLE_OF_ODD + WORD,
    multiplyModulo(
      load<u64>(BASE),
      load<u64>(BASE, 8),
      load<u64>(BASE, 16),
      load<u64>(BASE, 24),
      load<u64>(TABLE_OF_ODD),
      load<u64>(TABLE_OF_ODD, 8),
      load<u64>(TABLE_OF_ODD, 16),
      load<u64>(TABLE_OF_ODD, 24),
      odd,
      load<u64>(ODD, 8),
      load<u64>(ODD, 16),
      load<u64>(ODD, 24),
    ),
  );
  copy(POWER_OF_ODD, TABLE_OF_ODD);
  for (let i: usize = 2; i < POWERS; i++) {
    const power = TABLE_OF_ODD + i * WORD;
    copy(power, power - WORD);
    multiplyOdd(power, TABLE_OF_ODD + WORD);
  }
}

/** Montgomery's radix, 2^32 for each digit, modulo the odd part: 1 in Montgomery's form. */
function radixModuloOdd(): u64 {
  const q0 = load<u64>(ODD);
  const q1 = load<u64>(ODD, 8);
  const q2 = load<u64>(ODD, 16);
  const q3 = load<u64>(ODD, 24);
  if (digits == 8) {
    // 2^256 - odd
    return modulo(0 - q0, ~q1, ~q2, ~q3, q0, q1, q2, q3);
  }
  const first = shiftLeft(<u64>digits << 5, 1, 0, 0, 0);
  const second = load<u64>(RESULT, 8);
  const third = load<u64>(RESULT, 16);
  const fourth = load<u64>(RESULT, 24);
  return modulo(first, second, third, fourth, q0, q1, q2, q3);
}

function prepareEven(): void {
  for (let limb: usize = 0; limb < 4; limb++) {
    const below = <i64>zeros - (<i64>limb << 6);
    store<u64>(
      MASK + (limb << 3),
      below >= 64 ? <u64>-1 : below <= 0 ? 0 : ((<u64>1) << <u64>below) - 1,
    );
  }
  copy(TABLE_OF_TWO, ONE);
  copy(TABLE_OF_TWO + WORD, BASE);
  cut(TABLE_OF_TWO + WORD);
  copy(POWER_OF_TWO, ONE);
  for (let i: usize = 2; i < POWERS; i++) {
    const power = TABLE_OF_TWO + i * WORD;
    copy(power, power - WORD);
    multiplyEven(power, TABLE_OF_TWO + WORD);
  }
}

/** So many bytes of the exponent, at EXPONENT. */
export function raise(bytes: i32): void {
  if (digits == 1) {
    raiseDigit(bytes);
  } else if (digits == 2) {
    raiseLimb(bytes);
  } else if (digits > 0) {
    for (let i = 0; i < bytes; i++) {
      const byte = <i32>load<u8>(EXPONENT + i);
      stepOdd(byte >> 4);
      stepOdd(byte & 15);
    }
  }
  if (zeros > 0) {
    for (let i = 0; i < bytes; i++) {
      const byte = <i32>load<u8>(EXPONENT + i);
      stepEven(byte >> 4);
      stepEven(byte & 15);
    }
  }
}

function stepOdd(fourBits: i32): void {
  multiplyOdd(POWER_OF_ODD, POWER_OF_ODD);
  multiplyOdd(POWER_OF_ODD, POWER_OF_ODD);
  multiplyOdd(POWER_OF_ODD, POWER_OF_ODD);
  multiplyOdd(POWER_OF_ODD, POWER_OF_ODD);
  if (fourBits != 0) {
    multiplyOdd(POWER_OF_ODD, TABLE_OF_ODD + (<usize>fourBits << 5));
  }
}

function stepEven(fourBits: i32): void {
  multiplyEven(POWER_OF_TWO, POWER_OF_TWO);
  multiplyEven(POWER_OF_TWO, POWER_OF_TWO);
  multiplyEven(POWER_OF_TWO, POWER_OF_TWO);
  multiplyEven(POWER_OF_TWO, POWER_OF_TWO);
  if (fourBits != 0) {
    multiplyEven(POWER_OF_TWO, TABLE_OF_TWO + (<usize>fourBits << 5));
  }
}

/** As the loop of `raise`, where the odd part has one digit. */
function raiseDigit(bytes: i32): void {
  let power = load<u64>(POWER_OF_ODD);
  const odd = load<u64>(ODD);
  for (let i = 0; i < bytes << 1; i++) {
    const byte = load<u8>(EXPONENT + (i >> 1));
    const fourBits = <usize>((i & 1) == 0 ? byte >> 4 : byte & 15);
    power = reduceDigit(power * power, odd);
    power = reduceDigit(power * power, odd);
    power = reduceDigit(power * power, odd);
    power = reduceDigit(power * power, odd);
    if (fourBits != 0) {
      power = reduceDigit(power * load<u64>(TABLE_OF_ODD + (fourBits << 5)), odd);
    }
  }
  store<u64>(POWER_OF_ODD, power);
}

/** product / 2^32 modulo the odd part, which is below 2^32: the low halves cancel. */
// @ts-ignore: decorator
@inline
function reduceDigit(product: u64, odd: u64): u64 {
  const multiple = ((product * inverse) & 0xffffffff) * odd;
  const difference = (product >> 32) - (multiple >> 32);
  return <i64>difference < 0 ? difference + odd : difference;
}

/** As the loop of `raise`, where the odd part has one limb. */
function raiseLimb(bytes: i32): void {
  let power = load<u64>(POWER_OF_ODD);
  const odd = load<u64>(ODD);
  for (let i = 0; i < bytes << 1; i++) {
    const byte = load<u8>(EXPONENT + (i >> 1));
    const fourBits = <usize>((i & 1) == 0 ? byte >> 4 : byte & 15);
    power = multiplyLimb(power, power, odd);
    power = multiplyLimb(power, power, odd);
    power = multiplyLimb(power, power, odd);
    power = multiplyLimb(power, power, odd);
    if (fourBits != 0) {
      power = multiplyLimb(power, load<u64>(TABLE_OF_ODD + (fourBits << 5)), odd);
    }
  }
  store<u64>(POWER_OF_ODD, power);
}

/** a * b / 2^64 modulo the odd part, which is below 2^64: the low halves cancel. */
// @ts-ignore: decorator
@inline
function multiplyLimb(a: u64, b: u64, odd: u64): u64 {
  const high = multiplyHigh(a, b);
  const multiple = multiplyHigh(a * b * inverse, odd);
  const difference = high - multiple;
  return high < multiple ? difference + odd : difference;
}

/** The number at `a` becomes a * b / radix modulo the odd part. */
function multiplyOdd(a: usize, b: usize): void {
  if (digits == 1) {
    store<u64>(a, reduceDigit(load<u64>(a) * load<u64>(b), load<u64>(ODD)));
    return;
  }
  if (digits == 2) {
    store<u64>(a, multiplyLimb(load<u64>(a), load<u64>(b), load<u64>(ODD)));
    return;
  }
  const end = <usize>digits << 2;
  const negated = 0 - inverse;
  for (let i: usize = 0; i < 48; i += 8) {
    store<u64>(PRODUCT + i, 0);
  }
  for (let i: usize = 0; i < end; i += 4) {
    // product = (product + a * digit of b + odd * multiple) / 2^32, where multiple makes the lowest digit zero
    const digit = <u64>load<u32>(b + i);
    let sum = <u64>load<u32>(PRODUCT) + <u64>load<u32>(a) * digit;
    const multiple = (sum * negated) & 0xffffffff;
    let carry = sum >> 32;
    let carryOfMultiple = ((sum & 0xffffffff) + multiple * <u64>load<u32>(ODD)) >> 32;
    for (let j: usize = 4; j < end; j += 4) {
      sum = <u64>load<u32>(PRODUCT + j) + <u64>load<u32>(a + j) * digit + carry;
      carry = sum >> 32;
      sum = (sum & 0xffffffff) + multiple * <u64>load<u32>(ODD + j) + carryOfMultiple;
      carryOfMultiple = sum >> 32;
      store<u32>(PRODUCT + j - 4, <u32>sum);
    }
    sum = <u64>load<u32>(PRODUCT + end) + carry + carryOfMultiple;
    store<u32>(PRODUCT + end - 4, <u32>sum);
    store<u32>(PRODUCT + end, <u32>(sum >> 32));
  }
  let borrow: i64 = 0;
  for (let j: usize = 0; j < end; j += 4) {
    const difference = <i64>load<u32>(PRODUCT + j) - <i64>load<u32>(ODD + j) + borrow;
    store<u32>(a + j, <u32>difference);
    borrow = difference >> 32;
  }
  if (<i64>load<u32>(PRODUCT + end) + borrow < 0) {
    // it was below the odd part already
    for (let j: usize = 0; j < end; j += 4) {
      store<u32>(a + j, load<u32>(PRODUCT + j));
    }
  }
}

/** The number at `a` becomes a * b modulo 2^zeros. */
function multiplyEven(a: usize, b: usize): void {
  if (zeros <= 64) {
    store<u64>(a, (load<u64>(a) * load<u64>(b)) & load<u64>(MASK));
    return;
  }
  multiplyWords(a, b);
  cut(a);
}

/** Of the whole exponent: leaves the power at POWER. */
export function finish(): void {
  if (digits > 0) {
    // out of Montgomery's form
    copy(POWER, ONE);
    multiplyOdd(POWER_OF_ODD, POWER);
    copy(POWER, POWER_OF_ODD);
  } else {
    put(POWER, 0, 0, 0, 0);
  }
  if (zeros == 0) {
    return;
  }
  // power = of odd + odd * ((of two - of odd) / odd modulo 2^zeros)
  subtract(POWER_OF_TWO, POWER);
  invertOdd();
  multiplyWords(POWER_OF_TWO, TABLE_OF_TWO);
  cut(POWER_OF_TWO);
  multiplyWords(POWER_OF_TWO, ODD);
  add(POWER, POWER_OF_TWO);
}

/** 1 / odd modulo 2^256, to the place of the first power, by Newton's iteration; the second one is its room. */
function invertOdd(): void {
  const room = TABLE_OF_TWO + WORD;
  copy(TABLE_OF_TWO, ODD);
  for (let bits = 3; bits < 256; bits <<= 1) {
    // x = x * (2 - odd * x)
    copy(room, TABLE_OF_TWO);
    multiplyWords(room, ODD);
    put(PRODUCT, 2, 0, 0, 0);
    subtract(PRODUCT, room);
    multiplyWords(TABLE_OF_TWO, PRODUCT);
  }
}

/** The number at `a` becomes a * b modulo 2^256. */
function multiplyWords(a: usize, b: usize): void {
  take(
    a,
    multiply(
      load<u64>(a),
      load<u64>(a, 8),
      load<u64>(a, 16),
      load<u64>(a, 24),
      load<u64>(b),
      load<u64>(b, 8),
      load<u64>(b, 16),
      load<u64>(b, 24),
    ),
  );
}

function add(a: usize, b: usize): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < WORD; i += 4) {
    const sum = <u64>load<u32>(a + i) + <u64>load<u32>(b + i) + carry;
    store<u32>(a + i, <u32>sum);
    carry = sum >> 32;
  }
}

function subtract(a: usize, b: usize): void {
  let borrow: i64 = 0;
  for (let i: usize = 0; i < WORD; i += 4) {
    const difference = <i64>load<u32>(a + i) - <i64>load<u32>(b + i) + borrow;
    store<u32>(a + i, <u32>difference);
    borrow = difference >> 32;
  }
}

/** Modulo 2^zeros. */
function cut(a: usize): void {
  for (let i: usize = 0; i < WORD; i += 8) {
    store<u64>(a + i, load<u64>(a + i) & load<u64>(MASK + i));
  }
}

function copy(to: usize, from: usize): void {
  for (let i: usize = 0; i < WORD; i += 8) {
    store<u64>(to + i, load<u64>(from + i));
  }
}

/** Puts the word that a function gave to `pointer`. */
function take(pointer: usize, first: u64): void {
  put(pointer, first, load<u64>(RESULT, 8), load<u64>(RESULT, 16), load<u64>(RESULT, 24));
}
