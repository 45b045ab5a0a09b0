/**
 * keccak256 preimages, found by a slot that lies at a hash or a little above it: the members of a
 * struct and the elements of an array follow the hash of their root (predecessor search).
 *
 * Owns: the search. Does not own: where preimages come from, what they mean.
 */

/** How far above a root a slot may lie (slots). Two hashes this close do not occur by chance. */
export const MAX_DISTANCE = 1n << 40n;

export interface Root {
  readonly hash: bigint;
  readonly preimage: Uint8Array;
}

/** Roots are kept by their upper bits: what follows a root shares them or has the next number. */
const BUCKET_BITS = 128n;

export class PreimageIndex {
  readonly #buckets = new Map<bigint, Root[]>();
  #size = 0;

  /** Number of preimages. */
  get size(): number {
    return this.#size;
  }

  /** Adds a preimage; a hash that is there already stays as it is. */
  add(hash: bigint, preimage: Uint8Array): void {
    const key = hash >> BUCKET_BITS;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, [{ hash, preimage }]);
    } else if (bucket.some((root) => root.hash === hash)) {
      return;
    } else {
      bucket.push({ hash, preimage });
    }
    this.#size += 1;
  }

  /** Roots at or below the slot, not further than MAX_DISTANCE, nearest first. */
  below(slot: bigint): Root[] {
    const key = slot >> BUCKET_BITS;
    const near = [...(this.#buckets.get(key) ?? []), ...(this.#buckets.get(key - 1n) ?? [])];
    return near
      .filter(({ hash }) => hash <= slot && slot - hash < MAX_DISTANCE)
      .sort((left, right) => (left.hash < right.hash ? 1 : -1));
  }
}
