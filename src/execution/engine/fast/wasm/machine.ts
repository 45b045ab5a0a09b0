/**
 * Runs compiled functions in this thread: one linear memory, one instance of each module, and the
 * functions that compiled code calls.
 *
 * A frame is as the interpreter has it whenever compiled code does not run: stack in `frame.stack`, gas, pc.
 */

import { keccak256Hex } from "../../../../crypto/keccak256";
import type { WasmImports, WasmModule, WebAssemblyApi } from "../../../../crypto/web-assembly";
import { InvariantError, invariant } from "../../../../errors/base-error";
import { BEYOND_LIMITS, JUMPED, LEFT } from "../compiled/compiled-code";
import type { Context } from "../context";
import type { Frame } from "../frame";
import * as halts from "../halt";
import { jump } from "../interpreter";
import { MAX_MEMORY_BYTES } from "../memory";
import { outputOf } from "../memory-opcodes";
import { MEMORY_IMPORT, RUN_EXPORT } from "./compile-function";
import { orExhausted } from "./exhausted";
import { HOST_IMPORT } from "./host-calls";
import { enterFrame, runHostOpcode } from "./host-operations";
import { EXIT, OPERANDS, REGISTERS, WORD_BYTES } from "./layout";
import { type FrameRegion, LinearMemory } from "./linear-memory";
import { RecentWords } from "./recent-words";
import { WORDS_IMPORT } from "./word-calls";
import { instantiateWords } from "./words-runtime";

const NO_BYTES = new Uint8Array(0);
const LIMB_MASK = (1n << 64n) - 1n;
const UINT32 = 2 ** 32;
/** A high half below makes a number that is exact. */
const SAFE_HIGH = 0x20_0000;
/** bytes; a linear memory that has grown beyond is not used for another message */
const LARGEST_KEPT = 64 * 1024 * 1024;

/** run(state): how it ended, of EXIT */
type Run = (state: number) => number;

export class Machine {
  readonly #api: WebAssemblyApi;
  #linear: LinearMemory;
  #imports: WasmImports;
  #runs = new WeakMap<WasmModule, Run>();
  readonly #words = new RecentWords();
  readonly #operands = (index: number): bigint => this.#operand(index);
  #context: Context | null = null;
  #frame: Frame | null = null;

  constructor(api: WebAssemblyApi) {
    this.#api = api;
    this.#linear = new LinearMemory(api);
    this.#imports = this.#makeImports();
  }

  #makeImports(): WasmImports {
    const { memory } = this.#linear;
    return {
      env: { [MEMORY_IMPORT]: memory },
      [WORDS_IMPORT]: { ...instantiateWords(this.#api, memory) },
      [HOST_IMPORT]: {
        reach: (end: number, gas: number) => this.#reach(end, gas),
        operate: (opcode: number, pc: number) => this.#operate(opcode, pc),
        enter: (opcode: number, pc: number) => this.#enter(opcode, pc),
        preimage: (address: number, length: number) => this.#recordPreimage(address, length),
      },
    };
  }

  /**
   * Runs the frame from a state that its stack fits. Returns its output, or null if an inner frame is open
   * now, or LEFT or JUMPED; throws as interpret does, and WebAssemblyExhausted.
   * @param height items that the code may spill
   */
  run(
    context: Context,
    frame: Frame,
    module: WasmModule,
    height: number,
    state: number,
  ): Uint8Array | null {
    if (context !== this.#context) {
      this.#begin(context);
    }
    const run = this.#runOf(module);
    frame.region ??= this.#linear.open(frame.memory, height, frame.calldata);
    this.#frame = frame;
    this.#giveFrame(context, frame, frame.region);
    const exit = run(state);
    frame.gas = this.#linear.numbers[REGISTERS.gas / 8] ?? 0;
    switch (exit) {
      case EXIT.stop:
      case EXIT.destroyed:
        return NO_BYTES;
      case EXIT.return:
        return outputOf(frame, this.#operand(0), this.#operand(1));
      case EXIT.revert:
        frame.returnData = outputOf(frame, this.#operand(0), this.#operand(1));
        throw halts.REVERT;
      case EXIT.call:
        this.#takeStack(frame);
        return null;
      case EXIT.leave:
      case EXIT.limit:
        this.#takeStack(frame);
        frame.pc = this.#linear.words32[REGISTERS.pc / 4] ?? 0;
        return exit === EXIT.leave ? LEFT : BEYOND_LIMITS;
      case EXIT.jump:
        frame.pc = jump(frame.analysis.jumpDestinations, Number(this.#operand(0)));
        this.#takeStack(frame);
        return JUMPED;
      case EXIT.outOfGas:
        throw halts.OUT_OF_GAS;
      case EXIT.invalidJump:
        throw halts.INVALID_JUMP;
      case EXIT.invalidOpcode:
        throw halts.INVALID_OPCODE;
      case EXIT.stackUnderflow:
        throw halts.STACK_UNDERFLOW;
      case EXIT.stackOverflow:
        throw halts.STACK_OVERFLOW;
      default:
        throw new InvariantError(`compiled code ended with ${exit}`);
    }
  }

  /** Another message: what the last one left in its middle is gone. */
  #begin(context: Context): void {
    this.#context = context;
    this.#linear.closeAll();
    if (this.#linear.size > LARGEST_KEPT) {
      // A linear memory never shrinks.
      this.#linear = orExhausted(this.#api, () => new LinearMemory(this.#api));
      this.#imports = orExhausted(this.#api, () => this.#makeImports());
      this.#runs = new WeakMap();
    }
  }

  #runOf(module: WasmModule): Run {
    let run = this.#runs.get(module);
    if (run === undefined) {
      const { exports } = orExhausted(
        this.#api,
        () => new this.#api.Instance(module, this.#imports),
      );
      run = exports[RUN_EXPORT] as Run; // its signature: compile-function.ts
      this.#runs.set(module, run);
    }
    return run;
  }

  #giveFrame(context: Context, frame: Frame, region: FrameRegion): void {
    const { words32, numbers } = this.#linear;
    numbers[REGISTERS.gas / 8] = frame.gas;
    words32[REGISTERS.size / 4] = frame.memory.size;
    words32[REGISTERS.memory / 4] = region.memory;
    words32[REGISTERS.calldata / 4] = region.calldata;
    words32[REGISTERS.calldataLength / 4] = frame.calldata.length;
    words32[REGISTERS.stack / 4] = region.stack;
    words32[REGISTERS.height / 4] = frame.sp;
    words32[REGISTERS.returnDataLength / 4] = frame.returnData.length;
    words32[REGISTERS.tracing / 4] = context.tracing ? 1 : 0;
    for (let place = 0; place < frame.sp; place++) {
      this.#put(region.stack + place * WORD_BYTES, frame.stack[place] ?? 0n);
    }
  }

  /** The spilled stack becomes the frame's. */
  #takeStack(frame: Frame): void {
    const height = this.#linear.words32[REGISTERS.height / 4] ?? 0;
    const start = frame.region?.stack ?? 0;
    for (let place = 0; place < height; place++) {
      frame.stack[place] = this.#wordAt(start + place * WORD_BYTES);
    }
    frame.sp = height;
  }

  #put(address: number, word: bigint): void {
    const { words64 } = this.#linear;
    const first = address / 8;
    words64[first] = word; // takes the value modulo 2^64
    if (word <= LIMB_MASK) {
      words64[first + 1] = 0n;
      words64[first + 2] = 0n;
      words64[first + 3] = 0n;
    } else {
      words64[first + 1] = word >> 64n;
      words64[first + 2] = word >> 128n;
      words64[first + 3] = word >> 192n;
    }
  }

  #wordAt(address: number): bigint {
    const { words32, words64 } = this.#linear;
    const half = address / 4;
    if (
      words32[half + 2] === 0 &&
      words32[half + 3] === 0 &&
      words32[half + 4] === 0 &&
      words32[half + 5] === 0 &&
      words32[half + 6] === 0 &&
      words32[half + 7] === 0
    ) {
      const high = words32[half + 1] ?? 0;
      return high < SAFE_HIGH
        ? BigInt(high * UINT32 + (words32[half] ?? 0))
        : (words64[address / 8] ?? 0n);
    }
    return this.#words.at(words32, words64, address / 8);
  }

  #operand(index: number): bigint {
    return this.#wordAt(OPERANDS + index * WORD_BYTES);
  }

  /** The frame and its message, while compiled code runs; gas is in the frame. */
  #running(): { readonly context: Context; readonly frame: Frame } {
    const frame = this.#frame;
    const context = this.#context;
    invariant(frame !== null && context !== null, "compiled code runs without a frame");
    return { context, frame };
  }

  #reach(end: number, gas: number): number {
    const { frame } = this.#running();
    const { memory } = frame;
    if (end > MAX_MEMORY_BYTES) {
      return -1;
    }
    const price = memory.expansionGas(end);
    if (price > gas) {
      return -1;
    }
    memory.expand(end);
    this.#linear.words32[REGISTERS.size / 4] = memory.size;
    return gas - price;
  }

  #operate(opcode: number, pc: number): void {
    const { context, frame } = this.#running();
    frame.gas = this.#linear.numbers[REGISTERS.gas / 8] ?? 0;
    const result = runHostOpcode(context, frame, opcode, pc, this.#operands);
    this.#linear.numbers[REGISTERS.gas / 8] = frame.gas;
    this.#linear.words32[REGISTERS.size / 4] = frame.memory.size;
    if (result !== null) {
      this.#put(OPERANDS, result);
    }
  }

  #enter(opcode: number, pc: number): number {
    const { context, frame } = this.#running();
    frame.gas = this.#linear.numbers[REGISTERS.gas / 8] ?? 0;
    frame.pc = pc;
    frame.sp = 0; // an immediate result is pushed alone
    const ended = enterFrame(context, frame, opcode, this.#operands);
    this.#linear.numbers[REGISTERS.gas / 8] = frame.gas;
    this.#linear.words32[REGISTERS.size / 4] = frame.memory.size;
    this.#linear.words32[REGISTERS.returnDataLength / 4] = frame.returnData.length;
    if (!ended) {
      return 0;
    }
    this.#put(OPERANDS, frame.stack[0] ?? 0n);
    return 1;
  }

  #recordPreimage(address: number, length: number): void {
    const { context } = this.#running();
    const data = this.#linear.bytes.slice(address >>> 0, (address >>> 0) + length);
    context.view.recordPreimage(keccak256Hex(data), data);
  }
}
