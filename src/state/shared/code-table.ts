/**
 * All contract codes, by code hash: rows, an index, and one arena with the bytes.
 *
 * Owns: storing each code once, for ever (an undone deployment leaves its code behind: it is
 * content-addressed, so it can only be found again by the same hash), and one plain copy per thread.
 * Does not own: which account has which code.
 *
 * Row of 10 32-bit words: code hash (8, bytes in reading order), offset and length in the arena.
 */
import { invariant } from "../../errors/base-error";
import { bytesToHex, hexToBytes } from "../bytes";
import { EMPTY_CODE_HASH, type Hash } from "../hex";
import { HashIndex } from "./hash-index";
import { equalWords } from "./words";

const STRIDE = 10;
const HASH_WORDS = 8;
const OFFSET_FIELD = 8;
const LENGTH_FIELD = 9;
const NO_CODE = new Uint8Array(0);

export class CodeTable {
  #rows: Uint32Array;
  #index: HashIndex;
  #arena: Uint8Array;
  /** The writer's counters; readers do not need them. */
  #count = 0;
  #arenaUsed = 0;

  /** Ids are never reused, so what this thread has seen stays true. */
  readonly #hashes: Hash[] = [EMPTY_CODE_HASH];
  readonly #ids = new Map<Hash, number>([[EMPTY_CODE_HASH, 0]]);
  readonly #codes = new Map<Hash, Uint8Array>([[EMPTY_CODE_HASH, NO_CODE]]);

  constructor(rows: SharedArrayBuffer, index: SharedArrayBuffer, arena: SharedArrayBuffer) {
    this.#rows = new Uint32Array(rows);
    this.#index = new HashIndex(index);
    this.#arena = new Uint8Array(arena);
  }

  /** capacity: codes (a power of two); arenaBytes: bytes of all codes. */
  static create(capacity: number, arenaBytes: number): CodeTable {
    return new CodeTable(
      new SharedArrayBuffer(capacity * STRIDE * 4),
      HashIndex.forRows(capacity).buffer,
      new SharedArrayBuffer(arenaBytes),
    );
  }

  get buffers(): [rows: SharedArrayBuffer, index: SharedArrayBuffer, arena: SharedArrayBuffer] {
    // The casts: both arrays were made over SharedArrayBuffers, here and in `add`.
    return [
      this.#rows.buffer as SharedArrayBuffer,
      this.#index.buffer,
      this.#arena.buffer as SharedArrayBuffer,
    ];
  }

  /** Code hash of a code id. */
  hash(id: number): Hash {
    const known = this.#hashes[id];
    if (known !== undefined) {
      return known;
    }
    const start = (id - 1) * STRIDE;
    const hash = bytesToHex(new Uint8Array(this.#rows.slice(start, start + HASH_WORDS).buffer));
    this.#hashes[id] = hash;
    return hash;
  }

  /** Id of a code hash, -1 if the code is not here. */
  id(hash: Hash): number {
    const known = this.#ids.get(hash);
    if (known !== undefined) {
      return known;
    }
    const key = keyOf(hash);
    const start = key[0] ?? 0;
    for (let position = this.#index.start(start); ; position = this.#index.next(position)) {
      const row = this.#index.rowAt(position);
      if (row === -1) {
        return -1;
      }
      if (equalWords(this.#rows, row * STRIDE, key, HASH_WORDS)) {
        this.#ids.set(hash, row + 1);
        return row + 1;
      }
    }
  }

  /** Bytes of a code, not to be changed. Throws InvariantError if the hash is unknown. */
  code(hash: Hash): Uint8Array {
    const known = this.#codes.get(hash);
    if (known !== undefined) {
      return known;
    }
    const id = this.id(hash);
    invariant(id !== -1, () => `no code with hash ${hash}`);
    const start = (id - 1) * STRIDE;
    const offset = this.#rows[start + OFFSET_FIELD] ?? 0;
    // A copy: engines and libraries expect bytes that are not shared, and it is made once a thread.
    const code = this.#arena.slice(offset, offset + (this.#rows[start + LENGTH_FIELD] ?? 0));
    this.#codes.set(hash, code);
    return code;
  }

  /** Stores a code that is not here yet. Returns true if buffers were replaced. */
  add(hash: Hash, code: Uint8Array): boolean {
    const grew = this.#reserve(code.length);
    const row = this.#count++;
    const key = keyOf(hash);
    this.#rows.set(key, row * STRIDE);
    this.#rows[row * STRIDE + OFFSET_FIELD] = this.#arenaUsed;
    this.#rows[row * STRIDE + LENGTH_FIELD] = code.length;
    this.#arena.set(code, this.#arenaUsed);
    this.#arenaUsed += code.length;
    this.#index.insert((key[0] ?? 0) | 0, row);
    return grew;
  }

  #reserve(bytes: number): boolean {
    let grew = false;
    const capacity = this.#rows.length / STRIDE;
    if (this.#count === capacity) {
      const rows = new Uint32Array(new SharedArrayBuffer(this.#rows.byteLength * 2));
      rows.set(this.#rows);
      this.#index = this.#index.copyFor(capacity * 2, this.#count);
      this.#rows = rows;
      grew = true;
    }
    const needed = this.#arenaUsed + bytes;
    invariant(needed < 2 ** 32, "contract codes exceed 4 GiB");
    if (needed > this.#arena.length) {
      const arena = new Uint8Array(
        new SharedArrayBuffer(Math.max(this.#arena.length * 2, needed * 2)),
      );
      arena.set(this.#arena.subarray(0, this.#arenaUsed));
      this.#arena = arena;
      grew = true;
    }
    return grew;
  }
}

function keyOf(hash: Hash): Uint32Array {
  const bytes = hexToBytes(hash);
  invariant(bytes.length === 32, () => `"${hash}" is not a code hash`);
  return new Uint32Array(bytes.buffer);
}
