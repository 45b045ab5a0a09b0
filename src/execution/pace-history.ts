/**
 * How fast blocks ran on threads and how fast in the calling thread alone, by kind of block: whether
 * threads pay depends on the transactions (how much work each is, how often they meet) and on the
 * machine, and what was measured knows both.
 *
 * Owns: the measurements and what follows from them. Does not own: where a block runs in the end.
 */
import { measuredPace } from "../state/measured-pace";

/** Blocks of a kind on threads before the calling thread is tried, where it is not known from before. */
const FIRST_TRIAL = 4;
/**
 * Of so many blocks of a kind one runs where it is expected to be slower, to see if it still is: often at
 * first, while code is being compiled and threads warm up.
 */
const FIRST_RETRY = 2;
const LAST_RETRY = 16;
/** The calling thread is chosen if its time is below this share of the threads'. */
const CLEARLY = 0.97;
/** Threads that are no slower than so many times the calling thread are given some blocks to warm up. */
const WARMING_UP = 1.5;
/** Kinds remembered. */
const LIMIT = 1024;

interface Pace {
  blocks: number;
  /** blocks that ran on threads */
  onThreads: number;
  /** number of the block that runs where it is expected to be slower, and how many lie before the next */
  trial: number;
  interval: number;
  /** ms per transaction; null = not measured yet */
  threads: number | null;
  alone: number | null;
}

export class PaceHistory {
  readonly #paces = new Map<string, Pace>();

  /**
   * Says why a block of this kind should run in the calling thread alone; null = on threads.
   * Counts the block.
   */
  reasonToRunAlone(kind: string): string | null {
    const pace = this.#paceOf(kind);
    const { blocks, threads, alone } = pace;
    pace.blocks++;
    if (threads === null) {
      pace.trial = blocks + 1 + pace.interval;
      return null;
    }
    if (alone === null) {
      if (blocks < FIRST_TRIAL) {
        return null;
      }
      pace.trial = blocks + pace.interval;
      return "to compare: blocks like this one have run on threads only";
    }
    if (pace.onThreads < FIRST_TRIAL && threads < alone * WARMING_UP) {
      pace.trial = blocks + 1 + pace.interval;
      return null;
    }
    const isFaster = alone < threads * CLEARLY;
    if (blocks >= pace.trial) {
      pace.interval = Math.min(pace.interval * 2, LAST_RETRY);
      pace.trial = blocks + pace.interval;
      return isFaster ? null : "to compare: blocks like this one have run on threads for a while";
    }
    return isFaster
      ? `blocks like this one took ${text(alone)} ms a transaction in the calling thread, ${text(threads)} ms on threads`
      : null;
  }

  /** @param milliseconds per transaction */
  note(kind: string, where: "threads" | "alone", milliseconds: number): void {
    const pace = this.#paceOf(kind);
    pace.onThreads += where === "threads" ? 1 : 0;
    pace[where] = measuredPace(pace[where], milliseconds);
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
  return { blocks: 0, onThreads: 0, trial: 0, interval: FIRST_RETRY, threads: null, alone: null };
}

function text(milliseconds: number): string {
  return milliseconds.toPrecision(2);
}
