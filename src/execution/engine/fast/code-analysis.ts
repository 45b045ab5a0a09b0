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
/** Words that a code pushes before it gets a table of them, eight times its own size: one that runs once needs none. */
const PUSHES_WITHOUT_TABLE = 256;
/** It needs so many times as many for another table, once that was dropped: to make it takes time. */
const PATIENCE = 16;
/** bytes of code that have tables */
const MOST_WITH_TABLES = 8 * 1024 * 1024;
/** Bytes that an analysis takes beside its code. */
const ANALYSIS_BYTES = 256;

export class CodeAnalysis {
  readonly code: Uint8Array;
  /** null for init code */
  readonly hash: Hash | null;
  /** null until the code first runs where it may be compiled */
  heat: Heat | null = null;
  #pushes: (bigint | undefined)[] | null = null;
  /** words to push without a table */
  #patience = PUSHES_WITHOUT_TABLE;
  #left = PUSHES_WITHOUT_TABLE;
  #jumpDestinations: Uint8Array | null = null;
  readonly #tables: PushTables | null;

  /** @param tables that count its table; null: it does not live long */
  constructor(code: Uint8Array, hash: Hash | null = null, tables: PushTables | null = null) {
    this.code = code;
    this.hash = hash;
    this.#tables = tables;
  }

  /** A bit for every JUMPDEST that is not push data, for `isDestination`; made at the first jump. */
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
    const { length } = this.code;
    if (this.#pushes !== null) {
      this.#pushes[pc] = word;
    } else if (--this.#left < 0 && length <= LARGEST_WITH_PUSH_TABLE) {
      this.#pushes = new Array<bigint | undefined>(length);
      this.#tables?.add(this);
    }
    return word;
  }

  dropTable(): void {
    this.#pushes = null;
    this.#patience *= PATIENCE;
    this.#left = this.#patience;
  }
}

/** The analyses that have a table of what they push. Owns: that their tables do not take too much memory. */
class PushTables {
  readonly #analyses = new Set<CodeAnalysis>();
  #bytes = 0;

  add(analysis: CodeAnalysis): void {
    this.#analyses.add(analysis);
    this.#bytes += analysis.code.length;
    for (const oldest of this.#analyses) {
      if (this.#bytes <= MOST_WITH_TABLES) {
        break;
      }
      oldest.dropTable();
      this.forget(oldest);
    }
  }

  forget(analysis: CodeAnalysis): void {
    if (this.#analyses.delete(analysis)) {
      this.#bytes -= analysis.code.length;
    }
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
  const jumpDestinations = new Uint8Array((code.length + 7) >> 3);
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc] ?? 0;
    if (opcode === JUMPDEST) {
      const at = pc >> 3;
      jumpDestinations[at] = (jumpDestinations[at] ?? 0) | (1 << (pc & 7));
    } else if (opcode >= PUSH1 && opcode <= PUSH32) {
      pc += opcode - PUSH1 + 1;
    }
  }
  return jumpDestinations;
}

/** May a jump land there? @param place any number that is not negative */
export function isDestination(jumpDestinations: Uint8Array, place: number): boolean {
  return (
    place < jumpDestinations.length * 8 &&
    ((jumpDestinations[place >> 3] ?? 0) & (1 << (place & 7))) !== 0
  );
}

export class CodeCache {
  readonly #analyses = new Map<Hash, CodeAnalysis>();
  readonly #tables = new PushTables();
  readonly #capacity: number;
  #bytes = 0;

  /** @param capacity bytes of code kept, with what each analysis takes */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(hash: Hash, code: Uint8Array): CodeAnalysis {
    const cached = this.#analyses.get(hash);
    if (cached !== undefined) {
      return cached;
    }
    const analysis = new CodeAnalysis(code, hash, this.#tables);
    this.#bytes += code.length + ANALYSIS_BYTES;
    this.#analyses.set(hash, analysis);
    // Oldest first: a Map iterates in order of insertion.
    for (const [oldest, dropped] of this.#analyses) {
      if (this.#bytes <= this.#capacity || oldest === hash) {
        break;
      }
      this.#analyses.delete(oldest);
      this.#tables.forget(dropped);
      this.#bytes -= dropped.code.length + ANALYSIS_BYTES;
    }
    return analysis;
  }
}
