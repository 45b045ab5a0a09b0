/**
 * Compiled code that threads have in common: one of them compiles, all run.
 *
 * Owns: what this thread knows of, and what it has to tell. Does not own: how it gets to other threads
 * (they are handed `SharedCode`, which is structured-clonable); when a code is compiled.
 */

import type { WasmModule } from "../../../../crypto/web-assembly";
import type { Hash } from "../../../../state/hex";
import type { Schedule } from "../schedule";

export interface SharedCode {
  /** code and rules it was compiled for */
  readonly key: string;
  readonly module: WasmModule;
  /** bytes of the module */
  readonly size: number;
  /** items of the stack that it spills at most */
  readonly height: number;
  /** see entry-table.ts */
  readonly entries: Int32Array;
}

/** bytes of modules kept; the oldest go first */
const CAPACITY = 8 * 1024 * 1024;

export class CodeShare {
  readonly #codes = new Map<string, SharedCode>();
  #bytes = 0;
  #untold: SharedCode[] = [];
  /** Changes whenever another thread's code came. */
  generation = 0;

  find(key: string): SharedCode | null {
    return this.#codes.get(key) ?? null;
  }

  /** This thread has compiled the code. */
  publish(code: SharedCode): void {
    this.#keep(code);
    this.#untold.push(code);
  }

  /** Another thread has compiled the codes; what this one has compiled itself stays. */
  accept(codes: readonly SharedCode[]): void {
    for (const code of codes) {
      if (!this.#codes.has(code.key)) {
        this.#keep(code);
        this.generation++;
      }
    }
  }

  /** What was published since the last time. */
  takeUntold(): readonly SharedCode[] {
    const untold = this.#untold;
    this.#untold = [];
    return untold;
  }

  #keep(code: SharedCode): void {
    this.#bytes += code.size - (this.#codes.get(code.key)?.size ?? 0);
    this.#codes.delete(code.key);
    this.#codes.set(code.key, code);
    for (const [key, { size }] of this.#codes) {
      if (this.#bytes <= CAPACITY || key === code.key) {
        break;
      }
      this.#codes.delete(key);
      this.#bytes -= size;
    }
  }
}

const keys = new WeakMap<Schedule, string>();

/** What compiled code depends on: the code, and the prices that are in it. */
export function shareKey(codeHash: Hash, schedule: Schedule): string {
  let prices = keys.get(schedule);
  if (prices === undefined) {
    prices = [...schedule.opcodeGas, schedule.keccakWord, schedule.expByte].join();
    keys.set(schedule, prices);
  }
  return `${codeHash}:${prices}`;
}
