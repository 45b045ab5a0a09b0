/**
 * Which tier runs a frame: the interpreter, or compiled code once the code is hot.
 *
 * Owns: the decision, the compiled code that is kept, counters of what went to a lower tier and why. Does not
 * own: compiling. A tier may change wherever compiled code leaves, at every jump of the interpreter, whenever an
 * inner frame has ended, and at jumps backwards of the first compiler's code, which pauses there once the
 * code is hot enough for the second one; all tiers keep a frame in the same form there.
 *
 * Hostile code: a code is compiled after it was interpreted for about as long as compiling takes, only where
 * it went, at most MAX_COMPILATIONS times and each time after more misses.
 */
import type { CodeAnalysis } from "../code-analysis";
import type { Context } from "../context";
import type { Frame } from "../frame";
import { interpret } from "../interpreter";
import { CompiledCache } from "./compiled-cache";
import {
  BEYOND_LIMITS,
  type CompiledCode,
  type Compiler,
  JUMPED,
  LEFT,
  PAUSED,
  TOO_WIDE,
} from "./compiled-code";
import { Heat } from "./heat";
import type { SharedHeat } from "./shared-heat";

/** When a code is compiled. */
export interface TierPolicy {
  /** jumps interpreted before anything is compiled */
  readonly minJumps: number;
  /** Compiling a place that was reached takes about as long as interpreting this many jumps. */
  readonly jumpsPerReached: number;
  /** All code is compiled, not only what was reached. */
  readonly everything: boolean;
  /** frames that leave for a place that was not compiled, before it is compiled anew; doubles each time */
  readonly misses: number;
}

/** A second compiler, for code that stays hot: it takes longer, and what it makes is faster. */
export interface Climb {
  readonly compiler: Compiler;
  /** gas of opcodes, burnt in code of the first compiler: in all, and for each of its states */
  readonly minGas: number;
  readonly gasPerState: number;
}

const MAX_COMPILATIONS = 6;
/** A frame pauses at most so often on the way to the gas that the second compiler asks for. */
const PAUSES = 16;
/** jumps that show where a code goes, before it is compiled because it is hot on other threads */
const JUMPS_WHERE_HOT_ELSEWHERE = 200;
/** jumps a frame is interpreted for before compiled code is looked for again; doubles up to the maximum */
const FIRST_PATIENCE = 1;
const MAX_PATIENCE = 4096;

export interface TierCounters {
  /** codes compiled, recompilations included */
  compiled: number;
  /** times that a frame was run by compiled code, resumptions included */
  entered: number;
  /** times that a frame paused to see whether its code is hot enough for the second compiler */
  paused: number;
  /** times that a frame or a code went to the interpreter instead, by reason */
  readonly fallen: Map<string, number>;
}

export class Tiers {
  readonly counters: TierCounters = { compiled: 0, entered: 0, paused: 0, fallen: new Map() };
  readonly #compiler: Compiler | null;
  readonly #policy: TierPolicy;
  readonly #cache: CompiledCache;
  readonly #climb: Climb | null;
  readonly #shared: SharedHeat | null;

  /**
   * @param compiler null: everything is interpreted
   * @param cacheBytes about how much compiled code is kept
   * @param shared null: what other threads run does not count
   */
  constructor(
    compiler: Compiler | null,
    policy: TierPolicy,
    cacheBytes: number,
    climb: Climb | null = null,
    shared: SharedHeat | null = null,
  ) {
    this.#compiler = compiler;
    this.#climb = climb;
    this.#policy = policy;
    this.#shared = shared;
    this.#cache = new CompiledCache(cacheBytes);
  }

  /** As interpret, but never LEFT. */
  run(context: Context, frame: Frame): Uint8Array | null {
    const compiler = this.#compiler;
    if (compiler === null) {
      return interpret(context, frame, null);
    }
    const heat = this.#heatOf(context, frame.analysis);
    if (this.#climb !== null && !heat.climbed) {
      this.#climbIfHot(this.#climb, frame.analysis, heat);
    }
    let patience = FIRST_PATIENCE;
    for (;;) {
      const compiled = heat.compiled ?? this.#compileIfHot(compiler, frame.analysis, heat);
      if (compiled !== null) {
        const output = this.#runCompiled(context, frame, heat, compiled);
        if (output !== LEFT) {
          return output;
        }
        heat.budget = patience;
        patience = Math.min(patience * 2, MAX_PATIENCE);
      }
      const output = interpret(context, frame, heat);
      if (output !== LEFT) {
        return output;
      }
    }
  }

  /** LEFT: the interpreter has to take the frame on. */
  #runCompiled(
    context: Context,
    frame: Frame,
    heat: Heat,
    compiledFirst: CompiledCode,
  ): Uint8Array | null {
    let compiled = compiledFirst;
    let output: Uint8Array | null | undefined;
    for (;;) {
      const state = compiled.enter(frame);
      if (state < 0) {
        this.#noEntry(frame, heat, output);
        return LEFT;
      }
      this.counters.entered++;
      this.#cache.use(heat);
      frame.pauseBelow = this.#pauseOf(frame, heat, compiled);
      const burnt = frame.gas + frame.charged;
      output = compiled.run(context, frame, state);
      heat.burnt += Math.max(0, burnt - frame.gas - frame.charged);
      if (output === TOO_WIDE) {
        heat.wide.add(frame.pc);
        this.#miss(heat, "a number grew too wide");
        return LEFT;
      }
      if (output === PAUSED && this.#climb !== null) {
        this.counters.paused++;
        this.#climbIfHot(this.#climb, frame.analysis, heat);
        compiled = heat.compiled ?? compiled;
      } else if (output !== LEFT && output !== JUMPED && output !== BEYOND_LIMITS) {
        return output;
      }
    }
  }

  /** The gas at which the frame's code is hot enough for the second compiler, if it runs no other frame until then. */
  #pauseOf({ gas }: Frame, heat: Heat, { states }: CompiledCode): number {
    if (this.#climb === null || heat.climbed) {
      return Number.NEGATIVE_INFINITY;
    }
    const needed = gasToClimb(this.#climb, states);
    // What state and memory cost does not count, so that it may take several pauses.
    return gas - Math.max(needed - heat.burnt, needed / PAUSES);
  }

  /** @param left how compiled code left the frame there, if it did */
  #noEntry({ pc, sp }: Frame, heat: Heat, left: Uint8Array | null | undefined): void {
    if (left === JUMPED) {
      heat.addRoot(pc, sp);
    }
    if (left === LEFT || left === JUMPED) {
      heat.reached[pc] = 1;
      this.#miss(heat, "not compiled so far");
    } else {
      this.fall(left === BEYOND_LIMITS ? "beyond the compiler's limits" : "no entry there");
    }
  }

  #heatOf({ schedule }: Context, analysis: CodeAnalysis): Heat {
    let { heat } = analysis;
    if (heat === null || heat.schedule !== schedule) {
      if (heat !== null) {
        this.#cache.drop(heat);
      }
      heat = new Heat(schedule, analysis.code.length, this.#policy.minJumps);
      analysis.heat = heat;
      if (this.#jumpsOnAllThreads(analysis, heat, 0) >= this.#policy.minJumps) {
        heat.giveBatch(Math.min(JUMPS_WHERE_HOT_ELSEWHERE, heat.budget));
      }
    }
    heat.budget--;
    return heat;
  }

  #compileIfHot(compiler: Compiler, analysis: CodeAnalysis, heat: Heat): CompiledCode | null {
    if (heat.budget >= 0) {
      return null;
    }
    if (heat.settled) {
      heat.budget = Number.MAX_SAFE_INTEGER;
      return null;
    }
    if (heat.compilations === 0) {
      const { minJumps, jumpsPerReached } = this.#policy;
      heat.jumps += heat.batch;
      const missing =
        jumpsPerReached * heat.countReached() - this.#jumpsOnAllThreads(analysis, heat, heat.batch);
      if (missing > 0) {
        // Counting what was reached takes time by the code's length: at most a byte for each jump.
        heat.giveBatch(Math.max(minJumps, Math.min(missing, analysis.code.length)));
        return null;
      }
    }
    return this.#compile(compiler, analysis, heat);
  }

  /** @param more jumps of this thread that the other ones do not know of */
  #jumpsOnAllThreads({ hash }: CodeAnalysis, heat: Heat, more: number): number {
    return this.#shared === null || hash === null ? heat.jumps : this.#shared.add(hash, more);
  }

  #compile(compiler: Compiler, analysis: CodeAnalysis, heat: Heat): CompiledCode | null {
    if (heat.climbed && this.#climb !== null) {
      const compiled = this.#compileWith(this.#climb.compiler, analysis, heat);
      if (compiled !== null) {
        return compiled;
      }
    }
    const compiled = this.#compileWith(compiler, analysis, heat);
    if (compiled === null) {
      heat.settled = true;
      heat.budget = Number.MAX_SAFE_INTEGER;
    }
    return compiled;
  }

  #compileWith(compiler: Compiler, analysis: CodeAnalysis, heat: Heat): CompiledCode | null {
    heat.compilations++;
    const compiled = compiler.compile({
      analysis,
      schedule: heat.schedule,
      reached: this.#policy.everything ? null : heat.reached,
      roots: heat.roots,
      wide: heat.wide,
    });
    if (typeof compiled === "string") {
      this.fall(compiled);
      return null;
    }
    this.counters.compiled++;
    this.#adopt(heat, compiled);
    return compiled;
  }

  #adopt(heat: Heat, compiled: CompiledCode): void {
    this.#cache.drop(heat);
    heat.compiled = compiled;
    heat.misses = 0;
    this.#cache.add(heat, compiled.bytes);
  }

  /** Takes what another thread has made with the second compiler, or uses it where it pays. */
  #climbIfHot(climb: Climb, analysis: CodeAnalysis, heat: Heat): void {
    const { compiler } = climb;
    const { share } = compiler;
    if (share !== undefined && share.generation !== heat.generation) {
      heat.generation = share.generation;
      const shared = share.find(analysis, heat.schedule);
      if (shared !== null) {
        heat.climbed = true;
        this.#adopt(heat, shared);
        return;
      }
    }
    const states = heat.compiled?.states;
    if (states !== undefined && heat.burnt >= gasToClimb(climb, states)) {
      heat.climbed = true;
      this.#compileWith(compiler, analysis, heat);
    }
  }

  /** After enough misses the code is compiled anew, with what was learnt. */
  #miss(heat: Heat, reason: string): void {
    this.fall(reason);
    heat.misses++;
    const enough = heat.misses >= this.#policy.misses << heat.compilations;
    if (enough && heat.compilations < MAX_COMPILATIONS) {
      this.#cache.drop(heat);
    }
  }

  /** Counts that a frame, a code or a message went to the interpreter or a lower tier, and why. */
  fall(reason: string): void {
    this.counters.fallen.set(reason, (this.counters.fallen.get(reason) ?? 0) + 1);
  }
}

function gasToClimb({ minGas, gasPerState }: Climb, states: number): number {
  return Math.max(minGas, gasPerState * states);
}
