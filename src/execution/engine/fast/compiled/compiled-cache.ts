/** Bounds the memory of compiled code: what was used longest ago is dropped, and its code is cold again. */
import type { Heat } from "./heat";

/** jumps before a code that was dropped for others is compiled anew */
const JUMPS_TO_COME_BACK = 10_000;

export class CompiledCache {
  /** least recently used first, as a Map iterates in order of insertion */
  readonly #bytes = new Map<Heat, number>();
  readonly #capacity: number;
  #total = 0;
  #latest: Heat | null = null;

  /** @param capacity bytes; the code that runs is kept even if it is larger */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(heat: Heat, bytes: number): void {
    this.#bytes.set(heat, bytes);
    this.#latest = heat;
    this.#total += bytes;
    for (const oldest of this.#bytes.keys()) {
      if (this.#total <= this.#capacity || oldest === heat) {
        break;
      }
      this.drop(oldest);
      oldest.cool(JUMPS_TO_COME_BACK);
    }
  }

  /** The code runs now. */
  use(heat: Heat): void {
    if (heat === this.#latest) {
      return;
    }
    const bytes = this.#bytes.get(heat);
    if (bytes !== undefined) {
      this.#bytes.delete(heat);
      this.#bytes.set(heat, bytes);
      this.#latest = heat;
    }
  }

  drop(heat: Heat): void {
    this.#total -= this.#bytes.get(heat) ?? 0;
    this.#bytes.delete(heat);
    heat.cool(-1);
  }
}
