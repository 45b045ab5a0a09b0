/**
 * How fast blocks ran on threads and how fast in the calling thread alone, by kind of block: whether
 * threads pay depends on the transactions (how much work each is, how often they meet) and on the
 * machine, and what was measured knows both.
 *
 * Owns: the measurements and what follows from them. Does not own: where a block runs in the end.
 *
 * The slower side is tried as often as an allowance of time permits: seldom if it is far behind. Threads get
 * more at first, since what runs seldom stays slow: it takes some dozen blocks until code is compiled for good
 * in all of them.
 */
import { RecentPace } from "./recent-pace";

/** Blocks of a kind on threads before the calling thread is tried, where it is not known from before. */
const FIRST_TRIAL = 4;
/** Share of the time of a kind's blocks that trials may cost. */
const ALLOWANCE = 1 / 32;
/** The same for threads until so many blocks of the kind have run on them. */
const COLD_ALLOWANCE = 1 / 8;
const COLD_BLOCKS = 48;
/** What a trial is taken to cost at least, as a share of the faster side's time. */
const LEAST_COST = 1 / 4;
/** The calling thread is chosen if its time is below this share of the threads'. */
const CLEARLY = 0.97;
/** Kinds remembered. */
const LIMIT = 1024;

interface Pace {
  /** blocks that ran on threads */
  onThreads: number;
  /** ms per transaction */
  readonly threads: RecentPace;
  readonly alone: RecentPace;
  /** ms per transaction, of all blocks together, and what of it the faster side would have saved */
  total: number;
  lost: number;
}

export class PaceHistory {
  readonly #paces = new Map<string, Pace>();

  /** Says why the next block of this kind should run in the calling thread alone; null = on threads. */
  reasonToRunAlone(kind: string): string | null {
    const pace = this.#paceOf(kind);
    const { onThreads, total, lost } = pace;
    const threads = pace.threads.estimate;
    const alone = pace.alone.estimate;
    if (threads === null) {
      return null;
    }
    if (alone === null) {
      return onThreads < FIRST_TRIAL
        ? null
        : "to compare: blocks like this one have run on threads only";
    }
    if (isAloneFaster(pace)) {
      const allowance = onThreads < COLD_BLOCKS ? COLD_ALLOWANCE : ALLOWANCE;
      return lost + trialCost(threads, alone) <= total * allowance
        ? null
        : `blocks like this one took ${text(alone)} ms a transaction in the calling thread, ${text(threads)} ms on threads`;
    }
    return lost + trialCost(alone, threads) <= total * ALLOWANCE
      ? "to compare: blocks like this one have run on threads for a while"
      : null;
  }

  /** @param milliseconds per transaction */
  note(kind: string, where: "threads" | "alone", milliseconds: number): void {
    const pace = this.#paceOf(kind);
    const other = pace[where === "threads" ? "alone" : "threads"].estimate;
    const isTrial = isAloneFaster(pace) === (where === "threads");
    if (isTrial && pace[where].estimate !== null && other !== null) {
      pace.lost += trialCost(milliseconds, other);
    }
    pace.total += milliseconds;
    pace.onThreads += where === "threads" ? 1 : 0;
    pace[where].note(milliseconds);
  }

  #paceOf(kind: string): Pace {
    const known = this.#paces.get(kind) ?? newPace();
    this.#paces.delete(kind);
    this.#paces.set(kind, known); // the last used come last
    if (this.#paces.size > LIMIT) {
      for (const oldest of this.#paces.keys()) {
        this.#paces.delete(oldest);
        break;
      }
    }
    return known;
  }
}

function newPace(): Pace {
  return {
    onThreads: 0,
    threads: new RecentPace(),
    alone: new RecentPace(),
    total: 0,
    lost: 0,
  };
}

function isAloneFaster(pace: Pace): boolean {
  const threads = pace.threads.estimate;
  const alone = pace.alone.estimate;
  return alone !== null && threads !== null && alone < threads * CLEARLY;
}

function trialCost(slower: number, faster: number): number {
  return Math.max(slower - faster, faster * LEAST_COST);
}

function text(milliseconds: number): string {
  return milliseconds.toPrecision(2);
}
