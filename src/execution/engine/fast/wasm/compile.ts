/**
 * The WebAssembly tier: a code's states as one WebAssembly function.
 *
 * Owns: limits; which codes and frames it takes. Does not own: when a code is compiled (compiled/tiers.ts).
 */

import { type WebAssemblyApi, webAssembly } from "../../../../crypto/web-assembly";
import type {
  CompiledCode,
  CompiledShare,
  CompileRequest,
  Compiler,
} from "../compiled/compiled-code";
import { type ExplorationLimits, exploreControlFlow } from "../compiled/explore";
import type { Context } from "../context";
import type { Frame } from "../frame";
import { type CodeShare, type SharedCode, shareKey } from "./code-share";
import { compileFunction } from "./compile-function";
import { TYPE } from "./encoder/instructions";
import { ModuleBuilder } from "./encoder/module-builder";
import { EntryTable, entriesOf } from "./entry-table";
import { attempt } from "./exhausted";
import { Machine } from "./machine";

export const LIMITS: ExplorationLimits = {
  states: 600,
  steps: 8_000,
  statesOfBlock: 16,
  height: 64,
};
/** bytes of a module */
export const MAX_CODE = 1_000_000;
/** What V8 makes of a module takes several times as much. */
const BYTES_PER_BYTE = 8;
/** Gas beyond which the memories of a message's frames might not fit into 4 GB together. */
const MAX_GAS = 30e9;

/**
 * Null where there is no WebAssembly, or none with vectors.
 * @param share what this thread has in common with others
 */
export function createWasmCompiler(share: CodeShare): Compiler | null {
  return webAssembly === null || !hasVectors(webAssembly)
    ? null
    : new WasmCompiler(webAssembly, share);
}

/** Every engine of a process asks, and the answer does not change. */
let vectors: boolean | null = null;

function hasVectors(api: WebAssemblyApi): boolean {
  if (vectors === null) {
    const module = new ModuleBuilder();
    module
      .function({ parameters: [], results: [TYPE.v128] }, null)
      .vectorConstant(new Uint8Array(16));
    vectors = api.validate(module.toBytes());
  }
  return vectors;
}

class WasmCompiler implements Compiler {
  readonly tier = "webassembly";
  readonly #api: WebAssemblyApi;
  readonly #share: CodeShare;
  #machine: Machine | null = null;
  readonly share: CompiledShare;

  constructor(api: WebAssemblyApi, share: CodeShare) {
    this.#api = api;
    this.#share = share;
    const find: CompiledShare["find"] = ({ hash }, schedule) => {
      const code = hash === null ? null : share.find(shareKey(hash, schedule));
      const machine = code === null ? null : this.#start();
      return code === null || machine === null || typeof machine === "string"
        ? null
        : new WasmCode(machine, code);
    };
    this.share = {
      get generation() {
        return share.generation;
      },
      find,
    };
  }

  /**
   * The machine reserves gigabytes of addresses: made when there is something to run. Returns the reason if the
   * runtime has none for it.
   */
  #start(): Machine | string {
    if (this.#machine !== null) {
      return this.#machine;
    }
    const machine = attempt(this.#api, () => new Machine(this.#api));
    if (typeof machine !== "string") {
      this.#machine = machine;
    }
    return machine;
  }

  compile({ analysis, schedule, reached, roots }: CompileRequest): CompiledCode | string {
    const machine = this.#start();
    if (typeof machine === "string") {
      return machine;
    }
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
    const module = attempt(this.#api, () => new this.#api.Module(bytes));
    if (typeof module === "string") {
      return module;
    }
    const { hash } = analysis;
    const code: SharedCode = {
      key: hash === null ? "" : shareKey(hash, schedule),
      module,
      size: bytes.length,
      height,
      entries: entriesOf(flow),
    };
    if (hash !== null) {
      this.#share.publish(code);
    }
    return new WasmCode(machine, code);
  }
}

class WasmCode implements CompiledCode {
  readonly bytes: number;
  readonly states: number;
  readonly #machine: Machine;
  readonly #code: SharedCode;
  readonly #entries: EntryTable;

  constructor(machine: Machine, code: SharedCode) {
    this.#machine = machine;
    this.#code = code;
    this.#entries = new EntryTable(code.entries);
    this.bytes = code.size * BYTES_PER_BYTE;
    this.states = this.#entries.states;
  }

  enter({ pc, sp, stack, gasLimit, region }: Frame): number {
    if (gasLimit > MAX_GAS || (region !== null && region.height < this.#code.height)) {
      return -1;
    }
    return this.#entries.find(pc, stack, sp);
  }

  run(context: Context, frame: Frame, state: number): Uint8Array | null {
    return this.#machine.run(context, frame, this.#code.module, this.#code.height, state);
  }
}
