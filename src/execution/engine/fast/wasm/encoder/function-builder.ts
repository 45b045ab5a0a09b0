/**
 * The body of one function, instruction by instruction.
 *
 * Owns: its locals, and the depth of labels: a label is what `block` or `loop` gave, and branches
 * find out by themselves how many of them lie between. Does not own: types on the operand stack; a
 * mistake there is found by WebAssembly's own validation.
 */
import { invariant } from "../../../../../errors/base-error";
import { ByteSink } from "./byte-sink";
import { type MemoryAccess, type Plain, SIMD, type ValueType } from "./instructions";

const NO_RESULT = 0x40;
const SIMD_PREFIX = 0xfd;
const UNALIGNED = 0;

/** Depth at which a block was opened. */
export type Label = number & { readonly label: unique symbol };
/** Index of a local. */
export type Local = number & { readonly local: unique symbol };

export class FunctionBuilder {
  readonly #code = new ByteSink();
  readonly #parameters: number;
  readonly #locals: ValueType[] = [];
  #depth = 0;

  constructor(parameters: readonly ValueType[]) {
    this.#parameters = parameters.length;
  }

  /** bytes of instructions so far */
  get size(): number {
    return this.#code.length;
  }

  get localCount(): number {
    return this.#parameters + this.#locals.length;
  }

  parameter(index: number): Local {
    invariant(index < this.#parameters, "no such parameter");
    return index as Local; // parameters are the first locals
  }

  local(type: ValueType): Local {
    this.#locals.push(type);
    return (this.localCount - 1) as Local; // its index
  }

  plain(...instructions: readonly Plain[]): void {
    for (const instruction of instructions) {
      this.#code.byte(instruction);
    }
  }

  get(local: Local): void {
    this.#code.byte(0x20);
    this.#code.unsigned(local);
  }

  set(local: Local): void {
    this.#code.byte(0x21);
    this.#code.unsigned(local);
  }

  tee(local: Local): void {
    this.#code.byte(0x22);
    this.#code.unsigned(local);
  }

  i32(value: number): void {
    this.#code.byte(0x41);
    this.#code.signed(value | 0);
  }

  i64(value: bigint): void {
    this.#code.byte(0x42);
    this.#code.signed64(value);
  }

  f64(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.#code.byte(0x44);
    this.#code.bytes(bytes);
  }

  memory(access: MemoryAccess, offset: number): void {
    this.#code.byte(access);
    this.#code.unsigned(UNALIGNED);
    this.#code.unsigned(offset);
  }

  vectorLoad(offset: number): void {
    this.#vectorMemory(SIMD.load, offset);
  }

  vectorStore(offset: number): void {
    this.#vectorMemory(SIMD.store, offset);
  }

  /** @param bytes 16 of them */
  vectorConstant(bytes: ArrayLike<number>): void {
    this.#simd(SIMD.constant);
    this.#code.bytes(bytes);
  }

  /** @param lanes 16 of them, 16 to 31 for the second operand */
  shuffle(lanes: ArrayLike<number>): void {
    this.#simd(SIMD.shuffle);
    this.#code.bytes(lanes);
  }

  splat64(): void {
    this.#simd(SIMD.i64x2Splat);
  }

  extractLane64(lane: 0 | 1): void {
    this.#simd(SIMD.i64x2ExtractLane);
    this.#code.byte(lane);
  }

  replaceLane64(lane: 0 | 1): void {
    this.#simd(SIMD.i64x2ReplaceLane);
    this.#code.byte(lane);
  }

  block(): Label {
    return this.#open(0x02);
  }

  loop(): Label {
    return this.#open(0x03);
  }

  /** Takes an i32 off the stack. */
  if(): Label {
    return this.#open(0x04);
  }

  /** An `if` with one result. */
  ifGiving(type: ValueType): Label {
    this.#code.byte(0x04);
    this.#code.byte(type);
    return ++this.#depth as Label; // see Label
  }

  else(): void {
    this.#code.byte(0x05);
  }

  end(label: Label): void {
    invariant(label === this.#depth, "blocks end inside out");
    this.#depth--;
    this.#code.byte(0x0b);
  }

  branch(label: Label): void {
    this.#code.byte(0x0c);
    this.#code.unsigned(this.#depth - label);
  }

  branchIf(label: Label): void {
    this.#code.byte(0x0d);
    this.#code.unsigned(this.#depth - label);
  }

  branchTable(labels: readonly Label[], otherwise: Label): void {
    this.#code.byte(0x0e);
    this.#code.unsigned(labels.length);
    for (const label of labels) {
      this.#code.unsigned(this.#depth - label);
    }
    this.#code.unsigned(this.#depth - otherwise);
  }

  call(functionIndex: number): void {
    this.#code.byte(0x10);
    this.#code.unsigned(functionIndex);
  }

  /** The whole entry of the code section. */
  finish(): ByteSink {
    invariant(this.#depth === 0, "a block is open");
    const entry = new ByteSink();
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) {
        last.count++;
      } else {
        runs.push({ type, count: 1 });
      }
    }
    entry.unsigned(runs.length);
    for (const { type, count } of runs) {
      entry.unsigned(count);
      entry.byte(type);
    }
    entry.bytes(this.#code.toBytes());
    entry.byte(0x0b);
    return entry;
  }

  #open(instruction: number): Label {
    this.#code.byte(instruction);
    this.#code.byte(NO_RESULT);
    return ++this.#depth as Label; // see Label
  }

  #simd(instruction: number): void {
    this.#code.byte(SIMD_PREFIX);
    this.#code.unsigned(instruction);
  }

  #vectorMemory(instruction: number, offset: number): void {
    this.#simd(instruction);
    this.#code.unsigned(UNALIGNED);
    this.#code.unsigned(offset);
  }
}
