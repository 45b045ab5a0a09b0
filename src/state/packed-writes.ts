/**
 * A transaction's writes as words in memory that somebody else keeps, so that they reach the tables
 * without becoming numbers, texts and objects first.
 *
 * Owns: the form. Does not own: the memory (execution/version-writes.ts), what a write means
 * (write-set.ts).
 */
import { LOCATION_KINDS, type LocationKind } from "./location";
import type { WordViews } from "./shared/words";

/** Of a list of places: what a write is, and where its words begin. */
export const PLACE = { kind: 0, address: 1, slot: 2, value: 3, negative: 4 } as const;
export const PLACE_WORDS = 5;

/** Kinds that can be packed, as numbers. */
export const PACKED_KIND = {
  balance: kindNumber("balance"),
  nonce: kindNumber("nonce"),
  storage: kindNumber("storage"),
} as const;

function kindNumber(kind: LocationKind): number {
  return LOCATION_KINDS.indexOf(kind);
}

const NO_PLACES = new Int32Array(0);

/** Places of many writes, one after the other. */
export class PlaceList {
  places: Int32Array = NO_PLACES;
  /** numbers in use */
  length = 0;

  /** Forgets them, and keeps the room. Only once nobody asks for packed writes of this list any more. */
  clear(): void {
    this.length = 0;
  }

  /** Room for so many more writes; returns where it begins. */
  reserve(writes: number): number {
    const start = this.length;
    this.length += writes * PLACE_WORDS;
    if (this.length > this.places.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.places.subarray(0, start));
      this.places = larger;
    }
    return start;
  }
}

/**
 * No codes, no beginnings and ends of accounts. Each write has PLACE_WORDS numbers: its kind, and
 * indices of 32-bit words in the memory: of an address of 5 words, a slot and a value of 8 (even
 * indices; words.ts), as far as the kind has them. The value of a balance is the size of its change,
 * `negative` 1 if it is one downwards.
 */
export interface PackedWrites {
  readonly memory: WordViews;
  readonly list: PlaceList;
  /** index in the list of the first of them, and their number */
  readonly start: number;
  readonly count: number;
}
