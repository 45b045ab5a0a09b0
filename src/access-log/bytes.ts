/**
 * Bytes in and out: the primitive encodings that every record of the access log is made of, and
 * that executors use to hand outcomes over in shared memory.
 *
 * Every encoding is canonical (one value, one sequence of bytes):
 * - `varint`: unsigned LEB128, minimal length; numbers up to 2^53-1 or bigints of any size
 * - `uint`: one length byte, then the value big-endian without leading zeros (0 = length 0)
 * - `int`: zigzag of the value (n >= 0: 2n, else -2n-1), written as `uint`
 * - `fixed`: bytes as they are, the reader knows how many
 * - `bytes`, `text`: varint length, then the bytes (text in UTF-8)
 * - `hex`: like `bytes`; `fixedHex`: like `fixed`; `address`: a `fixedHex` of 20 bytes
 * - `float`: IEEE 754 double, little-endian
 *
 * Owns: primitives. Does not own: what a record looks like (codec.ts).
 */
import { hexText } from "../crypto/hex-text";
import { InvariantError, invariant } from "../errors/base-error";
import { addressText } from "../state/address-texts";
import type { BytePool } from "../state/byte-pool";
import { bytesToBigInt, writeHex, writeMinimalBytes } from "../state/bytes";
import type { Address, Hex } from "../state/hex";

/** Largest number of bytes of a `uint` or `int`. */
const MAX_INTEGER_BYTES = 255;
const WORD_BYTES = 32;
const ADDRESS_BYTES = 20;
const WORD_LIMIT = 1n << 256n;

/** Grows as needed; `bytes()` gives what was written so far. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  /** @param capacity first size in bytes */
  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(Math.max(16, capacity));
  }

  /** bytes written so far */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written, keeps the memory. */
  reset(): void {
    this.#length = 0;
  }

  /** What was written: a view, valid until the next write or reset. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return new Uint8Array(this.view()); // of the plain class: a slice would be a Buffer
  }

  u8(value: number): void {
    if (!(Number.isInteger(value) && value >= 0 && value <= 255)) {
      throw new InvariantError(`not a byte: ${value}`);
    }
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  bool(value: boolean): void {
    this.u8(value ? 1 : 0);
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#buffer.writeUInt32LE(value, this.#length);
    this.#length += 4;
  }

  float(value: number): void {
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  /** A number up to 2^53-1, not negative. */
  varint(value: number): void {
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      throw new InvariantError(`not an unsigned integer: ${value}`);
    }
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** A bigint of any size, not negative. */
  bigVarint(value: bigint): void {
    invariant(value >= 0n, () => `not an unsigned integer: ${value}`);
    let rest = value;
    while (rest > 0x7fn) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.u8(Number(rest));
  }

  /** Not negative, at most 255 bytes; made for balances, slots and values of 256 bits. */
  uint(value: bigint): void {
    if (value < 0n) {
      throw new InvariantError(`not an unsigned integer: ${value}`);
    }
    if (value < WORD_LIMIT) {
      this.#reserve(1 + WORD_BYTES);
      const start = this.#length + 1;
      const end = writeMinimalBytes(this.#buffer, start, value);
      this.#buffer[start - 1] = end - start;
      this.#length = end;
      return;
    }
    const digits = value.toString(16);
    const padded = digits.length % 2 === 0 ? digits : `0${digits}`;
    invariant(padded.length / 2 <= MAX_INTEGER_BYTES, "integer of more than 255 bytes");
    this.u8(padded.length / 2);
    this.#hexDigits(padded);
  }

  int(value: bigint): void {
    this.uint(value >= 0n ? value << 1n : (-value << 1n) - 1n);
  }

  fixed(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What another writer wrote between these places, as it is. */
  copy(source: ByteWriter, start: number, end: number): void {
    this.#reserve(end - start);
    this.#length += source.#buffer.copy(this.#buffer, this.#length, start, end);
  }

  lengthPrefixed(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.fixed(bytes);
  }

  text(value: string): void {
    this.lengthPrefixed(Buffer.from(value, "utf8"));
  }

  /** @param byteLength what the value must have: 20 for an address, 32 for a hash */
  fixedHex(value: Hex, byteLength: number): void {
    if (value.length !== 2 + 2 * byteLength || !value.startsWith("0x")) {
      throw new InvariantError(`expected ${byteLength} bytes of hex, got ${value.slice(0, 80)}`);
    }
    this.#reserve(byteLength);
    this.#length = writeHex(this.#buffer, this.#length, value);
  }

  hex(value: Hex): void {
    if (!value.startsWith("0x") || value.length % 2 !== 0) {
      throw new InvariantError(`not hex of whole bytes: ${value.slice(0, 80)}`);
    }
    this.varint((value.length - 2) / 2);
    this.#hexDigits(value.slice(2));
  }

  #hexDigits(digits: string): void {
    const byteLength = digits.length / 2;
    this.#reserve(byteLength);
    // Buffer.write stops at the first character that is not a hex digit
    const written = this.#buffer.write(digits, this.#length, byteLength, "hex");
    if (written !== byteLength) {
      throw new InvariantError(`not hex: ${digits.slice(0, 80)}`);
    }
    this.#length += byteLength;
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
  }
}

/**
 * The bytes are not what an encoder of this package writes: cut short, or not canonical.
 * Files turn it into a ParallelError; over shared memory it is a bug.
 */
export class DecodeError extends Error {
  /** where in the bytes, from their start */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = "DecodeError";
    this.offset = offset;
  }
}

/** Reads what a ByteWriter wrote; every method throws DecodeError on truncated or odd bytes. */
export class ByteReader {
  /** Of the plain class: a slice of a Buffer would be a Buffer. */
  readonly #bytes: Uint8Array;
  /** The same; null until Node's codecs are needed. */
  #buffer: Buffer | null = null;
  readonly #end: number;
  #offset: number;

  /**
   * May be a view of a SharedArrayBuffer: everything returned is a copy. Who reads many pieces of one
   * memory saves the views of them by naming their places.
   * @param start @param end where the first byte to read is, and the one after the last
   */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      : bytes;
    this.#offset = start;
    this.#end = end;
  }

  /** Place in the bytes that the reader was made of. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** Throws unless every byte was read. */
  end(): void {
    if (this.remaining !== 0) {
      throw new DecodeError(`${this.remaining} bytes too many`, this.#offset);
    }
  }

  u8(): number {
    const value = this.#bytes[this.#take(1, "a byte")];
    if (value === undefined) {
      throw new InvariantError("byte within bounds is undefined");
    }
    return value;
  }

  bool(): boolean {
    const value = this.u8();
    if (value > 1) {
      throw new DecodeError(`expected a boolean (0 or 1), got ${value}`, this.#offset - 1);
    }
    return value === 1;
  }

  u32(): number {
    return this.#codecs().readUInt32LE(this.#take(4, "4 bytes"));
  }

  float(): number {
    return this.#codecs().readDoubleLE(this.#take(8, "a double"));
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) {
        throw new DecodeError("integer above 2^53-1", this.#offset);
      }
      if (byte < 0x80) {
        this.#requireMinimal(byte, scale > 1);
        return value;
      }
      scale *= 0x80;
    }
  }

  bigVarint(): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#requireMinimal(byte, shift > 0n);
        return value;
      }
      shift += 7n;
    }
  }

  uint(): bigint {
    const length = this.u8();
    if (length === 0) {
      return 0n;
    }
    const start = this.#take(length, "an integer");
    if (this.#bytes[start] === 0) {
      throw new DecodeError("integer with a leading zero byte", start);
    }
    return bytesToBigInt(this.#bytes, start, start + length);
  }

  int(): bigint {
    const zigzag = this.uint();
    return (zigzag & 1n) === 0n ? zigzag >> 1n : -((zigzag + 1n) >> 1n);
  }

  fixed(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.slice(start, start + length);
  }

  /** @param pool has the copy; absent = memory of its own */
  lengthPrefixed(pool?: BytePool): Uint8Array {
    const length = this.varint();
    if (pool === undefined) {
      return this.fixed(length);
    }
    const start = this.#take(length);
    return pool.copy(this.#bytes, start, start + length);
  }

  text(): string {
    const length = this.varint();
    const start = this.#take(length, `text of ${length} bytes`);
    return this.#codecs().toString("utf8", start, start + length);
  }

  fixedHex(byteLength: number): Hex {
    const start = this.#take(byteLength);
    return hexText(this.#bytes, start, start + byteLength);
  }

  address(): Address {
    return addressText(this.#bytes, this.#take(ADDRESS_BYTES));
  }

  hex(): Hex {
    return this.fixedHex(this.varint());
  }

  #codecs(): Buffer {
    const bytes = this.#bytes;
    this.#buffer ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#buffer;
  }

  #requireMinimal(lastByte: number, several: boolean): void {
    if (several && lastByte === 0) {
      throw new DecodeError("integer not in its shortest form", this.#offset - 1);
    }
  }

  /**
   * Moves past `length` bytes and returns where they start.
   * @param what default: so many bytes
   */
  #take(length: number, what?: string): number {
    const start = this.#offset;
    if (length > this.remaining) {
      throw new DecodeError(`bytes end in the middle of ${what ?? `${length} bytes`}`, start);
    }
    this.#offset = start + length;
    return start;
  }
}
