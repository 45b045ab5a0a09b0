/** A seeded source of choices (mulberry32): the same seed gives the same program, everywhere. */
export class Random {
  #state: number;

  /** @param numbers any of them changes what comes */
  constructor(...numbers: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const number of numbers) {
      this.#state = (this.bits() ^ number) >>> 0;
    }
    this.bits();
  }

  /** 32 bits */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 to limit - 1 */
  below(limit: number): number {
    return this.bits() % limit;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** Throws RangeError if there is nothing to pick from. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) {
      throw new RangeError("expected items to pick from, got none");
    }
    return items[this.below(items.length)] as T; // within the length, by the line above
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.bits() & 0xff);
  }

  /** A 256-bit word: an edge, a power of two give or take one, a short number, or anything. */
  word(): bigint {
    switch (this.below(5)) {
      case 0:
        return this.pick(EDGES);
      case 1:
        return BigInt.asUintN(256, (1n << BigInt(this.below(257))) + BigInt(this.below(3)) - 1n);
      case 2:
        return BigInt.asUintN(256, -BigInt(this.below(1000)));
      case 3:
        return BigInt(this.below(1000));
      default:
        return BigInt(`0x${Buffer.from(this.bytes(1 + this.below(32))).toString("hex")}`);
    }
  }
}

const EDGES: readonly bigint[] = [
  ...[0n, 1n, 2n, 31n, 32n, 33n, 255n, 256n, 257n],
  ...[(1n << 255n) - 1n, 1n << 255n, (1n << 256n) - 1n, (1n << 256n) - 2n],
  ...[(1n << 53n) - 1n, 1n << 53n, (1n << 53n) + 1n, (1n << 63n) - 1n, 1n << 63n],
];
