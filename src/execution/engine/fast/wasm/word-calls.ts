/**
 * Calls of the arithmetic that is not written in line (words-runtime.ts), as imports of the module:
 * all of them are declared, since an import that is not called costs next to nothing.
 */
import { I, MEMORY, TYPE } from "./encoder/instructions";
import type { ModuleBuilder } from "./encoder/module-builder";
import type { LimbEmitter } from "./limb-emitter";
import { bitsOf, LIMB_BITS, type Limb, oneLimb, sizeOf, type WordValue } from "./word-value";
import {
  LIMB_OPERATIONS,
  type LimbOperation,
  RESULT_ADDRESS,
  WORD_OPERATIONS,
  type WordOperation,
} from "./words-runtime";

/** The module's name in imports. */
export const WORDS_IMPORT = "words";

export type WordFunctions = Readonly<
  Record<WordOperation | LimbOperation | "multiplyHigh" | "significantBytes" | "keccak256", number>
>;

export function importWordFunctions(module: ModuleBuilder): WordFunctions {
  const { i32, i64 } = TYPE;
  const declare = (name: string, parameters: readonly (typeof i32 | typeof i64)[]): number =>
    module.importFunction(WORDS_IMPORT, name, { parameters, results: [i64] });
  const limbs = (count: number): (typeof i64)[] => new Array<typeof i64>(count).fill(i64);
  const entries: [string, number][] = [
    ...Object.entries(WORD_OPERATIONS).map(([name, words]): [string, number] => [
      name,
      declare(name, limbs(words * 4)),
    ]),
    ...LIMB_OPERATIONS.map((name): [string, number] => [name, declare(name, limbs(5))]),
    ["multiplyHigh", declare("multiplyHigh", limbs(2))],
    ["significantBytes", declare("significantBytes", limbs(4))],
    ["keccak256", declare("keccak256", [i32, i32])],
  ];
  return Object.fromEntries(entries) as WordFunctions; // all of its names
}

export class WordCalls {
  readonly #e: LimbEmitter;
  readonly #functions: WordFunctions;

  constructor(emitter: LimbEmitter, functions: WordFunctions) {
    this.#e = emitter;
    this.#functions = functions;
  }

  words(name: WordOperation, operands: readonly WordValue[]): WordValue {
    for (const { limbs } of operands) {
      for (const limb of limbs) {
        this.#e.push(limb);
      }
    }
    this.#e.f.call(this.#functions[name]);
    return this.result();
  }

  /** @param amount the word that the shift, byte or position is; beyond one limb it is cut to 2^64 - 1 */
  shifted(name: LimbOperation, amount: WordValue, operand: WordValue): WordValue {
    const { f } = this.#e;
    this.pushSaturated(amount);
    for (const limb of operand.limbs) {
      this.#e.push(limb);
    }
    f.call(this.#functions[name]);
    return name === "byteAt" ? oneLimb(this.#e.pop(8)) : this.result();
  }

  multiplyHigh(a: Limb, b: Limb, bits: number): Limb {
    this.#e.push(a);
    this.#e.push(b);
    this.#e.f.call(this.#functions.multiplyHigh);
    return this.#e.pop(bits);
  }

  /** Bytes of the word without leading zeros, as an i64 on the operand stack. */
  pushSignificantBytes({ limbs }: WordValue): void {
    for (const limb of limbs) {
      this.#e.push(limb);
    }
    this.#e.f.call(this.#functions.significantBytes);
  }

  /** Takes address and length, both i32, off the operand stack. */
  keccak256(): WordValue {
    this.#e.f.call(this.#functions.keccak256);
    return this.result();
  }

  /** The word as an i64, 2^64 - 1 if it is more. */
  pushSaturated(word: WordValue): void {
    const { f } = this.#e;
    const [low, ...upper] = word.limbs;
    if (sizeOf(word) <= 1) {
      this.#e.push(low);
      return;
    }
    f.i64(-1n);
    this.#e.push(low);
    this.#e.pushAny(upper);
    f.plain(I.select);
  }

  /** The word whose first limb is on the operand stack and whose others the arithmetic left. */
  result(): WordValue {
    const { f } = this.#e;
    const load = (place: number): Limb => {
      f.i32(0);
      f.memory(MEMORY.i64Load, RESULT_ADDRESS + 8 * place);
      return this.#e.pop();
    };
    const low = this.#e.pop();
    return { limbs: [low, load(1), load(2), load(3)] };
  }
}

/** Is the word below 2^bits, whatever its limbs turn out to be? */
export function isBelow(word: WordValue, bits: number): boolean {
  return sizeOf(word) <= 1 && bits <= LIMB_BITS && bitsOf(word.limbs[0]) <= bits;
}
