/** Bounds the memory of compiled code: what ran longest ago is dropped, and its code is cold again. */
import type { Heat } from "./heat";

/** jumps before a code that was dropped for others is compiled anew */
const JUMPS_TO_COME_BACK = 10_000;

export class CompiledCache {
  readonly #kept = new Map<Heat, { readonly bytes: number; lastUse: number }>();
  readonly #capacity: number;
  #total = 0;
  #clock = 0;

  /** @param capacity bytes; the code that runs is kept even if it is larger */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(heat: Heat, bytes: number): void {
    this.#kept.set(heat, { bytes, lastUse: 0 });
    this.use(heat);
    this.#total += bytes;
    while (this.#total > this.#capacity && this.#kept.size > 1) {
      this.#dropOldest();
    }
  }

  /** The code runs now. */
  use(heat: Heat): void {
    const entry = this.#kept.get(heat);
    if (entry !== undefined) {
      entry.lastUse = ++this.#clock;
    }
  }

  /** Does nothing if it is not kept. */
  drop(heat: Heat): void {
    this.#total -= this.#kept.get(heat)?.bytes ?? 0;
    this.#kept.delete(heat);
    heat.cool(-1);
  }

  /** Linear in the number of codes that are kept: rare, and small beside compiling one. */
  #dropOldest(): void {
    let oldest: Heat | null = null;
    let before = Number.POSITIVE_INFINITY;
    for (const [heat, { lastUse }] of this.#kept) {
      if (lastUse < before) {
        oldest = heat;
        before = lastUse;
      }
    }
    if (oldest !== null) {
      this.drop(oldest);
      oldest.cool(JUMPS_TO_COME_BACK);
    }
  }
}
