/**
 * What an incarnation learned about one balance or nonce: an interval of values before its own
 * writes, narrowed by every question it asked.
 *
 * Invariant: the number that was read lies in [min, max], and every answer given so far would have
 * been the same for any other number in it.
 */
import { invariant } from "../errors/base-error";
import { PRE_STATE_ORIGIN, type ReadOrigin, UNBOUNDED } from "../state/read-set";
import type { LocationId, LocationReader } from "./location-reader";

export class ObservedNumber {
  /** The value below the incarnation; undefined until it was read. */
  before: bigint | undefined = undefined;
  origin: ReadOrigin = PRE_STATE_ORIGIN;
  /** where it was read, 0 = not known */
  location: LocationId = 0;
  /** The transaction whose probable change is in it, so that only bounds can be observed; -1 = none. */
  unfinished = -1;
  min = 0n;
  max = UNBOUNDED;

  load(value: bigint, { origin, location }: Pick<LocationReader, "origin" | "location">): void {
    this.before = value;
    this.origin = origin;
    this.location = location;
  }

  /** Is the value before at least `bound`? Narrows the interval by the answer. */
  isAtLeast(bound: bigint): boolean {
    invariant(this.before !== undefined, "a number is observed before it was read");
    if (this.before >= bound) {
      if (bound > this.min) {
        this.min = bound;
      }
      return true;
    }
    if (bound - 1n < this.max) {
      this.max = bound - 1n;
    }
    return false;
  }

  /** As if it had not been read. */
  forget(): void {
    this.before = undefined;
    this.origin = PRE_STATE_ORIGIN;
    this.location = 0;
    this.unfinished = -1;
    this.widen({ min: 0n, max: UNBOUNDED });
  }

  /** Takes back the questions asked since the interval was this one. */
  widen({ min, max }: Pick<ObservedNumber, "min" | "max">): void {
    this.min = min;
    this.max = max;
  }

  /** The value before, observed exactly. */
  exact(): bigint {
    invariant(this.before !== undefined, "a number is observed before it was read");
    this.min = this.before;
    this.max = this.before;
    return this.before;
  }
}
