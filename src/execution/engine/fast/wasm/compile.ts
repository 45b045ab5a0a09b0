/**
 * The WebAssembly tier: a code's states as one WebAssembly function.
 *
 * Owns: limits; which codes and frames it takes. Does not own: when a code is compiled (compiled/tiers.ts).
 */
import type { CompiledCode, CompileRequest, Compiler } from "../compiled/compiled-code";
import type { ControlFlow } from "../compiled/control-flow";
import { type ExplorationLimits, exploreControlFlow } from "../compiled/explore";
import { findState } from "../compiled/find-state";
import type { Context } from "../context";
import type { Frame } from "../frame";
import { compileFunction } from "./compile-function";
import { Machine } from "./machine";
import { type WasmModule, type WebAssemblyApi, webAssembly } from "./web-assembly";

const LIMITS: ExplorationLimits = { states: 600, steps: 8_000, statesOfBlock: 16, height: 64 };
/** bytes of a module */
const MAX_CODE = 1_000_000;
/** What V8 makes of a module takes several times as much. */
const BYTES_PER_BYTE = 8;
/** Gas beyond which the memories of a message's frames might not fit into 4 GB together. */
const MAX_GAS = 30e9;

/** Null where there is no WebAssembly, or none with vectors. */
export function createWasmCompiler(): Compiler | null {
  return webAssembly === null ? null : new WasmCompiler(webAssembly);
}

class WasmCompiler implements Compiler {
  readonly tier = "webassembly";
  readonly #api: WebAssemblyApi;
  readonly #machine: Machine;

  constructor(api: WebAssemblyApi) {
    this.#api = api;
    this.#machine = new Machine(api);
  }

  compile({ analysis, schedule, reached, roots }: CompileRequest): CompiledCode | string {
    const flow = exploreControlFlow(analysis, {
      opcodeGas: schedule.opcodeGas,
      limits: LIMITS,
      roots,
      ...(reached === null ? {} : { isReached: (pc: number) => reached[pc] === 1 }),
    });
    const compiled = compileFunction(flow, schedule, MAX_CODE);
    if (compiled === null) {
      return "the module would be too large";
    }
    const { bytes, height } = compiled;
    const module = new this.#api.Module(bytes);
    return new WasmCode(this.#machine, flow, module, height, bytes.length);
  }
}

class WasmCode implements CompiledCode {
  readonly bytes: number;
  readonly states: number;
  readonly #machine: Machine;
  readonly #flow: ControlFlow;
  readonly #module: WasmModule;
  readonly #height: number;

  constructor(
    machine: Machine,
    flow: ControlFlow,
    module: WasmModule,
    height: number,
    size: number,
  ) {
    this.#machine = machine;
    this.#flow = flow;
    this.#module = module;
    this.#height = height;
    this.bytes = size * BYTES_PER_BYTE;
    this.states = flow.states.length;
  }

  enter({ pc, sp, stack, gasLimit, region }: Frame): number {
    if (gasLimit > MAX_GAS || (region !== null && region.height < this.#height)) {
      return -1;
    }
    return findState(this.#flow, pc, stack, sp);
  }

  run(context: Context, frame: Frame, state: number): Uint8Array | null {
    return this.#machine.run(context, frame, this.#module, this.#height, state);
  }
}
