/**
 * What the interpreter needs to know of a code before it runs it: where jumps may land and what
 * PUSH instructions push. Done once per code hash; the cache is bounded by the bytes of code in it.
 */
import type { Hash } from "../../../state/hex";
import type { Heat } from "./compiled/heat";
import { wordOfBytes } from "./words";

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const JUMPDEST = 0x5b;
/** bytes; the words that a larger code pushes are read anew each time, to bound memory */
const LARGEST_WITH_PUSH_TABLE = 0x10000;

export class CodeAnalysis {
  readonly code: Uint8Array;
  /** null for init code */
  readonly hash: Hash | null;
  /** null until the code first runs where it may be compiled */
  heat: Heat | null = null;
  readonly #pushes: (bigint | undefined)[] | null;
  #jumpDestinations: Uint8Array | null = null;

  constructor(code: Uint8Array, hash: Hash | null = null) {
    this.code = code;
    this.hash = hash;
    this.#pushes =
      code.length > LARGEST_WITH_PUSH_TABLE ? null : new Array<bigint | undefined>(code.length);
  }

  /** 1 at every JUMPDEST that is not push data; made at the first jump. */
  get jumpDestinations(): Uint8Array {
    this.#jumpDestinations ??= findJumpDestinations(this.code);
    return this.#jumpDestinations;
  }

  /** The word pushed by the PUSH1 … PUSH32 at `pc`. */
  push(pc: number): bigint {
    const known = this.#pushes?.[pc];
    if (known !== undefined) {
      return known;
    }
    const word = pushedWord(this.code, pc);
    if (this.#pushes !== null) {
      this.#pushes[pc] = word;
    }
    return word;
  }
}

function pushedWord(code: Uint8Array, pc: number): bigint {
  const size = (code[pc] ?? 0) - PUSH1 + 1;
  const data = code.subarray(pc + 1, pc + 1 + size);
  // Push data past the end of the code reads as zeros (yellow paper, section 9.4.1).
  return wordOfBytes(data) << BigInt((size - data.length) * 8);
}

/** Linear in the code's size. */
function findJumpDestinations(code: Uint8Array): Uint8Array {
  const jumpDestinations = new Uint8Array(code.length);
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc] ?? 0;
    if (opcode === JUMPDEST) {
      jumpDestinations[pc] = 1;
    } else if (opcode >= PUSH1 && opcode <= PUSH32) {
      pc += opcode - PUSH1 + 1;
    }
  }
  return jumpDestinations;
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
    const analysis = new CodeAnalysis(code, hash);
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
