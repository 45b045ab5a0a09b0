/** SHL, SHR, SAR, BYTE, SIGNEXTEND by amounts that are known at run time only. */
import { give } from "./limbs";

/** w << amount; 0 from 256 on */
export function shiftLeft(amount: u64, w0: u64, w1: u64, w2: u64, w3: u64): u64 {
  if (amount >= 256) {
    return give(0, 0, 0, 0);
  }
  for (; amount >= 64; amount -= 64) {
    w3 = w2;
    w2 = w1;
    w1 = w0;
    w0 = 0;
  }
  if (amount == 0) {
    return give(w0, w1, w2, w3);
  }
  const rest = 64 - amount;
  return give(
    w0 << amount,
    (w1 << amount) | (w0 >> rest),
    (w2 << amount) | (w1 >> rest),
    (w3 << amount) | (w2 >> rest),
  );
}

/** The limbs moved down by `amount` bits, bits of `fill` (all zeros or all ones) coming in. */
// @ts-ignore: decorator
@inline
function shiftDown(amount: u64, w0: u64, w1: u64, w2: u64, w3: u64, fill: u64): u64 {
  if (amount >= 256) {
    return give(fill, fill, fill, fill);
  }
  for (; amount >= 64; amount -= 64) {
    w0 = w1;
    w1 = w2;
    w2 = w3;
    w3 = fill;
  }
  if (amount == 0) {
    return give(w0, w1, w2, w3);
  }
  const rest = 64 - amount;
  return give(
    (w0 >> amount) | (w1 << rest),
    (w1 >> amount) | (w2 << rest),
    (w2 >> amount) | (w3 << rest),
    (w3 >> amount) | (fill << rest),
  );
}

/** w >> amount; 0 from 256 on */
export function shiftRight(amount: u64, w0: u64, w1: u64, w2: u64, w3: u64): u64 {
  return shiftDown(amount, w0, w1, w2, w3, 0);
}

/** w >> amount with the sign coming in; the sign alone from 256 on */
export function arithmeticShiftRight(amount: u64, w0: u64, w1: u64, w2: u64, w3: u64): u64 {
  return shiftDown(amount, w0, w1, w2, w3, <u64>(<i64>w3 >> 63));
}

/** Byte `position` from the most significant; 0 from 32 on. Limb 0 is all of it. */
export function byteAt(position: u64, w0: u64, w1: u64, w2: u64, w3: u64): u64 {
  if (position >= 32) {
    return 0;
  }
  const limb = position < 8 ? w3 : position < 16 ? w2 : position < 24 ? w1 : w0;
  return (limb >> ((7 - (position & 7)) << 3)) & 0xff;
}

/** Extends the sign of the (position + 1)-byte number; nothing from 31 on. */
export function signExtend(position: u64, w0: u64, w1: u64, w2: u64, w3: u64): u64 {
  if (position >= 31) {
    return give(w0, w1, w2, w3);
  }
  const unused = 56 - ((position & 7) << 3);
  const limb = position >> 3;
  if (limb == 3) {
    return give(w0, w1, w2, <u64>((<i64>(w3 << unused)) >> unused));
  }
  const top = limb == 0 ? w0 : limb == 1 ? w1 : w2;
  const extended = (<i64>(top << unused)) >> unused;
  const sign = <u64>(extended >> 63);
  if (limb == 0) {
    return give(<u64>extended, sign, sign, sign);
  }
  return limb == 1 ? give(w0, <u64>extended, sign, sign) : give(w0, w1, <u64>extended, sign);
}

/** Bytes of the word without leading zeros. */
export function significantBytes(w0: u64, w1: u64, w2: u64, w3: u64): u64 {
  if (w3 != 0) {
    return 32 - (clz<u64>(w3) >> 3);
  }
  if (w2 != 0) {
    return 24 - (clz<u64>(w2) >> 3);
  }
  return w1 != 0 ? 16 - (clz<u64>(w1) >> 3) : 8 - (clz<u64>(w0) >> 3);
}
