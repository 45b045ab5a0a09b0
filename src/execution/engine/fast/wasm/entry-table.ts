/**
 * Where compiled code can be entered, as numbers in shared memory: all that a thread must know of the control
 * flow that another one compiled.
 *
 * Per state, in the order of their ids: pc, height of the stack, number of known words, and for each of
 * these its place and the word, which is a jump destination.
 */
import type { BlockState, ControlFlow } from "../compiled/control-flow";

interface Entry {
  readonly state: number;
  readonly height: number;
  readonly known: readonly (readonly [place: number, word: bigint])[];
}

export function entriesOf({ states }: ControlFlow): Int32Array {
  const numbers = states.flatMap(numbersOf);
  const entries = new Int32Array(new SharedArrayBuffer(numbers.length * 4));
  entries.set(numbers);
  return entries;
}

function numbersOf({ block, height, known }: BlockState): number[] {
  const words = [...known].flatMap(([place, word]) => [place, Number(word)]);
  return [block.pc, height, known.size, ...words];
}

export class EntryTable {
  /** by pc */
  readonly #entries = new Map<number, Entry[]>();
  readonly states: number;

  constructor(numbers: Int32Array) {
    let state = 0;
    for (let at = 0; at < numbers.length; state++) {
      const [pc = 0, height = 0, count = 0] = numbers.subarray(at, at + 3);
      at += 3;
      const known: [number, bigint][] = [];
      for (let i = 0; i < count; i++, at += 2) {
        known.push([numbers[at] ?? 0, BigInt(numbers[at + 1] ?? 0)]);
      }
      const here = this.#entries.get(pc);
      if (here === undefined) {
        this.#entries.set(pc, [{ state, height, known }]);
      } else {
        here.push({ state, height, known });
      }
    }
    this.states = state;
  }

  /** As findState. */
  find(pc: number, stack: readonly bigint[], height: number): number {
    let found = -1;
    let most = -1;
    for (const { state, height: expected, known } of this.#entries.get(pc) ?? []) {
      if (expected === height && known.length > most) {
        if (known.every(([place, word]) => stack[place] === word)) {
          found = state;
          most = known.length;
        }
      }
    }
    return found;
  }
}
