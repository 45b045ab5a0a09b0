/**
 * Deterministic "random" hashes: each value is the keccak256 of the one before, the first that of a
 * seed. The stock network makes mixHash and parentBeaconBlockRoot this way, and so block hashes are
 * the same in every run.
 */
import { keccak256 } from "../crypto/keccak256";
import { bytesToHex, hexToBytes } from "../state/bytes";
import type { Hash } from "../state/hex";

export class HashChain {
  #next: Hash;

  private constructor(next: Hash) {
    this.#next = next;
  }

  static fromSeed(seed: string): HashChain {
    return new HashChain(bytesToHex(keccak256(new TextEncoder().encode(seed))));
  }

  /** The value that the next block takes; asking does not use it up. */
  get next(): Hash {
    return this.#next;
  }

  /** Sets the next value; those after it follow from it. Also restores a snapshot. */
  set next(value: Hash) {
    this.#next = value;
  }

  /** Uses the next value up and returns it. */
  take(): Hash {
    const value = this.#next;
    this.#next = bytesToHex(keccak256(hexToBytes(value)));
    return value;
  }
}
