/**
 * The one memory that all compiled code of a thread works on: a region for each frame that has run in
 * WebAssembly, innermost last.
 *
 * Owns: which bytes belong to whom. Invariant: beyond the active bytes of the innermost region everything
 * is zero. A frame's memory grows only while it is the innermost: the others wait for it.
 */

import { PAGE_BYTES, type WasmMemory, type WebAssemblyApi } from "../../../../crypto/web-assembly";
import { invariant } from "../../../../errors/base-error";
import type { Calldata } from "../calldata";
import type { Memory, MemoryRegion } from "../memory";
import { WebAssemblyExhausted } from "./exhausted";
import { REGIONS, WORD_BYTES } from "./layout";

const INITIAL_PAGES = 16;
/** A limit of WebAssembly with 32-bit addresses. */
const MAX_PAGES = 65_536;
const ALIGNMENT = 64;

export interface FrameRegion extends MemoryRegion {
  /** Addresses of its parts. */
  readonly stack: number;
  readonly calldata: number;
  readonly memory: number;
  /** items that the stack has room for */
  readonly height: number;
}

interface OpenRegion extends FrameRegion {
  readonly owner: Memory;
}

export class LinearMemory {
  readonly memory: WasmMemory;
  /** Views of the whole; replaced when it grows. */
  bytes: Uint8Array;
  words32: Uint32Array;
  words64: BigUint64Array;
  numbers: Float64Array;
  readonly #open: OpenRegion[] = [];

  constructor(api: WebAssemblyApi) {
    this.memory = new api.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.words32 = new Uint32Array(buffer);
    this.words64 = new BigUint64Array(buffer);
    this.numbers = new Float64Array(buffer);
  }

  /** bytes */
  get size(): number {
    return this.bytes.length;
  }

  /**
   * A region for a frame inside all others, with its calldata; its memory's bytes move there.
   * @param height items that the stack must have room for
   */
  open(owner: Memory, height: number, calldata: Calldata): FrameRegion {
    const stack = this.#top;
    const calldataStart = stack + height * WORD_BYTES;
    // 32 zeros follow the calldata
    const start = aligned(calldataStart + calldata.length + WORD_BYTES);
    const region: OpenRegion = {
      stack,
      calldata: calldataStart,
      memory: start,
      height,
      owner,
      reserve: (size) => this.#grow(start + size),
      release: () => this.#close(region),
    };
    this.#grow(start + owner.size);
    this.bytes.set(calldata.bytes, calldataStart);
    owner.moveTo(region, this.bytes.subarray(start));
    this.#open.push(region);
    return region;
  }

  /** Closes the regions of a message that was given up in its middle. */
  closeAll(): void {
    for (let last = this.#open.at(-1); last !== undefined; last = this.#open.at(-1)) {
      last.owner.clear();
    }
  }

  get #top(): number {
    const innermost = this.#open.at(-1);
    return innermost === undefined ? REGIONS : aligned(innermost.memory + innermost.owner.size);
  }

  #close(region: OpenRegion): void {
    invariant(this.#open.pop() === region, "regions close innermost first");
    this.bytes.fill(0, region.stack, region.memory + region.owner.size);
  }

  /** Room up to `end` at least; doubles where possible. Throws WebAssemblyExhausted where there is not that much. */
  #grow(end: number): void {
    const missing = Math.ceil((end - this.size) / PAGE_BYTES);
    if (missing <= 0) {
      return;
    }
    const pages = this.size / PAGE_BYTES;
    const more = Math.max(missing, Math.min(pages, MAX_PAGES - pages));
    if (!this.#hasGrown(more) && !(more > missing && this.#hasGrown(missing))) {
      throw new WebAssemblyExhausted();
    }
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.words32 = new Uint32Array(buffer);
    this.words64 = new BigUint64Array(buffer);
    this.numbers = new Float64Array(buffer);
    for (const { owner, memory } of this.#open) {
      owner.rebase(this.bytes.subarray(memory));
    }
  }

  #hasGrown(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch (error) {
      if (error instanceof RangeError) {
        return false;
      }
      throw error;
    }
  }
}

function aligned(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
