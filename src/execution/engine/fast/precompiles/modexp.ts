/**
 * MODEXP: base^exponent modulo modulus (EIP-198), its price (EIP-198, 2565, 7883) and limits (EIP-7823).
 *
 * Owns: the form of the input, the price. Does not own: the arithmetic (modular-power.ts).
 */

import { bytesToBigInt } from "../../../../state/bytes";
import type { ForkRules } from "../../../fork-rules";
import { modularPower } from "./modular-power";
import {
  type Precompile,
  type PrecompileFailure,
  type PrecompileResult,
  padded,
} from "./precompile";

/** The three lengths, 32 bytes each. */
const HEAD = 96;
const WORD = 32;
/** bytes of each operand: EIP-7823, and before it what no gas pays for */
const MAX_OPERAND = 1024n;
const MAX_OPERAND_BEFORE = 2n ** 31n - 1n;
const NOTHING = new Uint8Array(0);

/** The precompile with the fork's prices. */
export function createModexp(rules: ForkRules): Precompile {
  const isLimited = rules.isActive(7823);
  const price = priceOf(rules);
  return (input, gas): PrecompileResult | PrecompileFailure => {
    const head = padded(input, 0, HEAD);
    const base = bytesToBigInt(head.subarray(0, WORD));
    const exponent = bytesToBigInt(head.subarray(WORD, 2 * WORD));
    const modulus = bytesToBigInt(head.subarray(2 * WORD));
    const longest = larger(base, modulus);
    const needed = price(longest, exponent, exponentBits(input, base, exponent));
    if (needed > gas) {
      return "OutOfGas";
    }
    const gasUsed = Number(needed);
    if (!isLimited && longest === 0n) {
      return { output: NOTHING, gasUsed };
    }
    const most = isLimited ? MAX_OPERAND : MAX_OPERAND_BEFORE;
    if (longest > most || exponent > most) {
      return "OutOfGas";
    }
    const [baseLength, exponentLength, length] = [base, exponent, modulus].map(Number) as [
      number,
      number,
      number,
    ]; // as many as there were
    const exponentStart = HEAD + baseLength;
    const output = modularPower(
      padded(input, HEAD, baseLength),
      input.subarray(exponentStart, exponentStart + exponentLength),
      exponentLength,
      padded(input, exponentStart + exponentLength, length),
    );
    return { output, gasUsed };
  };
}

type Price = (longest: bigint, exponent: bigint, bits: bigint) => bigint;

/** gas by the bytes of the longer of base and modulus, those of the exponent, and the bits of its head */
function priceOf(rules: ForkRules): Price {
  if (rules.isActive(7883)) {
    return (longest, exponent, bits) => {
      const words = (longest + 7n) / 8n;
      const complexity = longest > 32n ? 2n * words * words : 16n;
      return larger(500n, complexity * iterations(exponent, bits, 16n));
    };
  }
  if (rules.isActive(2565)) {
    return (longest, exponent, bits) => {
      const words = (longest + 7n) / 8n;
      return larger(200n, (words * words * iterations(exponent, bits, 8n)) / 3n);
    };
  }
  return (longest, exponent, bits) =>
    (complexityBefore2565(longest) * iterations(exponent, bits, 8n)) / 20n;
}

/** @param perByte squarings that each byte beyond the first 32 counts for */
function iterations(exponent: bigint, bits: bigint, perByte: bigint): bigint {
  const beyond = exponent > 32n ? (exponent - 32n) * perByte : 0n;
  return larger(1n, beyond + (bits > 0n ? bits - 1n : 0n));
}

/** EIP-198 */
function complexityBefore2565(longest: bigint): bigint {
  if (longest <= 64n) {
    return longest * longest;
  }
  return longest <= 1024n
    ? (longest * longest) / 4n + 96n * longest - 3_072n
    : (longest * longest) / 16n + 480n * longest - 199_680n;
}

/** Bits of the first 32 bytes of the exponent, or of all if it has fewer. */
function exponentBits(input: Uint8Array, base: bigint, exponent: bigint): bigint {
  const start = base > BigInt(input.length) ? input.length : HEAD + Number(base);
  const head = padded(input, start, exponent < 32n ? Number(exponent) : WORD);
  const first = head.findIndex((byte) => byte !== 0);
  return first === -1
    ? 0n
    : BigInt((head.length - first) * 8 - (Math.clz32(head[first] ?? 0) - 24));
}

function larger(a: bigint, b: bigint): bigint {
  return a < b ? b : a;
}
