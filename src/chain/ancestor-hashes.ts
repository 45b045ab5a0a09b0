/**
 * What BLOCKHASH sees: the hashes of up to 256 ancestors of a block.
 *
 * Blocks are built and calls are made on blocks that follow on each other, so two windows that move
 * along spare making 256 entries for every execution.
 *
 * Owns: the windows. A returned map is valid until the next call of `of`.
 */
import type { Hash } from "../state/hex";

/** How far back the BLOCKHASH opcode sees (yellow paper, appendix H). */
const ANCESTORS = 256n;

interface Window {
  number: bigint;
  readonly hashes: Map<bigint, Hash>;
}

export class AncestorHashes {
  readonly #hashOf: (number: bigint) => Hash | undefined;
  /** of the next block and of the latest: most recently used first */
  #windows: Window[] = [];

  /** @param hashOf undefined for a fork's ancestors that are not fetched: they are left out */
  constructor(hashOf: (number: bigint) => Hash | undefined) {
    this.#hashOf = hashOf;
  }

  /** Hashes of the known ancestors of block `number`. */
  of(number: bigint): ReadonlyMap<bigint, Hash> {
    const window =
      this.#windows.find((candidate) => candidate.number === number) ??
      this.#advanced(number) ??
      this.#fresh(number);
    this.#windows = [window, ...this.#windows.filter((other) => other !== window)].slice(0, 2);
    return window.hashes;
  }

  /** The chain has lost blocks. */
  clear(): void {
    this.#windows = [];
  }

  #advanced(number: bigint): Window | undefined {
    const window = this.#windows.find((candidate) => candidate.number + 1n === number);
    if (window !== undefined) {
      this.#put(window.hashes, window.number);
      window.hashes.delete(number - ANCESTORS - 1n);
      window.number = number;
    }
    return window;
  }

  #fresh(number: bigint): Window {
    const hashes = new Map<bigint, Hash>();
    for (let n = number > ANCESTORS ? number - ANCESTORS : 0n; n < number; n++) {
      this.#put(hashes, n);
    }
    return { number, hashes };
  }

  #put(hashes: Map<bigint, Hash>, number: bigint): void {
    const hash = this.#hashOf(number);
    if (hash !== undefined) {
      hashes.set(number, hash);
    }
  }
}
