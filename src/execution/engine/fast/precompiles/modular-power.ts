/**
 * base^exponent modulo modulus, of any size.
 *
 * Powers are taken four bits of the exponent at a time (a fixed window), or one by one where the exponent is too
 * short to make up for a table. A modulus of few bits is computed with in numbers, whose products are exact
 * below 2^53.
 */
import { bytesToBigInt } from "../../../../state/bytes";

const WINDOW = 4;
const POWERS = 1 << WINDOW;
/** bytes of an exponent for which no table is made */
const MOST_BYTES_BY_BITS = 4;
/** A modulus up to this has products that are exact numbers. */
const MOST_NUMBER = 2n ** 26n;

/**
 * The power in as many bytes as the modulus; zeros for a modulus of 0.
 * @param exponent as much of it as there is; zeros follow, up to `exponentLength` bytes
 */
export function modularPower(
  base: Uint8Array,
  exponent: Uint8Array,
  exponentLength: number,
  modulus: Uint8Array,
): Uint8Array {
  const output = new Uint8Array(modulus.length);
  const m = bytesToBigInt(modulus);
  if (m <= 1n) {
    return output;
  }
  const b = bytesToBigInt(base) % m;
  const first = exponent.findIndex((byte) => byte !== 0);
  // Without a leading zero: a zero to the power of zero is one.
  const digits = first === -1 ? exponent.subarray(0, 0) : exponent.subarray(first);
  const zeros = first === -1 ? 0 : exponentLength - exponent.length;
  const power =
    m <= MOST_NUMBER
      ? BigInt(powerOfNumbers(Number(b), digits, zeros, Number(m)))
      : powerOfWords(b, digits, zeros, m);
  writeBigEndian(output, power);
  return output;
}

function powerOfWords(base: bigint, digits: Uint8Array, zeros: number, m: bigint): bigint {
  if (base === 0n) {
    return digits.length === 0 ? 1n : 0n;
  }
  if (digits.length <= MOST_BYTES_BY_BITS && zeros === 0) {
    return powerByBits(base, digits, m);
  }
  const powers: bigint[] = [1n];
  for (let i = 1; i < POWERS; i++) {
    powers.push(((powers[i - 1] ?? 1n) * base) % m);
  }
  let result = 1n;
  const step = (digit: number): void => {
    for (let bit = 0; bit < WINDOW; bit++) {
      result = (result * result) % m;
    }
    if (digit !== 0) {
      result = (result * (powers[digit] ?? 1n)) % m;
    }
  };
  for (const byte of digits) {
    step(byte >> WINDOW);
    step(byte & (POWERS - 1));
  }
  for (let i = 0; i < zeros * (8 / WINDOW) && result > 1n; i++) {
    step(0);
  }
  return result;
}

function powerByBits(base: bigint, digits: Uint8Array, m: bigint): bigint {
  let result = 1n;
  for (const byte of digits) {
    for (let bit = 7; bit >= 0; bit--) {
      if (result !== 1n) {
        result = (result * result) % m;
      }
      if (((byte >> bit) & 1) === 1) {
        result = (result * base) % m;
      }
    }
  }
  return result;
}

/** As powerOfWords, for a modulus up to 2^26. */
function powerOfNumbers(base: number, digits: Uint8Array, zeros: number, m: number): number {
  const powers: number[] = [1];
  for (let i = 1; i < POWERS; i++) {
    powers.push(((powers[i - 1] ?? 1) * base) % m);
  }
  let result = 1;
  const step = (digit: number): void => {
    for (let bit = 0; bit < WINDOW; bit++) {
      result = (result * result) % m;
    }
    result = (result * (powers[digit] ?? 1)) % m;
  };
  for (const byte of digits) {
    step(byte >> WINDOW);
    step(byte & (POWERS - 1));
  }
  for (let i = 0; i < zeros * (8 / WINDOW) && result > 1; i++) {
    step(0);
  }
  return result;
}

function writeBigEndian(output: Uint8Array, value: bigint): void {
  if (value !== 0n) {
    const digits = value.toString(16);
    const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
    output.set(bytes, output.length - bytes.length);
  }
}
