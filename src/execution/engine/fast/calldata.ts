/**
 * What a frame is called with. Of an inner frame it is a part of its caller's memory and no copy: copying
 * 32 KB takes longer than all the rest of a call, and a memory stays as it is while its frame waits.
 *
 * Owns: where the bytes are, also after WebAssembly's memory has grown, which empties all views of it.
 */
import type { Memory } from "./memory";

export class Calldata {
  /** bytes */
  readonly length: number;
  readonly #memory: Memory | null;
  readonly #start: number;
  #bytes: Uint8Array;

  private constructor(bytes: Uint8Array, memory: Memory | null, start: number) {
    this.length = bytes.length;
    this.#bytes = bytes;
    this.#memory = memory;
    this.#start = start;
  }

  static of(bytes: Uint8Array): Calldata {
    return new Calldata(bytes, null, 0);
  }

  /** Active bytes of a memory that nobody writes to until the called frame has ended. */
  static within(memory: Memory, start: number, length: number): Calldata {
    return new Calldata(memory.view(start, length), memory, start);
  }

  /** Not to be kept: the memory goes on after the call. */
  get bytes(): Uint8Array {
    if (this.#bytes.length !== this.length && this.#memory !== null) {
      this.#bytes = this.#memory.view(this.#start, this.length);
    }
    return this.#bytes;
  }
}
