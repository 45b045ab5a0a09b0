/**
 * Conversions between bytes, hex and 256-bit words, for hot paths.
 *
 * Owns: conversions of values that are already well-formed. Does not own: parsing of user input
 * (rpc/params). Node's own hex codec is several times faster than a JavaScript loop. Checks are
 * written out rather than through `invariant`, whose message would be built on every call.
 */
import { InvariantError } from "../errors/base-error";
import type { Hex } from "./hex";

/** Lower-case hex with 0x. */
export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${bufferOf(bytes).toString("hex")}`;
}

/** Fresh bytes of a hex string with 0x and an even number of digits. */
export function hexToBytes(hex: Hex): Uint8Array {
  const length = (hex.length - 2) >>> 1;
  const bytes = new Uint8Array(length);
  const written = bufferOf(bytes).write(hex.slice(2), "hex");
  if (written * 2 + 2 !== hex.length) {
    throw new InvariantError(`"${hex.slice(0, 80)}" is not hex of whole bytes`);
  }
  return bytes;
}

/** Unsigned big-endian; no bytes are zero. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes));
}

/** 32 bytes, big-endian, of a value in [0, 2^256). */
export function bigIntToBytes32(value: bigint): Uint8Array {
  return hexToBytes(bigIntToHex32(value));
}

/** 0x and 64 digits of a value in [0, 2^256): the form of hashes and of slots in JSON-RPC. */
export function bigIntToHex32(value: bigint): Hex {
  const digits = value.toString(16);
  if (value < 0n || digits.length > 64) {
    throw new InvariantError(`${value} does not fit 32 bytes`);
  }
  return `0x${digits.padStart(64, "0")}`;
}

/** Shortest big-endian bytes; zero has none (the form of numbers in RLP). */
export function bigIntToMinimalBytes(value: bigint): Uint8Array {
  if (value < 0n) {
    throw new InvariantError(`${value} is negative`);
  }
  if (value === 0n) {
    return new Uint8Array(0);
  }
  const digits = value.toString(16);
  return hexToBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
}

/** The same memory as a Buffer. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
