/**
 * Whether blocks take less time on threads or in the calling thread alone, by kind of block: it depends on
 * the transactions (how much work each is, how often they meet) and on the machine, and what was measured
 * knows both.
 *
 * Owns: the measurements and what follows from them. Does not own: where a block runs in the end.
 *
 * The slower side is tried as often as an allowance of time permits: seldom if it is far behind. Threads get
 * more at first, since what runs seldom stays slow: it takes some dozen blocks until code is compiled for good
 * in all of them. So do both sides when the latest comparison says something else than those before it.
 */
import { type Side, SideComparison, TRIAL_BLOCKS } from "./side-comparison";

/** Share of the time of a kind's blocks that trials may cost. */
const ALLOWANCE = 1 / 32;
/** The same while all comparisons agree. */
const SURE_ALLOWANCE = 1 / 128;
/** The same while it is in doubt which side is faster. */
const DOUBT_ALLOWANCE = 1 / 4;
/** Threads may become faster until so many blocks of the kind have run on them. */
const COLD_BLOCKS = 128;
/** What a block of a trial is taken to cost at least, as a share of the faster side's time. */
const LEAST_COST = 1 / 4;
/** The calling thread is chosen if blocks take this many times as long on threads. */
const CLEARLY = 1.05;
/** The same while threads may still become faster. */
const CLEARLY_WHILE_COLD = 1.3;
/** Kinds remembered. */
const LIMIT = 1024;

interface Pace {
  /** blocks that ran on threads */
  onThreads: number;
  readonly comparison: SideComparison;
  /** blocks, and what they took longer than on the faster side, in blocks there */
  total: number;
  lost: number;
}

export class PaceHistory {
  readonly #paces = new Map<string, Pace>();

  /** Says why the next block of this kind should run in the calling thread alone; null = on threads. */
  reasonToRunAlone(kind: string): string | null {
    const pace = this.#paceOf(kind);
    const { ratio, run } = pace.comparison;
    if (pace.onThreads === 0) {
      return null;
    }
    const begun = run !== null && run.length < TRIAL_BLOCKS ? run.side : null;
    if (ratio === null) {
      return begun === "threads"
        ? null
        : "to compare: blocks like this one have run on threads only";
    }
    const faster = fasterSide(pace, ratio);
    // A trial begins where the faster side has run: one that has ended does not go on.
    const isDue = run?.side === faster && this.#mayTry(pace, ratio, faster);
    const next = begun ?? (isDue ? otherSide(faster) : faster);
    if (next === "threads") {
      return null;
    }
    return faster === "threads"
      ? "to compare: blocks like this one have run on threads for a while"
      : `blocks like this one took ${ratio.toPrecision(2)} times as long on threads as in the calling thread`;
  }

  /** May the next blocks run on the slower side? */
  #mayTry({ comparison, onThreads, total, lost }: Pace, ratio: number, faster: Side): boolean {
    const isInDoubt =
      (faster === "alone" && onThreads < COLD_BLOCKS) ||
      fasterSide({ onThreads }, comparison.latestRatio ?? ratio) !== faster;
    const cost = lost + TRIAL_BLOCKS * trialCost(Math.max(ratio, 1 / ratio));
    const calm = comparison.isUnanimous ? SURE_ALLOWANCE : ALLOWANCE;
    return cost <= total * (isInDoubt ? DOUBT_ALLOWANCE : calm);
  }

  /** @param milliseconds per transaction */
  note(kind: string, side: Side, milliseconds: number): void {
    const pace = this.#paceOf(kind);
    const { comparison } = pace;
    const before = comparison.ratio;
    comparison.note(side, milliseconds);
    const { other } = comparison;
    if (before !== null && other !== null && fasterSide(pace, before) !== side) {
      pace.lost += trialCost(milliseconds / other);
    }
    pace.total++;
    pace.onThreads += side === "threads" ? 1 : 0;
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
  return { onThreads: 0, comparison: new SideComparison(), total: 0, lost: 0 };
}

/** @param ratio see SideComparison */
function fasterSide({ onThreads }: Pick<Pace, "onThreads">, ratio: number): Side {
  return ratio > (onThreads < COLD_BLOCKS ? CLEARLY_WHILE_COLD : CLEARLY) ? "alone" : "threads";
}

function otherSide(side: Side): Side {
  return side === "threads" ? "alone" : "threads";
}

/** Of a block that takes so many times as long as on the other side, in blocks there. */
function trialCost(slowdown: number): number {
  return Math.max(slowdown - 1, LEAST_COST);
}
