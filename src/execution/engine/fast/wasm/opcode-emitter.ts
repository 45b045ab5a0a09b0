/** Compiles the opcodes of a block that are neither stack movements nor its end. */
import type { Step } from "../compiled/control-flow";
import { foldConstant, type StackMachine } from "../compiled/walk-steps";
import type { Schedule } from "../schedule";
import type { Label } from "./encoder/function-builder";
import { I } from "./encoder/instructions";
import type { HostCalls } from "./host-calls";
import { REGISTERS } from "./layout";
import type { LimbEmitter } from "./limb-emitter";
import type { MemoryEmitter } from "./memory-emitter";
import { checkGas, loadRegister, type Registers } from "./registers";
import * as arithmetic from "./word-arithmetic";
import type { WordCalls } from "./word-calls";
import { constantWord, knownWord, oneLimb, type WordValue, ZERO } from "./word-value";

const GAS_BITS = 53;
const SIZE_BITS = 33;
const NO_WORD = constantWord(0n);

export interface EmitterParts {
  readonly emitter: LimbEmitter;
  readonly registers: Registers;
  readonly memory: MemoryEmitter;
  readonly calls: WordCalls;
  readonly host: HostCalls;
  readonly outOfGas: Label;
  readonly schedule: Schedule;
  /** bytes */
  readonly codeSize: number;
}

export class OpcodeEmitter implements StackMachine<WordValue> {
  readonly #parts: EmitterParts;

  constructor(parts: EmitterParts) {
    this.#parts = parts;
  }

  constant(word: bigint): WordValue {
    return constantWord(word);
  }

  operate(step: Step, inputs: readonly WordValue[]): WordValue {
    const folded = foldConstant(step, inputs.map(knownWord));
    if (folded !== null) {
      return constantWord(folded);
    }
    const [a, b, c] = inputs;
    if (a === undefined) {
      return this.#nullary(step);
    }
    if (b === undefined) {
      return this.#unary(step, a);
    }
    if (c === undefined) {
      return this.#binary(step, a, b);
    }
    switch (step.opcode) {
      case 0x08:
        return this.#parts.calls.words("addModulo", [a, b, c]);
      case 0x09:
        return this.#parts.calls.words("multiplyModulo", [a, b, c]);
      default:
        return this.#host(step, inputs);
    }
  }

  #nullary(step: Step): WordValue {
    const { emitter: e, registers } = this.#parts;
    switch (step.opcode) {
      case 0x36:
        return oneLimb({ kind: "local", local: registers.calldataLength, bits: 32 });
      case 0x38:
        return constantWord(BigInt(this.#parts.codeSize));
      case 0x3d:
        loadRegister(e.f, REGISTERS.returnDataLength);
        e.f.plain(I.i64ExtendI32U);
        return oneLimb(e.pop(32));
      case 0x59:
        e.f.get(registers.size);
        return oneLimb(e.pop(SIZE_BITS));
      case 0x5a:
        e.f.get(registers.gas);
        e.f.i64(BigInt(step.prepaid));
        e.f.plain(I.i64Add);
        return oneLimb(e.pop(GAS_BITS));
      default:
        return this.#host(step, []);
    }
  }

  #unary(step: Step, a: WordValue): WordValue {
    const { emitter: e, memory } = this.#parts;
    switch (step.opcode) {
      case 0x15:
        return arithmetic.isZeroWord(e, a);
      case 0x19:
        return arithmetic.not(e, a);
      case 0x1e:
        return arithmetic.countLeadingZeros(e, a);
      case 0x35:
        return memory.loadCalldata(a);
      case 0x51:
        return memory.load(a);
      default:
        return this.#host(step, [a]);
    }
  }

  #binary(step: Step, a: WordValue, b: WordValue): WordValue {
    const { emitter: e, calls, memory } = this.#parts;
    switch (step.opcode) {
      case 0x01:
        return arithmetic.add(e, a, b);
      case 0x02:
        return arithmetic.multiply(e, calls, a, b);
      case 0x03:
        return arithmetic.subtract(e, a, b);
      case 0x04:
        return arithmetic.divide(e, calls, a, b);
      case 0x05:
        return calls.words("signedDivide", [a, b]);
      case 0x06:
        return arithmetic.modulo(e, calls, a, b);
      case 0x07:
        return calls.words("signedModulo", [a, b]);
      case 0x0a:
        return this.#power(a, b);
      case 0x0b:
      case 0x1a:
      case 0x1b:
      case 0x1c:
      case 0x1d:
        return this.#shift(step.opcode, a, b);
      case 0x10:
        return arithmetic.less(e, a, b, false);
      case 0x11:
        return arithmetic.less(e, b, a, false);
      case 0x12:
        return arithmetic.less(e, a, b, true);
      case 0x13:
        return arithmetic.less(e, b, a, true);
      case 0x14:
        return arithmetic.equal(e, a, b);
      case 0x16:
        return arithmetic.bitwise(e, "and", a, b);
      case 0x17:
        return arithmetic.bitwise(e, "or", a, b);
      case 0x18:
        return arithmetic.bitwise(e, "xor", a, b);
      case 0x20:
        return this.#keccak(a, b);
      case 0x52:
        memory.store(a, b);
        return NO_WORD;
      case 0x53:
        memory.storeByte(a, b);
        return NO_WORD;
      default:
        return this.#host(step, [a, b]);
    }
  }

  /** SIGNEXTEND, BYTE, SHL, SHR, SAR: by a known amount in line. */
  #shift(opcode: number, amount: WordValue, operand: WordValue): WordValue {
    const { emitter: e, calls } = this.#parts;
    const word = knownWord(amount);
    const known = word === null ? null : word < 256n ? Number(word) : 256;
    switch (opcode) {
      case 0x0b:
        if (known === null) {
          return calls.shifted("signExtend", amount, operand);
        }
        return known >= 31 ? operand : arithmetic.signExtend(e, known, operand);
      case 0x1a:
        if (known === null) {
          return calls.shifted("byteAt", amount, operand);
        }
        return known >= 32 ? oneLimb(ZERO) : arithmetic.byteAt(e, known, operand);
      case 0x1b:
        return known === null
          ? calls.shifted("shiftLeft", amount, operand)
          : arithmetic.shiftLeft(e, known, operand);
      case 0x1c:
        return known === null
          ? calls.shifted("shiftRight", amount, operand)
          : arithmetic.shiftRight(e, known, operand);
      default:
        return calls.shifted("arithmeticShiftRight", amount, operand);
    }
  }

  #power(base: WordValue, exponent: WordValue): WordValue {
    const { emitter: e, calls, registers, outOfGas, schedule } = this.#parts;
    e.f.get(registers.gas);
    calls.pushSignificantBytes(exponent);
    e.f.i64(BigInt(schedule.expByte));
    e.f.plain(I.i64Mul, I.i64Sub);
    e.f.set(registers.gas);
    checkGas(e.f, registers, outOfGas);
    return calls.words("power", [base, exponent]);
  }

  #keccak(offset: WordValue, length: WordValue): WordValue {
    const { emitter: e, calls, host, memory, registers, outOfGas, schedule } = this.#parts;
    const { f } = e;
    const range = memory.range(offset, length);
    f.get(registers.gas);
    e.push(range.length);
    f.i64(31n);
    f.plain(I.i64Add);
    f.i64(5n);
    f.plain(I.i64ShrU);
    f.i64(BigInt(schedule.keccakWord));
    f.plain(I.i64Mul, I.i64Sub);
    f.set(registers.gas);
    checkGas(f, registers, outOfGas);
    const pushRange = (): void => {
      range.address();
      e.push(range.length);
      f.plain(I.i32WrapI64);
    };
    loadRegister(f, REGISTERS.tracing);
    const open = f.if();
    pushRange();
    host.preimage();
    f.end(open);
    pushRange();
    return calls.keccak256();
  }

  #host(step: Step, inputs: readonly WordValue[]): WordValue {
    return this.#parts.host.operate(step, inputs) ?? NO_WORD;
  }
}
