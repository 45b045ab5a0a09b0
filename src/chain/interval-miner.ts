/**
 * Mines in intervals: a fixed number of milliseconds, or one drawn anew for each block from a range.
 *
 * Owns: the timer, which never keeps the process alive. Does not own: mining.
 */
import { isParallelError } from "../errors/base-error";
export type MiningInterval = number | readonly [number, number];

export class IntervalMiner {
  readonly #mine: () => Promise<unknown>;
  #timer: NodeJS.Timeout | null = null;
  /** Counts settings; a run that belongs to an older one ends. */
  #generation = 0;

  constructor(mine: () => Promise<unknown>) {
    this.#mine = mine;
  }

  /** Starts with this interval instead of the one before; 0 = off. */
  set(interval: MiningInterval): void {
    this.stop();
    if (interval !== 0) {
      this.#schedule(interval, 0);
    }
  }

  /** A block that is being mined is still finished. */
  stop(): void {
    this.#generation++;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  /** `elapsed`: ms of the interval that have already passed. */
  #schedule(interval: MiningInterval, elapsed: number): void {
    const generation = this.#generation;
    const delay = Math.max(0, draw(interval) - elapsed);
    this.#timer = setTimeout(() => {
      const started = performance.now();
      this.#mine().then(
        () => {
          if (generation === this.#generation) {
            this.#schedule(interval, performance.now() - started);
          }
        },
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          // A fork's remote may come back; anything else would only fail again.
          const goesOn = isParallelError(error) && generation === this.#generation;
          process.emitWarning(
            `Interval mining ${goesOn ? "mined no block" : "has stopped"}: ${message}`,
            { code: "HARDHAT_PARALLEL_INTERVAL_MINING" },
          );
          if (goesOn) {
            this.#schedule(interval, 0);
          }
        },
      );
    }, delay).unref();
  }
}

/** ms, both ends of a range included */
function draw(interval: MiningInterval): number {
  if (typeof interval === "number") {
    return interval;
  }
  const [min, max] = interval;
  return min + Math.floor(Math.random() * (max - min + 1));
}
