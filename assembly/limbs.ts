/**
 * 256-bit words as four u64 limbs, least significant first, and how a function gives one back: the
 * first limb as its result, the others in memory at RESULT.
 */

/** Where limbs 1, 2 and 3 of a result lie (at RESULT + 8, + 16 and + 24). */
export const RESULT: usize = 0;

// @ts-ignore: decorator
@inline
export function give(r0: u64, r1: u64, r2: u64, r3: u64): u64 {
  store<u64>(RESULT, r1, 8);
  store<u64>(RESULT, r2, 16);
  store<u64>(RESULT, r3, 24);
  return r0;
}

/** Gives the word whose four limbs lie at `pointer`. */
// @ts-ignore: decorator
@inline
export function giveFrom(pointer: usize): u64 {
  return give(
    load<u64>(pointer),
    load<u64>(pointer, 8),
    load<u64>(pointer, 16),
    load<u64>(pointer, 24),
  );
}

// @ts-ignore: decorator
@inline
export function put(pointer: usize, w0: u64, w1: u64, w2: u64, w3: u64): void {
  store<u64>(pointer, w0);
  store<u64>(pointer, w1, 8);
  store<u64>(pointer, w2, 16);
  store<u64>(pointer, w3, 24);
}

/** The high half of the 128-bit product. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (cross >> 32);
}
