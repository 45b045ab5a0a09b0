/**
 * EVM memory and calldata: words in big-endian order at computed places, with the price of growing.
 *
 * Invariant: an access checks that its end is within the active size, or is known to be within what the
 * block has reached already; the linear memory reaches at least as far as the active size.
 */
import type { Label, Local } from "./encoder/function-builder";
import { I, MEMORY, TYPE } from "./encoder/instructions";
import type { LimbEmitter } from "./limb-emitter";
import { checkGas, loadSize, type Registers } from "./registers";
import { isZero, knownWord, type Limb, sizeOf, type WordValue, ZERO } from "./word-value";

const REVERSED = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
/** No gas pays for more memory (see memory.ts). */
const MAX_BYTES = 2n ** 32n;
/** Offsets below may be immediates of an access. */
const LARGEST_IMMEDIATE = 2n ** 30n;
const WORD = 32;

/** Where an access goes: a base on the operand stack and an immediate. */
interface Place {
  pushBase(): void;
  readonly immediate: number;
}

export class MemoryEmitter {
  readonly #e: LimbEmitter;
  readonly #registers: Registers;
  readonly #outOfGas: Label;
  readonly #reach: number;
  /** bytes that the block has certainly made active */
  #reached = 0;
  #half: Local | null = null;

  /** @param reach index of the function that pays for and makes active (end: f64, gas: f64) -> gas left, or -1 */
  constructor(e: LimbEmitter, registers: Registers, outOfGas: Label, reach: number) {
    this.#e = e;
    this.#registers = registers;
    this.#outOfGas = outOfGas;
    this.#reach = reach;
  }

  /** A block begins, or is left for a way that does not come back. */
  forget(): void {
    this.#reached = 0;
  }

  load(offset: WordValue): WordValue {
    return this.#loadWord(this.#at(offset, WORD));
  }

  store(offset: WordValue, word: WordValue): void {
    const place = this.#at(offset, WORD);
    const { f } = this.#e;
    const [w0, w1, w2, w3] = word.limbs;
    for (const [low, high, part] of [
      [w2, w3, 0],
      [w0, w1, 16],
    ] as const) {
      place.pushBase();
      this.#pushReversed(low, high);
      f.vectorStore(place.immediate + part);
    }
  }

  storeByte(offset: WordValue, word: WordValue): void {
    const place = this.#at(offset, 1);
    place.pushBase();
    this.#e.push(word.limbs[0]);
    this.#e.f.memory(MEMORY.i64Store8, place.immediate);
  }

  /** Calldata at an offset; zeros where it has ended. */
  loadCalldata(offset: WordValue): WordValue {
    const { f } = this.#e;
    const { calldata, calldataLength } = this.#registers;
    const [low, ...upper] = offset.limbs;
    const address = this.#e.narrow();
    // beyond the end, the zeros at the end
    f.get(calldata);
    this.#e.push(low);
    f.get(calldataLength);
    this.#e.push(low);
    f.get(calldataLength);
    f.plain(I.i64LtU);
    if (!upper.every(isZero)) {
      this.#e.pushNone(upper);
      f.plain(I.i32And);
    }
    f.plain(I.select, I.i32WrapI64, I.i32Add);
    f.set(address);
    return this.#loadWord({ pushBase: () => f.get(address), immediate: 0 });
  }

  /**
   * Pays for and makes active a range of any length. Leaves its address in a local (rubbish if it is
   * empty) and gives its length, which is below 2^33 then.
   */
  range(
    offset: WordValue,
    length: WordValue,
  ): { readonly address: () => void; readonly length: Limb } {
    const { f } = this.#e;
    this.#requireOneLimb(length);
    const size = length.limbs[0];
    if (size.kind === "constant") {
      if (size.value === 0n) {
        return { address: () => f.get(this.#registers.memory), length: ZERO };
      }
      if (size.value >= MAX_BYTES) {
        f.branch(this.#outOfGas);
        return { address: () => f.i32(0), length: ZERO };
      }
      const place = this.#at(offset, Number(size.value));
      return {
        address: () => {
          place.pushBase();
          f.i32(place.immediate);
          f.plain(I.i32Add);
        },
        length: size,
      };
    }
    this.#requireBelow(size, MAX_BYTES);
    const address = this.#e.narrow();
    this.#e.pushAny([size]);
    const open = f.if();
    this.#requireOneLimb(offset);
    const start = offset.limbs[0];
    this.#requireBelow(start, MAX_BYTES);
    const end = this.#e.binary(I.i64Add, start, size, 34);
    this.#grow(end);
    f.get(this.#registers.memory);
    this.#e.push(start);
    f.plain(I.i32WrapI64, I.i32Add);
    f.set(address);
    f.end(open);
    return { address: () => f.get(address), length: size };
  }

  /** The place of `length` (above 0) bytes at `offset`, active and paid for. */
  #at(offset: WordValue, length: number): Place {
    const { f } = this.#e;
    const { memory } = this.#registers;
    const known = knownWord(offset);
    if (known !== null && known + BigInt(length) <= LARGEST_IMMEDIATE) {
      const end = Number(known) + length;
      if (end > this.#reached) {
        this.#grow({ kind: "constant", value: BigInt(end) });
        this.#reached = end;
      }
      return { pushBase: () => f.get(memory), immediate: Number(known) };
    }
    this.#requireOneLimb(offset);
    const start = offset.limbs[0];
    this.#requireBelow(start, MAX_BYTES);
    this.#grow(this.#e.binary(I.i64Add, start, { kind: "constant", value: BigInt(length) }, 34));
    const address = this.#e.narrow();
    f.get(memory);
    this.#e.push(start);
    f.plain(I.i32WrapI64, I.i32Add);
    f.set(address);
    return { pushBase: () => f.get(address), immediate: 0 };
  }

  /** Makes memory active up to `end` bytes. */
  #grow(end: Limb): void {
    const { f } = this.#e;
    const { gas, size } = this.#registers;
    this.#e.push(end);
    f.get(size);
    f.plain(I.i64GtU);
    const open = f.if();
    this.#e.push(end);
    f.plain(I.f64ConvertI64U);
    f.get(gas);
    f.plain(I.f64ConvertI64S);
    f.call(this.#reach);
    f.plain(I.i64TruncF64S);
    f.set(gas);
    checkGas(f, this.#registers, this.#outOfGas);
    loadSize(f, this.#registers);
    f.end(open);
  }

  #requireOneLimb(word: WordValue): void {
    if (sizeOf(word) > 1) {
      this.#e.pushAny(word.limbs.slice(1));
      this.#e.f.branchIf(this.#outOfGas);
    }
  }

  #requireBelow(limb: Limb, limit: bigint): void {
    if (limb.kind === "flag" || (limb.kind === "local" && limb.bits <= 32)) {
      return;
    }
    this.#e.push(limb);
    this.#e.f.i64(limit);
    this.#e.f.plain(I.i64GeU);
    this.#e.f.branchIf(this.#outOfGas);
  }

  #loadWord(place: Place): WordValue {
    const { f } = this.#e;
    this.#half ??= f.local(TYPE.v128);
    const half = this.#half;
    const limbs: Limb[] = [];
    for (const part of [16, 0]) {
      place.pushBase();
      f.vectorLoad(place.immediate + part);
      f.get(half); // the second operand is not used
      f.shuffle(REVERSED);
      f.set(half);
      for (const lane of [0, 1] as const) {
        f.get(half);
        f.extractLane64(lane);
        limbs.push(this.#e.pop());
      }
    }
    const [w0 = ZERO, w1 = ZERO, w2 = ZERO, w3 = ZERO] = limbs;
    return { limbs: [w0, w1, w2, w3] };
  }

  /** 16 bytes, most significant first, as a vector on the operand stack. */
  #pushReversed(low: Limb, high: Limb): void {
    const { f } = this.#e;
    if (low.kind === "constant" && high.kind === "constant") {
      f.vectorConstant(bytesOf((high.value << 64n) | low.value));
      return;
    }
    this.#e.push(low);
    f.splat64();
    if (low !== high) {
      this.#e.push(high);
      f.replaceLane64(1);
    }
    f.vectorConstant(ZEROS);
    f.shuffle(REVERSED);
  }
}

const ZEROS = new Uint8Array(16);

function bytesOf(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(32, "0"), "hex");
}
