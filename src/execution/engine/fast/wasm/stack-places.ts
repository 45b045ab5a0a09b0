/**
 * Where the items of the stack are between blocks: each place has four locals of its own, and an address in
 * the spilled stack of the frame's region for when no compiled code runs.
 */
import { invariant } from "../../../../errors/base-error";
import type { FunctionBuilder, Label, Local } from "./encoder/function-builder";
import { MEMORY, TYPE } from "./encoder/instructions";
import { WORD_BYTES } from "./layout";
import type { LimbEmitter } from "./limb-emitter";
import { LIMB_BITS, type Limb, type WordValue } from "./word-value";

type Place = readonly [Local, Local, Local, Local];

export class StackPlaces {
  readonly #e: LimbEmitter;
  /** i32: address of the spilled stack */
  readonly #stack: Local;
  readonly #height: number;
  readonly #places: Place[] = [];

  /** @param height items that are spilled at most */
  constructor(emitter: LimbEmitter, stack: Local, height: number) {
    this.#e = emitter;
    this.#stack = stack;
    this.#height = height;
  }

  /** The item as it is at the beginning of a block. */
  valueAt(place: number): WordValue {
    const limb = (local: Local): Limb => ({ kind: "local", local, bits: LIMB_BITS });
    const [a, b, c, d] = this.#at(place);
    return { limbs: [limb(a), limb(b), limb(c), limb(d)] };
  }

  /** Moves each item to its place, but for those whose word is known there. */
  settle(stack: readonly WordValue[], known: ReadonlyMap<number, bigint>): void {
    const targets: Local[] = [];
    for (const [place, { limbs }] of stack.entries()) {
      if (known.has(place)) {
        continue;
      }
      const locals = this.#at(place);
      for (const [index, limb] of limbs.entries()) {
        const target = locals[index as 0 | 1 | 2 | 3]; // there are four limbs
        if (limb.kind !== "local" || limb.local !== target) {
          this.#e.push(limb); // all are read before the first is written
          targets.push(target);
        }
      }
    }
    for (const target of targets.reverse()) {
      this.#e.f.set(target);
    }
  }

  /** Takes the items of the spilled stack; `pushHeight` says how many there are (i32). */
  load(pushHeight: () => void): void {
    const { f } = this.#e;
    this.#forEach(f, pushHeight, (local, address) => {
      f.get(this.#stack);
      f.memory(MEMORY.i64Load, address);
      f.set(local);
    });
  }

  /** As load, the other way. */
  spill(pushHeight: () => void): void {
    const { f } = this.#e;
    this.#forEach(f, pushHeight, (local, address) => {
      f.get(this.#stack);
      f.get(local);
      f.memory(MEMORY.i64Store, address);
    });
  }

  /** For each limb of each item, from the top to the bottom of a stack as high as what is pushed. */
  #forEach(
    f: FunctionBuilder,
    pushHeight: () => void,
    visit: (local: Local, address: number) => void,
  ): void {
    const labels: Label[] = [];
    for (let height = 0; height <= this.#height; height++) {
      labels.push(f.block());
    }
    const [none] = labels;
    invariant(none !== undefined, "there is a label for every height");
    pushHeight();
    f.branchTable(labels, none);
    for (let height = this.#height; height >= 0; height--) {
      f.end(labels[height] ?? none);
      if (height > 0) {
        const address = (height - 1) * WORD_BYTES;
        for (const [limb, local] of this.#at(height - 1).entries()) {
          visit(local, address + limb * 8);
        }
      }
    }
  }

  #at(place: number): Place {
    const { f } = this.#e;
    const { i64 } = TYPE;
    for (let next = this.#places.length; next <= place; next++) {
      this.#places.push([f.local(i64), f.local(i64), f.local(i64), f.local(i64)]);
    }
    const locals = this.#places[place];
    invariant(locals !== undefined, "a place without locals");
    return locals;
  }
}
