/**
 * The comparisons behind `haveParallelism` and `haveSpeedup`: `.above(0.8)`, `.atLeast(4, { lanes: 8 })`.
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { AssertLater, Judgement } from "./judgement";
import type { Subject } from "./subjects";

/** Lanes of a speed-up that names none, as in the report. */
const DEFAULT_LANES = 8;

export interface ParallelismThreshold {
  /** @param share from 0 (one after the other) to 1 (all at once) */
  above(share: number): Promise<void>;
  below(share: number): Promise<void>;
  atLeast(share: number): Promise<void>;
  atMost(share: number): Promise<void>;
}

export interface LanesOption {
  /** transactions at a time, at least 1; default 8 */
  readonly lanes?: number;
}

export interface SpeedupThreshold {
  /** @param times how many times faster than on one lane */
  above(times: number, options?: LanesOption): Promise<void>;
  below(times: number, options?: LanesOption): Promise<void>;
  atLeast(times: number, options?: LanesOption): Promise<void>;
  atMost(times: number, options?: LanesOption): Promise<void>;
}

const COMPARISONS = {
  above: { holds: (actual: number, limit: number) => actual > limit, words: "above" },
  below: { holds: (actual: number, limit: number) => actual < limit, words: "below" },
  atLeast: { holds: (actual: number, limit: number) => actual >= limit, words: "at least" },
  atMost: { holds: (actual: number, limit: number) => actual <= limit, words: "at most" },
} as const;
type Comparison = keyof typeof COMPARISONS;

/** What is measured: its value, and the words around it. */
interface Measure {
  readonly property: "haveParallelism" | "haveSpeedup";
  readonly noun: string;
  value(subject: Subject, lanes: number): number | null;
  format(value: number): string;
}

const PARALLELISM: Measure = {
  property: "haveParallelism",
  noun: "parallelism",
  value: (subject) => subject.metrics(1).parallelism,
  format: (value) => value.toFixed(2),
};

const SPEEDUP: Measure = {
  property: "haveSpeedup",
  noun: "speed-up",
  value: (subject, lanes) => subject.metrics(lanes).speedUp,
  format: (value) => `${value.toFixed(2)}x`,
};

export function parallelismThreshold(assertLater: AssertLater): ParallelismThreshold {
  const compare = (comparison: Comparison) => (share: number) =>
    assertLater(call(PARALLELISM, comparison, share), (subject) =>
      judge(PARALLELISM, comparison, share, subject, DEFAULT_LANES),
    );
  return methods(compare);
}

export function speedupThreshold(assertLater: AssertLater): SpeedupThreshold {
  const compare =
    (comparison: Comparison) =>
    (times: number, { lanes = DEFAULT_LANES }: LanesOption = {}) => {
      requireNumber(
        "haveSpeedup's lanes",
        lanes,
        Number.isInteger(lanes) && lanes >= 1,
        "an integer of at least 1",
      );
      return assertLater(call(SPEEDUP, comparison, times), (subject) =>
        judge(SPEEDUP, comparison, times, subject, lanes),
      );
    };
  return methods(compare);
}

function methods<T>(compare: (comparison: Comparison) => T): Record<Comparison, T> {
  return {
    above: compare("above"),
    below: compare("below"),
    atLeast: compare("atLeast"),
    atMost: compare("atMost"),
  };
}

function call({ property }: Measure, comparison: Comparison, limit: number): string {
  requireNumber(`${property}.${comparison}`, limit, Number.isFinite(limit), "a number");
  return `${property}.${comparison}(${limit})`;
}

function requireNumber(what: string, actual: unknown, holds: boolean, expected: string): void {
  if (!holds) {
    throw new ParallelError(ERRORS.ASSERTION_SUBJECT, {
      assertion: what,
      expected,
      actual: String(actual),
    });
  }
}

function judge(
  measure: Measure,
  comparison: Comparison,
  limit: number,
  subject: Subject,
  lanes: number,
): Judgement {
  const value = measure.value(subject, lanes);
  if (value === null) {
    throw new ParallelError(ERRORS.ASSERTION_SUBJECT, {
      assertion: measure.property,
      expected: "at least two transactions that use gas",
      actual: `${subject.hashes.length}`,
    });
  }
  const { holds, words } = COMPARISONS[comparison];
  const onLanes = measure === SPEEDUP ? ` on ${lanes} lanes` : "";
  const wanted = `${measure.noun}${onLanes}`;
  const batch = `${subject.hashes.length} transactions`;
  return {
    holds: holds(value, limit),
    expected: `expected ${batch} to have a ${wanted} ${words} ${measure.format(limit)}, but it is ${measure.format(value)}`,
    notExpected: `expected ${batch} not to have a ${wanted} ${words} ${measure.format(limit)}, but it is ${measure.format(value)}`,
    conflicts: subject.conflicts,
  };
}
