/** The frame's registers as locals of the compiled function, loaded at its entry. */
import type { FunctionBuilder, Label, Local } from "./encoder/function-builder";
import { I, MEMORY, TYPE } from "./encoder/instructions";
import { REGISTERS } from "./layout";

export interface Registers {
  /** i64: gas left, less what is charged in advance */
  readonly gas: Local;
  /** i64: active bytes of the EVM memory */
  readonly size: Local;
  /** i32: address of the EVM memory */
  readonly memory: Local;
  /** i32: address of the calldata, which 32 zeros follow */
  readonly calldata: Local;
  /** i64 */
  readonly calldataLength: Local;
  /** i32: address of the spilled stack */
  readonly stack: Local;
}

export function declareRegisters(f: FunctionBuilder): Registers {
  return {
    gas: f.local(TYPE.i64),
    size: f.local(TYPE.i64),
    memory: f.local(TYPE.i32),
    calldata: f.local(TYPE.i32),
    calldataLength: f.local(TYPE.i64),
    stack: f.local(TYPE.i32),
  };
}

export function loadRegisters(f: FunctionBuilder, registers: Registers): void {
  loadGas(f, registers, 0);
  loadSize(f, registers);
  for (const name of ["memory", "calldata", "stack"] as const) {
    loadRegister(f, REGISTERS[name]);
    f.set(registers[name]);
  }
  loadRegister(f, REGISTERS.calldataLength);
  f.plain(I.i64ExtendI32U);
  f.set(registers.calldataLength);
}

/** Puts an i32 register on the operand stack. */
export function loadRegister(f: FunctionBuilder, address: number): void {
  f.i32(0);
  f.memory(MEMORY.i32Load, address);
}

/** The EVM memory may have grown. */
export function loadSize(f: FunctionBuilder, { size }: Registers): void {
  loadRegister(f, REGISTERS.size);
  f.plain(I.i64ExtendI32U);
  f.set(size);
}

/** Takes the gas that the caller left, less what is charged in advance; may be negative then. */
export function loadGas(f: FunctionBuilder, { gas }: Registers, prepaid: number): void {
  f.i32(0);
  f.memory(MEMORY.f64Load, REGISTERS.gas);
  f.plain(I.i64TruncF64S);
  if (prepaid > 0) {
    f.i64(BigInt(prepaid));
    f.plain(I.i64Sub);
  }
  f.set(gas);
}

/** Shows the caller the gas as it is without what is charged in advance. */
export function storeGas(f: FunctionBuilder, { gas }: Registers, prepaid: number): void {
  f.i32(0);
  f.get(gas);
  if (prepaid > 0) {
    f.i64(BigInt(prepaid));
    f.plain(I.i64Add);
  }
  f.plain(I.f64ConvertI64S);
  f.memory(MEMORY.f64Store, REGISTERS.gas);
}

/** Branches if gas is negative. */
export function checkGas(f: FunctionBuilder, { gas }: Registers, outOfGas: Label): void {
  f.get(gas);
  f.i64(0n);
  f.plain(I.i64LtS);
  f.branchIf(outOfGas);
}
