/** What a compiler makes of a code, and what it is given (types, and the ways a frame may come back). */
import type { CodeAnalysis } from "../code-analysis";
import type { Context } from "../context";
import type { Frame } from "../frame";
import type { Schedule } from "../schedule";
import type { Root } from "./explore";

/**
 * The ways a frame comes back with its stack, gas and pc as between two opcodes, to go on elsewhere (compared
 * by identity). LEFT: its next state was never reached so far, or the interpreter's budget ran out.
 */
export const LEFT = new Uint8Array(0);
/** After a jump whose target was known at run time only. */
export const JUMPED = new Uint8Array(0);
/** The opcode at frame.pc gave a number larger than it was compiled for. */
export const TOO_WIDE = new Uint8Array(0);
/** Gas fell below frame.pauseBelow: the frame is at the beginning of a state that the code has. */
export const PAUSED = new Uint8Array(0);
/** The next state is beyond the compiler's limits. */
export const BEYOND_LIMITS = new Uint8Array(0);

export interface CompiledCode {
  /** about how much memory it takes */
  readonly bytes: number;
  /** states it has code for */
  readonly states: number;
  /** The state in which the frame can be entered; -1: none. */
  enter(frame: Frame): number;
  /**
   * Runs the frame from a state that `enter` gave for it. Returns its output; null: an inner frame is open and
   * has to run first, and the frame is as resumeAfterCall expects it; or one of
   * the above. Throws as interpret does.
   */
  run(context: Context, frame: Frame, state: number): Uint8Array | null;
}

export interface CompileRequest {
  readonly analysis: CodeAnalysis;
  readonly schedule: Schedule;
  /** 1 where a branch went so far; null: everything is compiled */
  readonly reached: Uint8Array | null;
  readonly roots: readonly Root[];
  /** pcs whose results were too wide for a JavaScript number */
  readonly wide: ReadonlySet<number>;
}

export interface CompiledShare {
  /** Changes whenever there may be more. */
  readonly generation: number;
  find(analysis: CodeAnalysis, schedule: Schedule): CompiledCode | null;
}

export interface Compiler {
  readonly tier: "javascript" | "webassembly";
  /** Returns a reason, for the counters, where the code cannot be compiled. */
  compile(request: CompileRequest): CompiledCode | string;
  /** What another thread has compiled; absent: threads have nothing in common. */
  readonly share?: CompiledShare;
}
