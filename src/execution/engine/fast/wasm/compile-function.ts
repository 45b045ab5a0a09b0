/**
 * Compiles the states of a code to one WebAssembly function: run(state: i32) -> EXIT.
 *
 *   loop dispatch            back edges and entries go through a table of all states,
 *     block N ... block 0      forward edges branch to their state directly
 *       table of states
 *     end 0: state 0
 *     end 1: state 1 ...
 *
 * Each place of the stack has four locals of its own, which hold it between blocks. Within a block values are
 * wherever they were made; at its end they move to the places where the next one expects them.
 */
import { invariant } from "../../../../errors/base-error";
import type { BlockState, ControlFlow, Step, Target } from "../compiled/control-flow";
import { OP } from "../compiled/opcode-facts";
import { runStep } from "../compiled/walk-steps";
import type { Schedule } from "../schedule";
import { STACK_IN } from "../stack-effects";
import type { FunctionBuilder, Label, Local } from "./encoder/function-builder";
import { I, MEMORY, TYPE } from "./encoder/instructions";
import { ModuleBuilder } from "./encoder/module-builder";
import { endingStep } from "./ending-step";
import { HostCalls, importHostFunctions } from "./host-calls";
import { EXIT, REGISTERS } from "./layout";
import { LimbEmitter } from "./limb-emitter";
import { MemoryEmitter } from "./memory-emitter";
import { OpcodeEmitter } from "./opcode-emitter";
import {
  checkGas,
  declareRegisters,
  loadRegister,
  loadRegisters,
  type Registers,
  storeGas,
} from "./registers";
import { StackPlaces } from "./stack-places";
import { forwardOrder } from "./state-order";
import { importWordFunctions, WordCalls } from "./word-calls";
import { constantWord, type WordValue } from "./word-value";

export const MEMORY_IMPORT = "memory";
export const RUN_EXPORT = "run";

export interface CompiledFunction {
  /** a module that imports memory, words and host, and exports `run` */
  readonly bytes: Uint8Array;
  /** most items that it spills */
  readonly height: number;
}

/** V8's own limit (kV8MaxWasmFunctionLocals), which other runtimes share; that on a body is 7.6 MB. */
export const MAX_LOCALS = 50_000;

/** @returns null if the code would take more than `limit` bytes, or more locals than a runtime takes */
export function compileFunction(
  flow: ControlFlow,
  schedule: Schedule,
  limit: number,
): CompiledFunction | null {
  const module = new ModuleBuilder();
  module.importMemory("env", MEMORY_IMPORT, 1);
  const words = importWordFunctions(module);
  const host = importHostFunctions(module);
  const f = module.function({ parameters: [TYPE.i32], results: [TYPE.i32] }, RUN_EXPORT);
  const compiler = new FunctionCompiler(f, flow, schedule, words, host, limit);
  return compiler.compile() ? { bytes: module.toBytes(), height: compiler.height } : null;
}

const HALT_EXITS = {
  opcode: EXIT.invalidOpcode,
  underflow: EXIT.stackUnderflow,
  overflow: EXIT.stackOverflow,
} as const;

class FunctionCompiler {
  readonly #f: FunctionBuilder;
  readonly #flow: ControlFlow;
  readonly #order: readonly number[];
  /** by state */
  readonly #positions: Uint32Array;
  readonly #limit: number;
  readonly #registers: Registers;
  readonly #emitter: LimbEmitter;
  readonly #calls: WordCalls;
  readonly #state: Local;
  /** what a run that spills ends with, and how many items */
  readonly #exit: Local;
  readonly #height: Local;
  readonly #outOfGas: Label;
  readonly #spill: Label;
  readonly #host: HostCalls;
  readonly #memory: MemoryEmitter;
  readonly #machine: OpcodeEmitter;
  readonly #places: StackPlaces;
  readonly #labels: Label[] = [];
  #dispatch: Label | null = null;
  /** place of the state that is being compiled in the order */
  #position = 0;
  readonly height: number;

  constructor(
    f: FunctionBuilder,
    flow: ControlFlow,
    schedule: Schedule,
    words: ReturnType<typeof importWordFunctions>,
    host: ReturnType<typeof importHostFunctions>,
    limit: number,
  ) {
    this.#f = f;
    this.#flow = flow;
    this.#order = forwardOrder(flow);
    this.#positions = new Uint32Array(flow.states.length);
    for (const [position, id] of this.#order.entries()) {
      this.#positions[id] = position;
    }
    this.#limit = limit;
    this.height = flow.states.reduce(
      (most, { height, block }) => Math.max(most, height + block.growth),
      0,
    );
    this.#registers = declareRegisters(f);
    this.#state = f.parameter(0);
    this.#exit = f.local(TYPE.i32);
    this.#height = f.local(TYPE.i32);
    this.#emitter = new LimbEmitter(f);
    this.#calls = new WordCalls(this.#emitter, words);
    this.#places = new StackPlaces(this.#emitter, this.#registers.stack, this.height);
    loadRegisters(f, this.#registers);
    this.#outOfGas = f.block();
    this.#spill = f.block();
    this.#host = new HostCalls(this.#emitter, host, this.#registers, this.#outOfGas);
    this.#memory = new MemoryEmitter(this.#emitter, this.#registers, this.#outOfGas, host.reach);
    this.#machine = new OpcodeEmitter({
      emitter: this.#emitter,
      registers: this.#registers,
      memory: this.#memory,
      calls: this.#calls,
      host: this.#host,
      outOfGas: this.#outOfGas,
      schedule,
      codeSize: flow.code.length,
    });
  }

  compile(): boolean {
    const f = this.#f;
    this.#places.load(() => loadRegister(f, REGISTERS.height));
    this.#dispatch = f.loop();
    for (let position = this.#order.length - 1; position >= 0; position--) {
      this.#labels[position] = f.block();
    }
    f.get(this.#state);
    f.branchTable(
      [...this.#positions].map((position) => this.#labelAt(position)),
      this.#labelAt(0),
    );
    for (const [position, id] of this.#order.entries()) {
      f.end(this.#labelAt(position));
      this.#position = position;
      const state = this.#flow.states[id];
      invariant(state !== undefined, "no such state");
      this.#compileState(state);
      if (f.size > this.#limit) {
        return false;
      }
    }
    f.end(this.#dispatch);
    f.plain(I.unreachable);
    f.end(this.#spill);
    this.#places.spill(() => f.get(this.#height));
    f.i32(0);
    f.get(this.#height);
    f.memory(MEMORY.i32Store, REGISTERS.height);
    f.get(this.#exit);
    f.plain(I.return);
    f.end(this.#outOfGas);
    f.i32(EXIT.outOfGas);
    return f.size <= this.#limit && f.localCount <= MAX_LOCALS;
  }

  #compileState(state: BlockState): void {
    this.#emitter.reset();
    this.#memory.forget();
    const stack = Array.from({ length: state.height }, (_, place): WordValue => {
      const known = state.known.get(place);
      return known === undefined ? this.#places.valueAt(place) : constantWord(known);
    });
    const { steps } = state.block;
    const last = endingStep(state);
    for (const step of steps) {
      this.#charge(step);
      if (step !== last) {
        runStep(this.#machine, stack, step);
      }
    }
    this.#compileExit(state, stack, last);
  }

  #charge({ charge }: Step): void {
    if (charge > 0) {
      const f = this.#f;
      f.get(this.#registers.gas);
      f.i64(BigInt(charge));
      f.plain(I.i64Sub);
      f.set(this.#registers.gas);
      checkGas(f, this.#registers, this.#outOfGas);
    }
  }

  /** @param last the step that ends the block by itself, if one does; not yet run */
  #compileExit({ exit }: BlockState, stack: WordValue[], last: Step | undefined): void {
    const f = this.#f;
    const taken = last === undefined ? 0 : (STACK_IN[last.opcode] ?? 0);
    const inputs = taken === 0 ? [] : stack.splice(-taken).reverse();
    switch (exit.kind) {
      case "halt":
        this.#end(HALT_EXITS[exit.reason]);
        return;
      case "end":
        this.#compileEnd(last, inputs);
        return;
      case "call": {
        invariant(last !== undefined, "a call without an opcode");
        this.#host.enter(last, inputs);
        const ended = f.if();
        stack.push(this.#host.takeEntered(last.opcode));
        this.#goTo(exit.next, stack, null);
        f.end(ended);
        stack.pop();
        this.#leave(EXIT.call, stack, null);
        return;
      }
      case "branch": {
        const [destination, condition] = inputs;
        invariant(destination !== undefined && condition !== undefined, "JUMPI takes two items");
        this.#emitter.pushAny(condition.limbs);
        const jumps = f.if();
        this.#goTo(exit.taken, stack, destination);
        f.end(jumps);
        this.#goTo(exit.next, stack, null);
        return;
      }
      case "jump":
        this.#goTo(exit.target, stack, inputs[0] ?? null);
        return;
      case "fall":
        this.#goTo(exit.next, stack, null);
        return;
    }
  }

  #compileEnd(last: Step | undefined, inputs: readonly WordValue[]): void {
    switch (last?.opcode) {
      case OP.RETURN:
      case OP.REVERT:
        this.#host.storeOperands(inputs);
        storeGas(this.#f, this.#registers, 0);
        this.#end(last.opcode === OP.RETURN ? EXIT.return : EXIT.revert);
        return;
      case OP.SELFDESTRUCT:
        this.#host.operate(last, inputs);
        this.#end(EXIT.destroyed);
        return;
      default:
        storeGas(this.#f, this.#registers, 0);
        this.#end(EXIT.stop);
    }
  }

  #end(code: number): void {
    this.#f.i32(code);
    this.#f.plain(I.return);
  }

  /** @param destination what a jump takes off the stack */
  #goTo(target: Target, stack: readonly WordValue[], destination: WordValue | null): void {
    const f = this.#f;
    switch (target.kind) {
      case "invalid":
        this.#end(EXIT.invalidJump);
        return;
      case "leave":
        this.#leave(target.reason === "overLimit" ? EXIT.limit : EXIT.leave, stack, target.pc);
        return;
      case "dynamic":
        invariant(destination !== null, "a jump without a destination");
        this.#host.storeOperands([destination]);
        this.#leave(EXIT.jump, stack, null);
        return;
      case "state": {
        const next = this.#flow.states[target.id];
        invariant(next !== undefined && next.height === stack.length, "an edge to another height");
        this.#places.settle(stack, next.known);
        const position = this.#positions[target.id] ?? 0;
        if (position > this.#position) {
          f.branch(this.#labelAt(position));
          return;
        }
        invariant(this.#dispatch !== null, "no dispatch");
        f.i32(target.id);
        f.set(this.#state);
        f.branch(this.#dispatch);
        return;
      }
    }
  }

  /** Ends the run; the stack is spilled. */
  #leave(code: number, stack: readonly WordValue[], pc: number | null): void {
    const f = this.#f;
    this.#places.settle(stack, new Map());
    if (code !== EXIT.call) {
      storeGas(f, this.#registers, 0); // a call has taken from the register what it gave away
    }
    if (pc !== null) {
      f.i32(0);
      f.i32(pc);
      f.memory(MEMORY.i32Store, REGISTERS.pc);
    }
    f.i32(code);
    f.set(this.#exit);
    f.i32(stack.length);
    f.set(this.#height);
    f.branch(this.#spill);
  }

  #labelAt(position: number): Label {
    const label = this.#labels[position];
    invariant(label !== undefined, "no label");
    return label;
  }
}
