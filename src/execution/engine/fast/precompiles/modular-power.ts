/**
 * base^exponent modulo modulus, of any size.
 *
 * Owns: the choice between three ways. Modulo up to 256, the exponent alone is reduced: powers repeat after at most
 * so many. Modulo up to 256 bits, WebAssembly (modular-power-wasm.ts), where there is any. Else big integers,
 * four bits of the exponent at a time (a fixed window), or one by one where the exponent is too short to make
 * up for a table.
 */
import { webAssembly } from "../../../../crypto/web-assembly";
import { bytesToBigInt } from "../../../../state/bytes";
import { MOST_BYTES, type ShortPower, shortPowerIn } from "./modular-power-wasm";

const WINDOW = 4;
const POWERS = 1 << WINDOW;
/** bytes of an exponent for which no table is made */
const MOST_BYTES_BY_BITS = 4;
/** A modulus up to this has so few powers that all are listed. */
const MOST_LISTED = 256n;

/** Undefined until it is first needed, null if there is no WebAssembly for it. */
let shortPower: ShortPower | null | undefined;

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
  const [digits, zeros] = splitExponent(exponent, exponentLength);
  const output = new Uint8Array(modulus.length);
  const m = bytesToBigInt(modulus);
  if (m <= 1n) {
    return output;
  }
  if (m <= MOST_LISTED) {
    const b = Number(bytesToBigInt(base) % m);
    writeBigEndian(output, BigInt(listedPower(b, digits, zeros, Number(m))));
    return output;
  }
  if (modulus.length <= MOST_BYTES) {
    if (shortPower === undefined) {
      shortPower = webAssembly === null ? null : shortPowerIn(webAssembly);
    }
    if (shortPower !== null) {
      const short = base.length <= MOST_BYTES ? base : new Uint8Array(modulus.length);
      if (short !== base) {
        writeBigEndian(short, bytesToBigInt(base) % m);
      }
      return shortPower(short, digits, zeros, modulus);
    }
  }
  return longPower(base, digits, zeros, m, output);
}

/** As modularPower, by big integers alone; the modulus is above one. */
export function longModularPower(
  base: Uint8Array,
  exponent: Uint8Array,
  exponentLength: number,
  modulus: Uint8Array,
): Uint8Array {
  const [digits, zeros] = splitExponent(exponent, exponentLength);
  return longPower(base, digits, zeros, bytesToBigInt(modulus), new Uint8Array(modulus.length));
}

/** Of what has been read already: the exponent's parts and the modulus. Fills and returns the output. */
function longPower(
  base: Uint8Array,
  digits: Uint8Array,
  zeros: number,
  m: bigint,
  output: Uint8Array,
): Uint8Array {
  writeBigEndian(output, powerOfWords(bytesToBigInt(base) % m, digits, zeros, m));
  return output;
}

/** What is left without leading zeros (a zero to the power of zero is one), and the bytes of zeros that follow. */
function splitExponent(
  exponent: Uint8Array,
  length: number,
): readonly [digits: Uint8Array, zeros: number] {
  const first = exponent.findIndex((byte) => byte !== 0);
  return first === -1
    ? [exponent.subarray(0, 0), 0]
    : [exponent.subarray(first), length - exponent.length];
}

/** Lists the powers until they repeat, and takes the exponent modulo how many repeat. */
function listedPower(base: number, digits: Uint8Array, zeros: number, m: number): number {
  const places = new Int32Array(m).fill(-1);
  const powers: number[] = [];
  let power = 1;
  for (; places[power] === -1; power = (power * base) % m) {
    places[power] = powers.length;
    powers.push(power);
  }
  const start = places[power] ?? 0;
  const period = powers.length - start;
  // The exponent itself as long as it is small, and modulo the period.
  let exponent = 0;
  let rest = 0;
  for (const byte of digits) {
    exponent = Math.min(256 * exponent + byte, m);
    rest = (256 * rest + byte) % period;
  }
  for (let i = 0; i < zeros && rest !== 0; i++) {
    rest = (256 * rest) % period;
  }
  exponent = zeros === 0 ? exponent : Math.min(256 * exponent, m);
  if (exponent < powers.length) {
    return powers[exponent] ?? 0;
  }
  return powers[start + ((((rest - start) % period) + period) % period)] ?? 0;
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

function writeBigEndian(output: Uint8Array, value: bigint): void {
  if (value !== 0n) {
    const digits = value.toString(16);
    const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
    output.set(bytes, output.length - bytes.length);
  }
}
