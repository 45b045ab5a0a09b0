/**
 * How long blocks of a kind take on threads, as a multiple of what they take in the calling thread alone.
 *
 * Blocks that followed one another are compared, never the latest of one side with some that ran long ago on
 * the other: a machine that was twice as fast a second ago would decide. Of several blocks in a row the mean
 * counts, on either side, since the garbage collector runs in some of them and not in others; the first one on
 * a side does not, since it finds its memory out of the processor's caches.
 *
 * Owns: the comparison. Does not own: what follows from it (pace-history.ts).
 */

/** Where blocks run. */
export type Side = "threads" | "alone";

/** Blocks in a row of which the mean counts. */
const COMPARED_BLOCKS = 4;
/** Blocks in a row on a side until it is compared with the other one: the first does not count. */
export const TRIAL_BLOCKS = COMPARED_BLOCKS + 1;
/** Comparisons that count; the median of them decides. */
const LATEST = 5;

/** Blocks that followed one another on one side. */
interface Run {
  readonly side: Side;
  length: number;
  /** the last COMPARED_BLOCKS at most, without the first of the run if there are others */
  readonly latest: number[];
}

export class SideComparison {
  readonly #ratios: number[] = [];
  #run: Run | null = null;
  #before: number | null = null;
  #ratio: number | null = null;

  /** Time on threads divided by the time alone; null = nothing was compared yet. */
  get ratio(): number | null {
    return this.#ratio;
  }

  /** The same by the latest comparison alone. */
  get latestRatio(): number | null {
    return this.#ratios.at(-1) ?? null;
  }

  /** All comparisons that count, and there are as many as can, found the same side faster. */
  get isUnanimous(): boolean {
    const faster = this.#ratios.filter((ratio) => ratio < 1).length;
    return this.#ratios.length === LATEST && (faster === 0 || faster === LATEST);
  }

  /** The side of the latest block, and how many in a row ran there; null = no block yet. */
  get run(): Pick<Run, "side" | "length"> | null {
    return this.#run;
  }

  /** Mean time of the other side's blocks right before the run, as `note` gets it; null = there were none. */
  get other(): number | null {
    return this.#before;
  }

  /** @param time in any unit, the same one for all blocks */
  note(side: Side, time: number): void {
    if (this.#run?.side !== side) {
      this.#before = this.#run === null ? null : mean(this.#run.latest);
      this.#run = { side, length: 0, latest: [] };
    }
    const { latest } = this.#run;
    if (this.#run.length === 1 || latest.length === COMPARED_BLOCKS) {
      latest.shift();
    }
    latest.push(time);
    this.#run.length++;
    if (this.#run.length === TRIAL_BLOCKS && this.#before !== null) {
      this.#compare(mean(latest), this.#before);
    }
  }

  #compare(here: number, before: number): void {
    this.#ratios.push(this.#run?.side === "threads" ? here / before : before / here);
    if (this.#ratios.length > LATEST) {
      this.#ratios.shift();
    }
    const inOrder = [...this.#ratios].sort((a, b) => a - b);
    this.#ratio = inOrder[inOrder.length >>> 1] ?? null;
  }
}

function mean(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}
