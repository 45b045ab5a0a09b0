/**
 * Memory of one block that every thread writes and none frees: a SharedArrayBuffer with a bump
 * pointer.
 *
 * Owns: allocation. Does not own: what is stored. An index is a position in `words` (4 bytes), always
 * even, so that `index >> 1` is the same place in `longs`. Index 0 is never handed out and means
 * "none".
 *
 * Invariants: an allocation belongs to one thread until it publishes its index through an atomic
 * store; what was published is not changed except through Atomics. A thread takes the shared
 * pointer once per CHUNK words, so that threads do not fight over it.
 */
import type { WordViews } from "../state/shared/words";
import { CapacityExceeded } from "./capacity-exceeded";

const NEXT_FREE = 0;
const HEADER_WORDS = 16;
/** words that a thread takes at once */
const CHUNK = 2048;

export class SharedArena {
  readonly words: Int32Array;
  readonly longs: BigUint64Array;
  readonly bytes: Uint8Array;
  /** The same as `words` and `longs`, without a sign. */
  readonly views: WordViews;
  /** Grows with every `reset` of this object: who reads later than that reads another block's. */
  generation = 0;
  #next = 0;
  #end = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.longs = new BigUint64Array(buffer);
    this.views = { words: new Uint32Array(buffer), bigs: this.longs };
    this.bytes = new Uint8Array(buffer);
  }

  /** Forgets everything. Only while no other thread uses the arena. */
  reset(): void {
    Atomics.store(this.words, NEXT_FREE, HEADER_WORDS);
    this.generation++;
    this.#next = 0;
    this.#end = 0;
  }

  /** Zeroed words. Throws CapacityExceeded. */
  allocate(count: number): number {
    const size = (count + 1) & ~1;
    if (this.#next + size > this.#end) {
      if (size >= CHUNK) {
        return this.#take(size);
      }
      this.#next = this.#take(CHUNK);
      this.#end = this.#next + CHUNK;
    }
    const index = this.#next;
    this.#next += size;
    return index;
  }

  #take(size: number): number {
    // A load first, so that failing again and again cannot run the pointer over.
    if (Atomics.load(this.words, NEXT_FREE) + size > this.words.length) {
      throw new CapacityExceeded("arena");
    }
    const index = Atomics.add(this.words, NEXT_FREE, size);
    if (index + size > this.words.length) {
      throw new CapacityExceeded("arena");
    }
    // Here and not in `reset`: by the thread that is going to write there, and has it in its cache then.
    this.words.fill(0, index, index + size);
    return index;
  }
}

/** Bytes of an arena that holds at least `words` words. */
export function arenaBytes(words: number): number {
  return (HEADER_WORDS + Math.ceil(words / CHUNK) * CHUNK) * 4;
}
