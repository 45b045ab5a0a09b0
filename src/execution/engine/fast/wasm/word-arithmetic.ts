/** ADD, SUB, MUL, DIV and their like, comparisons, bits and shifts, written in line where short. */

import { I } from "./encoder/instructions";
import { constant, type LimbEmitter } from "./limb-emitter";
import type { WordCalls } from "./word-calls";
import {
  bitsOf,
  isZero,
  LIMB_BITS,
  LIMB_MASK,
  type Limb,
  type Limbs,
  oneLimb,
  sameLimb,
  sizeOf,
  type WordValue,
  ZERO,
} from "./word-value";

const PLACES = [0, 1, 2, 3] as const;

/** A word of four limbs made one after the other, least significant first. */
function wordOf(limb: (place: 0 | 1 | 2 | 3) => Limb): WordValue {
  const [a, b, c, d] = [limb(0), limb(1), limb(2), limb(3)];
  return { limbs: [a, b, c, d] };
}

export function add(e: LimbEmitter, a: WordValue, b: WordValue): WordValue {
  let carry: Limb = ZERO;
  return wordOf((place) => {
    const { sum, over } = addLimbs(e, a.limbs[place], b.limbs[place], carry, place < 3);
    carry = over;
    return sum;
  });
}

function addLimbs(
  e: LimbEmitter,
  a: Limb,
  b: Limb,
  carry: Limb,
  wantsCarry: boolean,
): { readonly sum: Limb; readonly over: Limb } {
  const terms = [a, b, carry].filter((term) => !isZero(term));
  const [first, second, third] = terms;
  if (first === undefined || second === undefined) {
    return { sum: first ?? ZERO, over: ZERO };
  }
  if (terms.every(({ kind }) => kind === "constant")) {
    const total = terms.reduce(
      (sum, term) => sum + (term.kind === "constant" ? term.value : 0n),
      0n,
    );
    return { sum: constant(total & LIMB_MASK), over: constant(total >> 64n) };
  }
  const one = addTwo(e, first, second, wantsCarry);
  if (third === undefined) {
    return one;
  }
  const two = addTwo(e, one.sum, third, wantsCarry);
  // At most one of the two additions overflows.
  return { sum: two.sum, over: wantsCarry ? e.or(one.over, two.over) : ZERO };
}

function addTwo(
  e: LimbEmitter,
  a: Limb,
  b: Limb,
  wantsCarry: boolean,
): { readonly sum: Limb; readonly over: Limb } {
  const bits = Math.max(bitsOf(a), bitsOf(b)) + 1;
  const sum = e.binary(I.i64Add, a, b, Math.min(bits, LIMB_BITS));
  if (!wantsCarry || bits <= LIMB_BITS) {
    return { sum, over: ZERO };
  }
  e.push(sum);
  e.push(b);
  e.f.plain(I.i64LtU);
  return { sum, over: e.popFlag() };
}

export function subtract(e: LimbEmitter, a: WordValue, b: WordValue): WordValue {
  let borrow: Limb = ZERO;
  return wordOf((place) => {
    const one = subtractLimbs(e, a.limbs[place], b.limbs[place], place < 3);
    const two = subtractLimbs(e, one.difference, borrow, place < 3);
    borrow = place < 3 ? e.or(one.under, two.under) : ZERO;
    return two.difference;
  });
}

function subtractLimbs(
  e: LimbEmitter,
  a: Limb,
  b: Limb,
  wantsBorrow: boolean,
): { readonly difference: Limb; readonly under: Limb } {
  if (isZero(b)) {
    return { difference: a, under: ZERO };
  }
  if (a.kind === "constant" && b.kind === "constant") {
    return {
      difference: constant((a.value - b.value) & LIMB_MASK),
      under: constant(a.value < b.value ? 1n : 0n),
    };
  }
  const difference = e.binary(I.i64Sub, a, b);
  if (!wantsBorrow) {
    return { difference, under: ZERO };
  }
  e.push(a);
  e.push(b);
  e.f.plain(I.i64LtU);
  return { difference, under: e.popFlag() };
}

/** a < b, unsigned or as two's complement, as a word of 0 or 1. */
export function less(e: LimbEmitter, a: WordValue, b: WordValue, signed: boolean): WordValue {
  const { f } = e;
  // less(i) = a[i] < b[i], or a[i] = b[i] and less(i - 1)
  let isFirst = true;
  for (const place of PLACES) {
    const [x, y] = [a.limbs[place], b.limbs[place]];
    if (sameLimb(x, y)) {
      continue;
    }
    if (!isFirst) {
      e.push(x);
      e.push(y);
      f.plain(I.i64Eq, I.i32And);
    }
    e.push(x);
    e.push(y);
    f.plain(signed && place === 3 ? I.i64LtS : I.i64LtU);
    if (!isFirst) {
      f.plain(I.i32Or);
    }
    isFirst = false;
  }
  return isFirst ? oneLimb(ZERO) : oneLimb(e.popFlag());
}

export function equal(e: LimbEmitter, a: WordValue, b: WordValue): WordValue {
  const differences = PLACES.map((place) =>
    sameLimb(a.limbs[place], b.limbs[place]) ? ZERO : e.xor(a.limbs[place], b.limbs[place]),
  );
  e.pushNone(differences);
  return oneLimb(e.popFlag());
}

export function isZeroWord(e: LimbEmitter, { limbs }: WordValue): WordValue {
  e.pushNone(limbs);
  return oneLimb(e.popFlag());
}

export function bitwise(
  e: LimbEmitter,
  operation: "and" | "or" | "xor",
  a: WordValue,
  b: WordValue,
): WordValue {
  return wordOf((place) => e[operation](a.limbs[place], b.limbs[place]));
}

export function not(e: LimbEmitter, a: WordValue): WordValue {
  const ones = constant(LIMB_MASK);
  return wordOf((place) => {
    const limb = a.limbs[place];
    return limb.kind === "constant"
      ? constant(limb.value ^ LIMB_MASK)
      : e.binary(I.i64Xor, limb, ones);
  });
}

export function multiply(e: LimbEmitter, calls: WordCalls, a: WordValue, b: WordValue): WordValue {
  for (const [known, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const shift = exponentOfTwo(known);
    if (sizeOf(known) === 0 || shift !== null) {
      return shift === null ? known : shiftLeft(e, shift, other);
    }
  }
  if (sizeOf(a) === 1 && sizeOf(b) === 1) {
    const [x, y] = [a.limbs[0], b.limbs[0]];
    const bits = bitsOf(x) + bitsOf(y);
    const low = e.binary(I.i64Mul, x, y, Math.min(bits, LIMB_BITS));
    return bits <= LIMB_BITS
      ? oneLimb(low)
      : { limbs: [low, calls.multiplyHigh(x, y, bits - LIMB_BITS), ZERO, ZERO] };
  }
  return calls.words("multiply", [a, b]);
}

export function divide(e: LimbEmitter, calls: WordCalls, a: WordValue, b: WordValue): WordValue {
  const shift = exponentOfTwo(b);
  if (shift !== null) {
    return shiftRight(e, shift, a);
  }
  const [divisor] = b.limbs;
  if (sizeOf(b) === 1 && sizeOf(a) <= 1 && divisor.kind === "constant") {
    return oneLimb(e.binary(I.i64DivU, a.limbs[0], divisor, bitsOf(a.limbs[0])));
  }
  return calls.words("divide", [a, b]);
}

export function modulo(e: LimbEmitter, calls: WordCalls, a: WordValue, b: WordValue): WordValue {
  const shift = exponentOfTwo(b);
  if (shift !== null) {
    return wordOf((place) => {
      const kept = Math.min(Math.max(shift - place * LIMB_BITS, 0), LIMB_BITS);
      return e.and(a.limbs[place], constant((1n << BigInt(kept)) - 1n));
    });
  }
  const [divisor] = b.limbs;
  if (sizeOf(b) === 1 && sizeOf(a) <= 1 && divisor.kind === "constant") {
    return oneLimb(e.binary(I.i64RemU, a.limbs[0], divisor, bitsOf(divisor)));
  }
  return calls.words("modulo", [a, b]);
}

/** @param amount bits; everything is shifted out from 256 on */
export function shiftLeft(e: LimbEmitter, amount: number, a: WordValue): WordValue {
  const limbs = Math.floor(amount / LIMB_BITS);
  const bits = amount % LIMB_BITS;
  return wordOf((place) => {
    const upper = a.limbs[place - limbs] ?? ZERO;
    const lower = a.limbs[place - limbs - 1] ?? ZERO;
    return bits === 0
      ? upper
      : e.or(e.shiftLeft(upper, bits), e.shiftRight(lower, LIMB_BITS - bits));
  });
}

export function shiftRight(e: LimbEmitter, amount: number, a: WordValue): WordValue {
  const limbs = Math.floor(amount / LIMB_BITS);
  const bits = amount % LIMB_BITS;
  return wordOf((place) => {
    const lower = a.limbs[place + limbs] ?? ZERO;
    const upper = a.limbs[place + limbs + 1] ?? ZERO;
    return bits === 0
      ? lower
      : e.or(e.shiftRight(lower, bits), e.shiftLeft(upper, LIMB_BITS - bits));
  });
}

/** Byte `position` (0 to 31) from the most significant. */
export function byteAt(e: LimbEmitter, position: number, a: WordValue): WordValue {
  const bit = (31 - position) * 8;
  const limb = a.limbs[Math.floor(bit / LIMB_BITS)] ?? ZERO;
  return oneLimb(e.and(e.shiftRight(limb, bit % LIMB_BITS), constant(0xffn)));
}

/** Extends the sign of the number that ends with byte `position` (0 to 30) from the least significant. */
export function signExtend(e: LimbEmitter, position: number, a: WordValue): WordValue {
  const top = position >> 3;
  const unused = constant(BigInt(56 - (position & 7) * 8));
  const limb = a.limbs[top as 0 | 1 | 2 | 3]; // position <= 30
  const extended = isZero(unused)
    ? limb
    : e.binary(I.i64ShrS, e.binary(I.i64Shl, limb, unused), unused);
  const sign = top === 3 ? ZERO : e.binary(I.i64ShrS, extended, constant(63n));
  return wordOf((place) => (place < top ? a.limbs[place] : place === top ? extended : sign));
}

export function countLeadingZeros(e: LimbEmitter, { limbs }: WordValue): WordValue {
  const { f } = e;
  // clz of the highest limb that is not 0, and 64 for each above it
  e.push(limbs[0]);
  f.plain(I.i64Clz);
  f.i64(192n);
  f.plain(I.i64Add);
  let count = e.pop(9);
  for (const [place, above] of [
    [1, 128n],
    [2, 64n],
    [3, 0n],
  ] as const) {
    e.push(limbs[place]);
    f.plain(I.i64Clz);
    f.i64(above);
    f.plain(I.i64Add);
    e.push(count);
    e.pushAny([limbs[place]]);
    f.plain(I.select);
    count = e.pop(9);
  }
  return oneLimb(count);
}

/** n if the word is known to be 2^n, else null. */
function exponentOfTwo({ limbs }: { readonly limbs: Limbs }): number | null {
  let word = 0n;
  for (const place of PLACES) {
    const limb = limbs[place];
    if (limb.kind !== "constant") {
      return null;
    }
    word |= limb.value << BigInt(place * LIMB_BITS);
  }
  return word > 0n && (word & (word - 1n)) === 0n ? word.toString(2).length - 1 : null;
}
