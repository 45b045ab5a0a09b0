/**
 * What the interpreter needs to know of a code before it runs it: where jumps may land and what
 * PUSH instructions push. Done once per code hash; the cache is bounded by the bytes of code in it.
 */
import type { Hash } from "../../../state/hex";
import { wordOfBytes } from "./words";

export interface CodeAnalysis {
  readonly code: Uint8Array;
  /** 1 at every JUMPDEST that is not push data */
  readonly jumpDestinations: Uint8Array;
  /** value pushed by the PUSH at that position */
  readonly pushes: ReadonlyMap<number, bigint>;
}

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const JUMPDEST = 0x5b;

/** Linear in the code's size. */
export function analyseCode(code: Uint8Array): CodeAnalysis {
  const jumpDestinations = new Uint8Array(code.length);
  const pushes = new Map<number, bigint>();
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc] ?? 0;
    if (opcode === JUMPDEST) {
      jumpDestinations[pc] = 1;
    } else if (opcode >= PUSH1 && opcode <= PUSH32) {
      const size = opcode - PUSH1 + 1;
      const data = code.subarray(pc + 1, pc + 1 + size);
      // Push data past the end of the code reads as zeros (yellow paper, section 9.4.1).
      pushes.set(pc, wordOfBytes(data) << BigInt((size - data.length) * 8));
      pc += size;
    }
  }
  return { code, jumpDestinations, pushes };
}

export class CodeCache {
  readonly #analyses = new Map<Hash, CodeAnalysis>();
  readonly #capacity: number;
  #bytes = 0;

  /** @param capacity bytes of code kept */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(hash: Hash, code: Uint8Array): CodeAnalysis {
    const cached = this.#analyses.get(hash);
    if (cached !== undefined) {
      return cached;
    }
    const analysis = analyseCode(code);
    this.#bytes += code.length;
    this.#analyses.set(hash, analysis);
    // Oldest first: a Map iterates in order of insertion.
    for (const [oldest, { code: dropped }] of this.#analyses) {
      if (this.#bytes <= this.#capacity || oldest === hash) {
        break;
      }
      this.#analyses.delete(oldest);
      this.#bytes -= dropped.length;
    }
    return analysis;
  }
}
