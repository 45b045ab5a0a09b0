/**
 * The JavaScript tier: a code's states as one function made with `new Function`.
 *
 * Owns: limits, the helpers that generated code may name. Does not own: when a code is compiled (tiers.ts).
 * Where `new Function` is forbidden (node --disallow-code-generation-from-strings) nothing is compiled, and the
 * reason is counted.
 */
import { callOpcode, createOpcode } from "../../calls";
import type { Context } from "../../context";
import type { Frame } from "../../frame";
import * as halts from "../../halt";
import { jump } from "../../interpreter";
import * as memoryOpcodes from "../../memory-opcodes";
import type { Schedule } from "../../schedule";
import * as stateOpcodes from "../../state-opcodes";
import * as words from "../../words";
import {
  BEYOND_LIMITS,
  type CompiledCode,
  type CompileRequest,
  type Compiler,
  JUMPED,
  LEFT,
  PAUSED,
  TOO_WIDE,
} from "../compiled-code";
import type { ControlFlow } from "../control-flow";
import { type ExplorationLimits, exploreControlFlow } from "../explore";
import { findState } from "../find-state";
import { generateFunction, type Slots } from "./generator";
import { MAX_NUMBER } from "./item";

export const LIMITS: ExplorationLimits = {
  states: 600,
  steps: 8_000,
  statesOfBlock: 16,
  height: 64,
};
/** characters; what V8 makes of a source takes several times as much */
export const MAX_SOURCE = 1_000_000;
const BYTES_PER_CHARACTER = 8;
const MOST_NUMBER = BigInt(MAX_NUMBER);

type Run = (context: Context, frame: Frame, state: number) => Uint8Array | null;

const HELPERS: Readonly<Record<string, unknown>> = {
  ...words,
  ...halts,
  ...memoryOpcodes,
  ...stateOpcodes,
  callOpcode,
  createOpcode,
  jump,
  LEFT,
  JUMPED,
  PAUSED,
  TOO_WIDE,
  BEYOND_LIMITS,
  NO_BYTES: new Uint8Array(0),
};

export const javascriptCompiler: Compiler = {
  tier: "javascript",
  compile({ analysis, schedule, reached, roots, wide }: CompileRequest): CompiledCode | string {
    const flow = exploreControlFlow(analysis, {
      opcodeGas: schedule.opcodeGas,
      limits: LIMITS,
      roots,
      ...(reached === null ? {} : { isReached: (pc: number) => reached[pc] === 1 }),
    });
    const { source, slots } = generateFunction(flow, wide);
    if (source.length > MAX_SOURCE) {
      return "the source would be too large";
    }
    const run = evaluate(source, schedule);
    return typeof run === "string" ? run : new CompiledFunction(flow, slots, run, source.length);
  },
};

/** The reason where making code from strings is forbidden, or the parser lacks stack or memory. */
function evaluate(source: string, { expByte }: Schedule): Run | string {
  const helpers = { ...HELPERS, expByte };
  try {
    const make = new Function(
      "helpers",
      `"use strict";const {${Object.keys(helpers).join(",")}}=helpers;return (context,frame,state)=>{\n${source}\n};`,
    );
    return make(helpers) as Run; // what the source says
  } catch (error) {
    if (error instanceof EvalError) {
      return "code generation is forbidden";
    }
    if (error instanceof RangeError) {
      return "no memory for the source";
    }
    throw error;
  }
}

class CompiledFunction implements CompiledCode {
  readonly bytes: number;
  readonly states: number;
  readonly run: Run;
  readonly #flow: ControlFlow;
  readonly #slots: ReadonlyMap<number, Slots>;

  constructor(
    flow: ControlFlow,
    slots: ReadonlyMap<number, Slots>,
    run: Run,
    sourceLength: number,
  ) {
    this.#flow = flow;
    this.#slots = slots;
    this.run = run;
    this.states = flow.states.length;
    this.bytes = sourceLength * BYTES_PER_CHARACTER;
  }

  enter({ pc, sp, stack }: Frame): number {
    const state = findState(this.#flow, pc, stack, sp);
    const slots = this.#slots.get(state);
    if (slots === undefined) {
      return -1;
    }
    for (const [place, representation] of slots.entries()) {
      if (representation === "number" || representation === "boolean") {
        const word = stack[place] ?? 0n;
        if (word > (representation === "number" ? MOST_NUMBER : 1n)) {
          return -1;
        }
      }
    }
    return state;
  }
}
