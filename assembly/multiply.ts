/** MUL and EXP. */
import { give, multiplyHigh, RESULT } from "./limbs";
import { shiftLeft } from "./shift";

/** a * b modulo 2^256, column by column; `c` counts the carries into the next column. */
export function multiply(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  b0: u64,
  b1: u64,
  b2: u64,
  b3: u64,
): u64 {
  const r0 = a0 * b0;
  if ((a1 | a2 | a3 | b1 | b2 | b3) == 0) {
    return give(r0, multiplyHigh(a0, b0), 0, 0);
  }
  let p = a0 * b1;
  let r1 = multiplyHigh(a0, b0) + p;
  let c = u64(r1 < p);
  p = a1 * b0;
  r1 += p;
  c += u64(r1 < p);

  p = multiplyHigh(a0, b1);
  let r2 = c + p;
  c = u64(r2 < p);
  p = multiplyHigh(a1, b0);
  r2 += p;
  c += u64(r2 < p);
  p = a1 * b1;
  r2 += p;
  c += u64(r2 < p);
  let r3 = c + multiplyHigh(a1, b1);
  if ((a2 | a3 | b2 | b3) == 0) {
    return give(r0, r1, r2, r3);
  }
  p = a0 * b2;
  r2 += p;
  c = u64(r2 < p);
  p = a2 * b0;
  r2 += p;
  c += u64(r2 < p);
  r3 += c + multiplyHigh(a0, b2) + multiplyHigh(a2, b0);
  r3 += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
  return give(r0, r1, r2, r3);
}

/** a^e modulo 2^256, by squaring: one or two products for each bit of the exponent. */
export function power(
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  e0: u64,
  e1: u64,
  e2: u64,
  e3: u64,
): u64 {
  if (a0 == 2 && (a1 | a2 | a3) == 0) {
    return shiftLeft((e1 | e2 | e3) != 0 ? 256 : e0, 1, 0, 0, 0);
  }
  let r0: u64 = 1;
  let r1: u64 = 0;
  let r2: u64 = 0;
  let r3: u64 = 0;
  while ((e0 | e1 | e2 | e3) != 0) {
    if ((e0 & 1) != 0) {
      r0 = multiply(r0, r1, r2, r3, a0, a1, a2, a3);
      r1 = load<u64>(RESULT, 8);
      r2 = load<u64>(RESULT, 16);
      r3 = load<u64>(RESULT, 24);
    }
    e0 = (e0 >> 1) | (e1 << 63);
    e1 = (e1 >> 1) | (e2 << 63);
    e2 = (e2 >> 1) | (e3 << 63);
    e3 >>= 1;
    if ((e0 | e1 | e2 | e3) == 0) {
      break;
    }
    a0 = multiply(a0, a1, a2, a3, a0, a1, a2, a3);
    a1 = load<u64>(RESULT, 8);
    a2 = load<u64>(RESULT, 16);
    a3 = load<u64>(RESULT, 24);
  }
  return give(r0, r1, r2, r3);
}
