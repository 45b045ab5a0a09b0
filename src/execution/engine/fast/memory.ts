/**
 * A frame's memory: bytes that grow by words (yellow paper, section 9.1) and their price
 * (appendix H.1: 3 gas a word plus words squared over 512).
 *
 * Owns: the count of active words, and the bytes until a region takes them over. Does not own: charging.
 * Invariant: `bytes` is at least as long as the active words and zero beyond what was written.
 */
import { writeBytes32 } from "../../../state/bytes";
import { loadWord } from "./words";

const WORD_GAS = 3;
const QUADRATIC_DIVISOR = 512;
const UINT32 = 2 ** 32;
/** No gas limit pays for more: 2^32 bytes cost over 10^13 gas. */
export const MAX_MEMORY_BYTES = 2 ** 32;

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);
/** bytes; larger memory is not used again */
const LARGEST_KEPT = 1 << 16;

/** bytes that are reserved beyond what is needed, at most */
const MOST_AHEAD = 1 << 26;

/** A place for a memory's bytes where compiled code works on them. */
export interface MemoryRegion {
  /** Makes room for `size` bytes; calls `rebase` if they lie elsewhere then. */
  reserve(size: number): void;
  /** Nobody uses the bytes any more. */
  release(): void;
}

export class Memory {
  bytes: Uint8Array = NO_BYTES;
  #view: DataView = NO_VIEW;
  #region: MemoryRegion | null = null;
  /** the bytes of its own while a region has taken over: zeros */
  #own: Uint8Array = NO_BYTES;
  /** active words */
  words = 0;
  /** active bytes (MSIZE) */
  size = 0;

  /** gas to reach `end` bytes; 0 if they are active already */
  expansionGas(end: number): number {
    const words = Math.ceil(end / 32);
    return words <= this.words ? 0 : memoryGas(words) - memoryGas(this.words);
  }

  /** Activates `end` bytes; the caller has charged for them. */
  expand(end: number): void {
    const words = Math.ceil(end / 32);
    if (words <= this.words) {
      return;
    }
    this.words = words;
    const size = words * 32;
    this.size = size;
    if (size > this.bytes.length) {
      if (this.#region !== null) {
        this.#region.reserve(size);
        return;
      }
      // Twice as much, so that growing word by word copies each byte a few times at most.
      const { length } = this.bytes;
      const bytes = new Uint8Array(Math.max(size, length + Math.min(length, MOST_AHEAD), 1024));
      bytes.set(this.bytes);
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
  }

  /**
   * The bytes lie in the region from now on, until the memory is cleared.
   * @param bytes of the region: zeros, at least as many as are active
   */
  moveTo(region: MemoryRegion, bytes: Uint8Array): void {
    bytes.set(this.view(0, this.size));
    this.bytes.fill(0, 0, this.size);
    this.#own = this.bytes;
    this.#region = region;
    this.rebase(bytes);
  }

  /** The region's bytes lie here now. */
  rebase(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Back to size 0, with zeros. */
  clear(): void {
    if (this.#region !== null) {
      this.#region.release();
      this.#region = null;
      this.rebase(this.#own);
      this.words = 0;
      this.size = 0;
      return;
    }
    if (this.bytes.length > LARGEST_KEPT) {
      this.bytes = NO_BYTES;
      this.#view = NO_VIEW;
    } else {
      this.bytes.fill(0, 0, this.size);
    }
    this.words = 0;
    this.size = 0;
  }

  load(offset: number): bigint {
    return loadWord(this.#view, offset);
  }

  store(offset: number, word: bigint): void {
    writeBytes32(this.#view, offset, word);
  }

  /** The word at `offset` if it is below 2^53, else -1. */
  loadNumber(offset: number): number {
    const view = this.#view;
    const upper =
      view.getUint32(offset) |
      view.getUint32(offset + 4) |
      view.getUint32(offset + 8) |
      view.getUint32(offset + 12) |
      view.getUint32(offset + 16) |
      view.getUint32(offset + 20);
    const high = view.getUint32(offset + 24);
    return upper === 0 && high < 0x20_0000 ? high * UINT32 + view.getUint32(offset + 28) : -1;
  }

  /** @param value an integer in [0, 2^53) */
  storeNumber(offset: number, value: number): void {
    const view = this.#view;
    this.bytes.fill(0, offset, offset + 24);
    view.setUint32(offset + 24, value / UINT32);
    view.setUint32(offset + 28, value); // takes the value modulo 2^32
  }

  /** A copy; an empty array for length 0 wherever the offset is. */
  slice(offset: number, length: number): Uint8Array {
    return length === 0 ? new Uint8Array(0) : this.bytes.slice(offset, offset + length);
  }

  /** A view without copying, valid until the next expansion. */
  view(offset: number, length: number): Uint8Array {
    return length === 0 ? new Uint8Array(0) : this.bytes.subarray(offset, offset + length);
  }

  /** Copies `length` bytes of `source` from `from`, zeros where the source has ended. */
  copyFrom(offset: number, source: Uint8Array, from: bigint, length: number): void {
    const start = from < BigInt(source.length) ? Number(from) : source.length;
    const available = Math.min(length, source.length - start);
    this.bytes.set(source.subarray(start, start + available), offset);
    this.bytes.fill(0, offset + available, offset + length);
  }
}

/** gas of a memory of so many words (yellow paper, appendix H.1) */
export function memoryGas(words: number): number {
  return words * WORD_GAS + Math.floor((words * words) / QUADRATIC_DIVISOR);
}
