/**
 * How often a code ran, where it went, and what was made of it: one record per code and set of rules.
 *
 * Owns: the record. Does not own: decisions (tiers.ts). The interpreter counts down `budget` at every jump,
 * which is a measure of time that the gas of storage does not distort.
 */
import type { Schedule } from "../schedule";
import type { CompiledCode } from "./compiled-code";
import type { Root } from "./explore";

/** Places that dynamic jumps went to; later ones are not compiled. */
const MAX_ROOTS = 64;

export class Heat {
  readonly schedule: Schedule;
  /** 1 where a jump or a branch went */
  readonly reached: Uint8Array;
  /** jumps until the interpreter gives the frame back */
  budget: number;
  /** the budget as it was given last */
  batch: number;
  /** jumps that were interpreted in earlier batches */
  jumps = 0;
  compiled: CompiledCode | null = null;
  /** a compiler gave up, or it is not worth another try */
  settled = false;
  compilations = 0;
  /** gas of opcodes that compiled code ran, without what state and memory cost */
  burnt = 0;
  /** the tier above the first that compiles has it, or has refused it */
  climbed = false;
  /** of the code that other threads compiled, when it was looked for last */
  generation = -1;
  /** frames that left compiled code for a place that it lacks, since it was compiled */
  misses = 0;
  /** see CompileRequest */
  readonly wide = new Set<number>();
  readonly #roots = new Map<string, Root>();

  constructor(schedule: Schedule, codeLength: number, budget: number) {
    this.schedule = schedule;
    this.reached = new Uint8Array(codeLength + 1);
    this.budget = budget;
    this.batch = budget;
  }

  get roots(): readonly Root[] {
    return [...this.#roots.values()];
  }

  /** Distinct places that were reached. Linear in the code's size. */
  countReached(): number {
    let count = 0;
    for (const mark of this.reached) {
      count += mark;
    }
    return count;
  }

  /** A dynamic jump went to a place that compiled code lacks. */
  addRoot(pc: number, height: number): void {
    if (this.#roots.size < MAX_ROOTS) {
      this.#roots.set(`${pc}:${height}`, { pc, height });
    }
  }

  giveBatch(jumps: number): void {
    this.budget = jumps;
    this.batch = jumps;
  }

  /** Compiled code is gone. @param budget jumps to be interpreted before it is made anew */
  cool(budget: number): void {
    this.compiled = null;
    this.budget = budget;
  }
}
