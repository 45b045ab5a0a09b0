/**
 * Writes operations on limbs into a function, computing what is known already.
 *
 * Owns: locals for intermediate values, which are used again after `reset`. Does not own: locals that
 * outlive a block (compile-function.ts).
 */
import { invariant } from "../../../../errors/base-error";
import type { FunctionBuilder, Local } from "./encoder/function-builder";
import { I, type Plain, TYPE } from "./encoder/instructions";
import { bitsOf, isZero, LIMB_BITS, LIMB_MASK, type Limb, ZERO } from "./word-value";

class Pool {
  readonly #make: () => Local;
  readonly #locals: Local[] = [];
  #used = 0;

  constructor(make: () => Local) {
    this.#make = make;
  }

  take(): Local {
    const free = this.#locals[this.#used];
    const local = free ?? this.#make();
    if (free === undefined) {
      this.#locals.push(local);
    }
    this.#used++;
    return local;
  }

  reset(): void {
    this.#used = 0;
  }
}

export class LimbEmitter {
  readonly f: FunctionBuilder;
  readonly #wide: Pool;
  readonly #narrow: Pool;

  constructor(f: FunctionBuilder) {
    this.f = f;
    this.#wide = new Pool(() => f.local(TYPE.i64));
    this.#narrow = new Pool(() => f.local(TYPE.i32));
  }

  /** Values made so far are not used any more. */
  reset(): void {
    this.#wide.reset();
    this.#narrow.reset();
  }

  /** A fresh i64 local. */
  wide(): Local {
    return this.#wide.take();
  }

  /** A fresh i32 local. */
  narrow(): Local {
    return this.#narrow.take();
  }

  /** Puts the limb on the operand stack as an i64. */
  push(limb: Limb): void {
    switch (limb.kind) {
      case "constant":
        this.f.i64(limb.value);
        break;
      case "local":
        this.f.get(limb.local);
        break;
      case "flag":
        this.f.get(limb.local);
        this.f.plain(I.i64ExtendI32U);
        break;
    }
  }

  /** The i64 on the operand stack, which is below 2^bits, as a limb. */
  pop(bits: number = LIMB_BITS): Limb {
    const local = this.wide();
    this.f.set(local);
    return { kind: "local", local, bits };
  }

  /** The i32 on the operand stack, 0 or 1, as a limb. */
  popFlag(): Limb {
    const local = this.narrow();
    this.f.set(local);
    return { kind: "flag", local };
  }

  /** a op b, of any instruction on two i64 with an i64 result. */
  binary(instruction: Plain, a: Limb, b: Limb, bits: number = LIMB_BITS): Limb {
    this.push(a);
    this.push(b);
    this.f.plain(instruction);
    return this.pop(bits);
  }

  /** Puts "is any of the limbs not 0?" on the operand stack as an i32 (not 0 = yes). */
  pushAny(limbs: readonly Limb[]): void {
    this.#pushUnion(limbs, (limb) => this.f.get(limb), I.i64Ne);
  }

  /** Puts "are all limbs 0?" on the operand stack as an i32, 0 or 1. */
  pushNone(limbs: readonly Limb[]): void {
    this.#pushUnion(
      limbs,
      (limb) => {
        this.f.get(limb);
        this.f.plain(I.i32Eqz);
      },
      I.i64Eqz,
    );
  }

  and(a: Limb, b: Limb): Limb {
    if (a.kind === "constant" && b.kind === "constant") {
      return constant(a.value & b.value);
    }
    for (const [known, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (known.kind === "constant") {
        if (known.value === 0n) {
          return ZERO;
        }
        const possible = (1n << BigInt(bitsOf(other))) - 1n;
        if ((known.value & possible) === possible) {
          return other;
        }
      }
    }
    if (a.kind === "flag" && b.kind === "flag") {
      return this.#flags(I.i32And, a.local, b.local);
    }
    return this.binary(I.i64And, a, b, Math.min(bitsOf(a), bitsOf(b)));
  }

  or(a: Limb, b: Limb): Limb {
    if (a.kind === "constant" && b.kind === "constant") {
      return constant(a.value | b.value);
    }
    if (isZero(a)) {
      return b;
    }
    if (isZero(b)) {
      return a;
    }
    if (a.kind === "flag" && b.kind === "flag") {
      return this.#flags(I.i32Or, a.local, b.local);
    }
    return this.binary(I.i64Or, a, b, Math.max(bitsOf(a), bitsOf(b)));
  }

  xor(a: Limb, b: Limb): Limb {
    if (a.kind === "constant" && b.kind === "constant") {
      return constant(a.value ^ b.value);
    }
    if (isZero(a)) {
      return b;
    }
    if (isZero(b)) {
      return a;
    }
    if (a.kind === "flag" && b.kind === "flag") {
      return this.#flags(I.i32Xor, a.local, b.local);
    }
    return this.binary(I.i64Xor, a, b, Math.max(bitsOf(a), bitsOf(b)));
  }

  /** limb << amount, cut; 0 <= amount < 64 */
  shiftLeft(limb: Limb, amount: number): Limb {
    if (amount === 0 || isZero(limb)) {
      return limb;
    }
    if (limb.kind === "constant") {
      return constant((limb.value << BigInt(amount)) & LIMB_MASK);
    }
    const bits = Math.min(LIMB_BITS, bitsOf(limb) + amount);
    return this.binary(I.i64Shl, limb, constant(BigInt(amount)), bits);
  }

  /** limb >> amount; 0 <= amount < 64 */
  shiftRight(limb: Limb, amount: number): Limb {
    if (amount === 0 || isZero(limb)) {
      return limb;
    }
    if (limb.kind === "constant") {
      return constant(limb.value >> BigInt(amount));
    }
    const bits = bitsOf(limb) - amount;
    return bits <= 0 ? ZERO : this.binary(I.i64ShrU, limb, constant(BigInt(amount)), bits);
  }

  #pushUnion(limbs: readonly Limb[], ofFlag: (local: Local) => void, test: Plain): void {
    const open = limbs.filter((limb) => !isZero(limb));
    const [first, ...others] = open;
    if (first?.kind === "flag" && others.length === 0) {
      ofFlag(first.local);
      return;
    }
    this.push(first ?? ZERO);
    for (const limb of others) {
      this.push(limb);
      this.f.plain(I.i64Or);
    }
    if (test === I.i64Ne) {
      this.f.i64(0n);
    }
    this.f.plain(test);
  }

  #flags(instruction: Plain, a: Local, b: Local): Limb {
    this.f.get(a);
    this.f.get(b);
    this.f.plain(instruction);
    return this.popFlag();
  }
}

export function constant(value: bigint): Limb {
  invariant(value >= 0n && value <= LIMB_MASK, "a limb has 64 bits");
  return value === 0n ? ZERO : { kind: "constant", value };
}
