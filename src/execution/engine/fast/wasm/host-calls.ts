/**
 * Calls of the host: opcodes that compiled code leaves to the functions that the interpreter uses too.
 * Operands and result go through OPERANDS, gas and the size of memory through the registers.
 */

import type { Step } from "../compiled/control-flow";
import { STACK_OUT } from "../stack-effects";
import type { Label } from "./encoder/function-builder";
import { MEMORY, TYPE } from "./encoder/instructions";
import type { ModuleBuilder } from "./encoder/module-builder";
import { OPERANDS, WORD_BYTES } from "./layout";
import type { LimbEmitter } from "./limb-emitter";
import { checkGas, loadGas, loadSize, type Registers, storeGas } from "./registers";
import { LIMB_BITS, type Limb, type WordValue, ZERO } from "./word-value";

/** The module's name in imports. */
export const HOST_IMPORT = "host";

export interface HostFunctions {
  /** (end: f64, gas: f64) -> f64: makes EVM memory active; gas left, or -1 */
  readonly reach: number;
  /** (opcode, pc): any opcode that ends no block */
  readonly operate: number;
  /** (opcode, pc) -> i32: calls and creations; 0 if an inner frame is open now, else the result is there */
  readonly enter: number;
  /** (address, length): records what is hashed */
  readonly preimage: number;
}

export function importHostFunctions(module: ModuleBuilder): HostFunctions {
  const { i32, f64 } = TYPE;
  const declare = (
    name: string,
    parameters: (typeof i32 | typeof f64)[],
    result?: typeof i32 | typeof f64,
  ): number =>
    module.importFunction(HOST_IMPORT, name, {
      parameters,
      results: result === undefined ? [] : [result],
    });
  return {
    reach: declare("reach", [f64, f64], f64),
    operate: declare("operate", [i32, i32]),
    enter: declare("enter", [i32, i32], i32),
    preimage: declare("preimage", [i32, i32]),
  };
}

const ADDRESS_BITS = 160;
const COUNT_BITS = 32;
/** bits of results that are never longer */
const RESULT_BITS: ReadonlyMap<number, number> = new Map([
  [0x30, ADDRESS_BITS],
  [0x32, ADDRESS_BITS],
  [0x33, ADDRESS_BITS],
  [0x41, ADDRESS_BITS],
  [0x3b, COUNT_BITS],
  [0xf0, ADDRESS_BITS],
  [0xf5, ADDRESS_BITS],
  [0xf1, 1],
  [0xf2, 1],
  [0xf4, 1],
  [0xfa, 1],
]);

/** They charge nothing but their static gas, and do not look at it. */
const WITHOUT_GAS: ReadonlySet<number> = new Set([
  0x30, 0x32, 0x33, 0x34, 0x3a, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
  0x5c, 0x5d,
]);

/** CALLDATACOPY, CODECOPY, EXTCODECOPY, RETURNDATACOPY, MCOPY, LOG0 to LOG4: may make memory grow */
const TOUCH_MEMORY: ReadonlySet<number> = new Set([
  0x37, 0x39, 0x3c, 0x3e, 0x5e, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4,
]);

export class HostCalls {
  readonly #e: LimbEmitter;
  readonly #functions: HostFunctions;
  readonly #registers: Registers;
  readonly #outOfGas: Label;

  constructor(
    emitter: LimbEmitter,
    functions: HostFunctions,
    registers: Registers,
    outOfGas: Label,
  ) {
    this.#e = emitter;
    this.#functions = functions;
    this.#registers = registers;
    this.#outOfGas = outOfGas;
  }

  /** Runs the opcode in the host; returns its result if it has one. */
  operate({ opcode, pc, prepaid }: Step, inputs: readonly WordValue[]): WordValue | null {
    const { f } = this.#e;
    const charges = !WITHOUT_GAS.has(opcode);
    this.storeOperands(inputs);
    if (charges) {
      storeGas(f, this.#registers, prepaid);
    }
    f.i32(opcode);
    f.i32(pc);
    f.call(this.#functions.operate);
    if (charges) {
      this.#takeGas(prepaid);
    }
    if (TOUCH_MEMORY.has(opcode)) {
      loadSize(f, this.#registers);
    }
    return STACK_OUT[opcode] === 1 ? this.result(opcode) : null;
  }

  /** Leaves on the operand stack (i32) whether the call or creation has ended; its result is an operand then. */
  enter({ opcode, pc }: Step, inputs: readonly WordValue[]): void {
    const { f } = this.#e;
    this.storeOperands(inputs);
    storeGas(f, this.#registers, 0);
    f.i32(opcode);
    f.i32(pc);
    f.call(this.#functions.enter);
  }

  /** What has changed when `enter` has ended. */
  takeEntered(opcode: number): WordValue {
    loadGas(this.#e.f, this.#registers, 0);
    loadSize(this.#e.f, this.#registers);
    return this.result(opcode);
  }

  /** Takes address and length (i32) off the operand stack. */
  preimage(): void {
    this.#e.f.call(this.#functions.preimage);
  }

  storeOperands(inputs: readonly WordValue[]): void {
    const { f } = this.#e;
    for (const [index, { limbs }] of inputs.entries()) {
      for (const [place, limb] of limbs.entries()) {
        f.i32(0);
        this.#e.push(limb);
        f.memory(MEMORY.i64Store, OPERANDS + index * WORD_BYTES + place * 8);
      }
    }
  }

  result(opcode: number): WordValue {
    const { f } = this.#e;
    const bits = RESULT_BITS.get(opcode) ?? 4 * LIMB_BITS;
    const load = (place: number): Limb => {
      const rest = Math.min(bits - place * LIMB_BITS, LIMB_BITS);
      if (rest <= 0) {
        return ZERO;
      }
      f.i32(0);
      f.memory(MEMORY.i64Load, OPERANDS + place * 8);
      return this.#e.pop(rest);
    };
    return { limbs: [load(0), load(1), load(2), load(3)] };
  }

  #takeGas(prepaid: number): void {
    loadGas(this.#e.f, this.#registers, prepaid);
    if (prepaid > 0) {
      checkGas(this.#e.f, this.#registers, this.#outOfGas);
    }
  }
}
