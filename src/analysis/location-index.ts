/**
 * Numbers for locations, so that the analysis compares integers instead of strings.
 *
 * A location is numbered per segment: after the chain was reverted the same address may hold
 * another contract, and transactions of two segments are never compared.
 *
 * Owns: the numbering and what is known of each location. Does not own: names (slot-groups.ts).
 */
import { invariant } from "../errors/base-error";
import type { Address, Hash } from "../state/hex";
import { type Location, type LocationKind, locationKey } from "../state/location";

export interface IndexedLocation {
  readonly location: Location;
  /** Number of the account within the segment: equal for all locations of one account. */
  readonly owner: number;
  /** Code whose layout applies, from the first access by a frame; null if no frame touched it. */
  layout: Hash | null;
  /** Bits that some write changed (storage): narrows a packed slot to its written members. */
  changedBits: bigint;
}

export class LocationIndex {
  readonly #numbers = new Map<string, number>();
  readonly #owners = new Map<string, number>();
  readonly #locations: IndexedLocation[] = [];

  get size(): number {
    return this.#locations.length;
  }

  /** The number of a location, new if it was not seen. A read or a write may stand for its location. */
  number(segment: number, location: Location): number {
    const key = `${segment}:${locationKey(location)}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#locations.length;
      this.#numbers.set(key, number);
      this.#locations.push({
        location: plainLocation(location),
        owner: this.owner(segment, location.address),
        layout: null,
        changedBits: 0n,
      });
    }
    return number;
  }

  owner(segment: number, address: Address): number {
    const key = `${segment}:${address}`;
    let owner = this.#owners.get(key);
    if (owner === undefined) {
      owner = this.#owners.size;
      this.#owners.set(key, owner);
    }
    return owner;
  }

  at(number: number): IndexedLocation {
    const indexed = this.#locations[number];
    invariant(indexed !== undefined, `no location has number ${number}`);
    return indexed;
  }

  kind(number: number): LocationKind {
    return this.at(number).location.kind;
  }

  [Symbol.iterator](): IterableIterator<IndexedLocation> {
    return this.#locations.values();
  }
}

/** Only what makes the location: nothing else of a read or a write is kept alive. */
function plainLocation(location: Location): Location {
  return location.kind === "storage"
    ? { kind: location.kind, address: location.address, slot: location.slot }
    : { kind: location.kind, address: location.address };
}
