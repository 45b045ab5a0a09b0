/**
 * How fast something is, from its latest measurements, of which some are too slow (other work on the machine,
 * garbage of blocks before) and some too fast (a block in which the collector had nothing to do): neither
 * kind may decide alone, or two sides that are compared change places with every block.
 *
 * Owns: the estimate. Does not own: between what is chosen, and when the slower side is tried again.
 */

/** Measurements that count. */
const LATEST = 10;
/** Which of them, in order of size, is the estimate: slow ones are more frequent than fast ones. */
const QUANTILE = 0.3;

export class RecentPace {
  readonly #latest: number[] = [];
  #estimate: number | null = null;

  /** In the measurements' unit; null = nothing was measured yet. */
  get estimate(): number | null {
    return this.#estimate;
  }

  note(measured: number): void {
    this.#latest.push(measured);
    if (this.#latest.length > LATEST) {
      this.#latest.shift();
    }
    const inOrder = [...this.#latest].sort((a, b) => a - b);
    this.#estimate = inOrder[Math.floor((inOrder.length - 1) * QUANTILE)] ?? null;
  }
}
