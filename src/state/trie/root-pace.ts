/**
 * Where roots are made in less time: in the calling thread, or in another one while the calling thread
 * does something else. Which it is depends on the machine and on its other work: a thread that has slept
 * for long begins with cold caches.
 *
 * Owns: what earlier roots cost on each side. Does not own: how much is left to do on a side; who has
 * made the last roots elsewhere has to catch up first (`backlog`).
 */
import { measuredPace } from "../measured-pace";

export type RootSide = "here" | "there";

/**
 * Roots made on one side before the other is tried again: at first, and at most. A try takes in all that
 * changed since the last one, so unlike a block's (pace-history.ts) it becomes no cheaper by waiting.
 */
const FIRST_RETRY = 8;
const LAST_RETRY = 256;
/** changes; who is farther behind is not asked again, since it might never pay any more */
const MAX_BACKLOG = 1 << 16;

/** What decides where a root is made. */
export interface RootChoice {
  /**
   * Where to make the next root.
   * @param backlog changes that each side would have to take in
   */
  choose(backlog: Readonly<Record<RootSide, number>>): RootSide;
  /** @param milliseconds that the calling thread spent, or waited */
  note(side: RootSide, milliseconds: number, changes: number): void;
}

export class RootPace implements RootChoice {
  /** ms of the calling thread for each change; null = not known yet */
  readonly #paces: Record<RootSide, number | null> = { here: null, there: null };
  #side: RootSide = "there";
  #roots = 0;
  #retry = FIRST_RETRY;

  choose(backlog: Readonly<Record<RootSide, number>>): RootSide {
    const other = this.#side === "here" ? "there" : "here";
    if (backlog[other] > MAX_BACKLOG && backlog[this.#side] <= MAX_BACKLOG) {
      return this.#side;
    }
    if (this.#paces[this.#side] === null) {
      return this.#side;
    }
    if (this.#paces[other] === null || this.#roots >= this.#retry) {
      return other;
    }
    return this.#side;
  }

  note(side: RootSide, milliseconds: number, changes: number): void {
    const before = this.#paces[side];
    this.#paces[side] = measuredPace(before, milliseconds / Math.max(1, changes));
    const { here, there } = this.#paces;
    if (here === null || there === null) {
      return;
    }
    const faster: RootSide = here < there ? "here" : "there";
    if (faster !== this.#side) {
      this.#side = faster;
      this.#roots = 0;
      this.#retry = FIRST_RETRY;
    } else if (side === this.#side) {
      this.#roots++;
    } else if (before !== null) {
      this.#roots = 0;
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
    }
  }
}
