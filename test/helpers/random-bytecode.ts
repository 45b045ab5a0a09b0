/**
 * Random EVM bytecode for comparing engines. A program is a list of choices; turning it into code keeps
 * track of the stack's height, so that most opcodes find what they take, with operands that suit their
 * role (offsets small, addresses known) and now and then anything.
 */
import fc from "fast-check";
import { hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";

/** One statement: which opcode, and a number that decides its operands. */
export type Choice = readonly [opcode: number, seed: number];

export interface Program {
  readonly choices: readonly Choice[];
  /** Creations of the program take their init code from here. */
  readonly inner: readonly (readonly Choice[])[];
}

type Role = "word" | "offset" | "length" | "address" | "gas" | "value" | "slot" | "small";

interface Operation {
  readonly opcode: number;
  /** operands, top of the stack first */
  readonly roles: readonly Role[];
  readonly results: number;
}

const operation = (opcode: number, roles: string, results: number): Operation => ({
  opcode,
  roles: roles === "" ? [] : (roles.split(" ") as Role[]), // the literals below are roles
  results,
});

const ARITHMETIC = [1, 2, 3, 4, 5, 6, 7, 0xa, 0xb, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18];
const SHIFTS = [0x1a, 0x1b, 0x1c, 0x1d];
const PLAIN = [
  0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
  0x4a, 0x58, 0x59, 0x5a, 0x5f,
];

const OPERATIONS: readonly Operation[] = [
  ...ARITHMETIC.map((opcode) => operation(opcode, "word word", 1)),
  ...SHIFTS.map((opcode) => operation(opcode, "small word", 1)),
  ...[0x15, 0x19, 0x1e].map((opcode) => operation(opcode, "word", 1)),
  ...[0x08, 0x09].map((opcode) => operation(opcode, "word word word", 1)),
  ...PLAIN.map((opcode) => operation(opcode, "", 1)),
  ...[0x31, 0x3b, 0x3f].map((opcode) => operation(opcode, "address", 1)),
  operation(0x20, "offset length", 1),
  operation(0x35, "offset", 1),
  ...[0x37, 0x39, 0x3e, 0x5e].map((opcode) => operation(opcode, "offset offset length", 0)),
  operation(0x3c, "address offset offset length", 0),
  operation(0x40, "small", 1),
  operation(0x49, "small", 1),
  operation(0x50, "word", 0),
  operation(0x51, "offset", 1),
  ...[0x52, 0x53].map((opcode) => operation(opcode, "offset word", 0)),
  ...[0x54, 0x54, 0x5c].map((opcode) => operation(opcode, "slot", 1)),
  ...[0x55, 0x55, 0x55, 0x5d].map((opcode) => operation(opcode, "slot word", 0)),
  ...[0xa0, 0xa1, 0xa2, 0xa3, 0xa4].map((opcode) =>
    operation(opcode, `offset length${" word".repeat(opcode - 0xa0)}`, 0),
  ),
  ...[0xf1, 0xf1, 0xf2].map((opcode) =>
    operation(opcode, "gas address value offset length offset length", 1),
  ),
  ...[0xf4, 0xfa].map((opcode) => operation(opcode, "gas address offset length offset length", 1)),
];
const ENDS: readonly Operation[] = [
  operation(0x00, "", 0),
  ...[0xf3, 0xf3, 0xfd, 0xfd].map((opcode) => operation(opcode, "offset length", 0)),
  operation(0xff, "address", 0),
  operation(0xfe, "", 0),
];

/** What a loop does to the top of the stack. */
const ACCUMULATORS = [0x01, 0x02, 0x03, 0x04, 0x0a, 0x10, 0x16, 0x18, 0x1b];

/** Choices from here on are not in OPERATIONS. */
const SPECIAL = OPERATIONS.length;
const SPECIALS = [
  "create",
  "create2",
  "jump",
  "loop",
  "dup",
  "swap",
  "push",
  "end",
  "raw",
] as const;
/** A choice is a number below it. */
export const CHOICES = SPECIAL + 2 * SPECIALS.length;
/** The choice of a loop that burns most of the gas. */
export const LOOP_CHOICE = SPECIAL + SPECIALS.indexOf("loop");

const WORDS: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 31n, 32n, 33n, 96n, 255n, 256n, 257n, 1023n, 0xffffn],
  ...[31n, 32n, 53n, 63n, 64n, 128n, 160n, 224n, 255n].flatMap((power) => [
    (1n << power) - 1n,
    1n << power,
  ]),
  (1n << 256n) - 1n,
  (1n << 256n) - 2n,
  0xef00n << 240n,
  0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefn,
];

export function arbitraryProgram(length = 30): fc.Arbitrary<Program> {
  const choice: fc.Arbitrary<Choice> = fc.tuple(
    fc.nat(CHOICES - 1),
    fc.integer({ min: 0, max: 0xffff_ffff }),
  );
  return fc.record({
    choices: fc.array(choice, { minLength: 1, maxLength: length, size: "max" }),
    inner: fc.array(fc.array(choice, { maxLength: 8, size: "max" }), {
      minLength: 1,
      maxLength: 2,
    }),
  });
}

/** Programs of which many statements are loops that burn most of the gas: frames change tiers inside. */
export function arbitraryLoops(): fc.Arbitrary<Program> {
  const seed = fc.integer({ min: 0, max: 0xffff_ffff });
  const loop: fc.Arbitrary<Choice> = fc.tuple(fc.constant(LOOP_CHOICE), seed);
  const push: fc.Arbitrary<Choice> = fc.tuple(
    fc.constant(SPECIAL + SPECIALS.indexOf("push")),
    seed,
  );
  return fc
    .tuple(
      fc.array(push, { minLength: 2, maxLength: 4 }),
      fc.array(loop, { minLength: 1, maxLength: 2 }),
      arbitraryProgram(8),
    )
    .map(([pushes, loops, { choices, inner }]) => ({
      choices: [...pushes, ...loops, ...choices],
      inner,
    }));
}

/** The code of a program whose operands name these addresses. */
export function codeOf({ choices, inner }: Program, addresses: readonly Address[]): Uint8Array {
  const creations = inner.map((part) => new Writer(addresses, []).program(part));
  return new Writer(addresses, creations).program(choices);
}

class Writer {
  readonly #bytes: number[] = [];
  readonly #addresses: readonly Address[];
  readonly #creations: readonly Uint8Array[];
  /** positions of PUSH2 operands that get the place of a creation's code */
  readonly #patches: { readonly at: number; readonly creation: number }[] = [];
  #height = 0;
  #seed = 0;

  constructor(addresses: readonly Address[], creations: readonly Uint8Array[]) {
    this.#addresses = addresses;
    this.#creations = creations;
  }

  program(choices: readonly Choice[]): Uint8Array {
    let jump: { readonly at: number; until: number } | null = null;
    for (const [index, [choice, seed]] of choices.entries()) {
      this.#seed = seed;
      if (jump !== null && index >= jump.until) {
        this.#land(jump.at);
        jump = null;
      }
      const plain = OPERATIONS[choice];
      if (plain !== undefined) {
        this.#operation(plain);
        continue;
      }
      const special = SPECIALS[(choice - SPECIAL) % SPECIALS.length];
      if (special === "jump" && jump === null) {
        this.#push(this.#random() % 2 === 0 ? 0n : 1n);
        this.#push2(0);
        this.#bytes.push(0x57);
        this.#height -= 2;
        jump = { at: this.#bytes.length - 3, until: index + 1 + (this.#random() % 4) };
      } else {
        this.#special(special ?? "dup");
      }
    }
    if (jump !== null) {
      this.#land(jump.at);
    }
    this.#returnTop();
    const code = Uint8Array.from([
      ...this.#bytes,
      ...this.#creations.flatMap((creation) => [...creation]),
    ]);
    for (const { at, creation } of this.#patches) {
      const before = this.#creations.slice(0, creation);
      const place = before.reduce((sum, { length }) => sum + length, this.#bytes.length);
      code[at] = place >> 8;
      code[at + 1] = place & 0xff;
    }
    return code;
  }

  #special(kind: (typeof SPECIALS)[number]): void {
    switch (kind) {
      case "create":
      case "create2":
        this.#create(kind === "create2");
        return;
      case "loop": {
        // JUMPDEST, a turn's work, GAS, PUSH3 limit, LT, jump back while there is gas
        const start = this.#bytes.length;
        this.#bytes.push(0x5b);
        if (this.#height >= 2 && this.#random() % 2 === 0) {
          // the top item becomes what it and the one below give: numbers grow, shrink and overflow
          this.#bytes.push(0x81, ACCUMULATORS[this.#random() % ACCUMULATORS.length] ?? 0x01);
        }
        this.#bytes.push(0x58, 0x58, this.#random() % 2 === 0 ? 0x01 : 0x02);
        if (this.#random() % 2 === 0) {
          this.#bytes.push(0x50);
        } else {
          this.#height++;
        }
        this.#bytes.push(0x5a, 0x62, 0x00, 0xc0, 0x00, 0x10);
        this.#push2(start);
        this.#bytes.push(0x57);
        this.#height -= 1;
        return;
      }
      case "dup": {
        const depth = this.#random() % 16;
        this.#bytes.push(0x80 + (this.#height > depth ? depth : 0));
        if (this.#height === 0) {
          this.#bytes.splice(-1, 1, 0x36);
        }
        this.#height++;
        return;
      }
      case "swap": {
        const depth = this.#random() % 16;
        if (this.#height > depth + 1) {
          this.#bytes.push(0x90 + depth);
        }
        return;
      }
      case "end":
        // rarely in the middle: what follows would never run
        if (this.#random() % 3 === 0) {
          this.#operation(ENDS[this.#random() % ENDS.length] ?? operation(0, "", 0));
        }
        return;
      case "raw":
        if (this.#random() % 4 === 0) {
          this.#bytes.push(this.#random() % 256);
        }
        return;
      default:
        this.#push(this.#word());
    }
  }

  #create(salted: boolean): void {
    const creation = this.#random() % Math.max(this.#creations.length, 1);
    const length = this.#creations[creation]?.length ?? this.#random() % 64;
    // CODECOPY(0, place, length), then CREATE(value, 0, length)
    this.#push(BigInt(length));
    this.#patches.push({ at: this.#bytes.length + 1, creation });
    this.#push2(0);
    this.#push(0n);
    this.#bytes.push(0x39);
    this.#height -= 3;
    if (salted) {
      this.#push(BigInt(this.#random() % 3));
    }
    this.#push(BigInt(length));
    this.#push(0n);
    this.#push(this.#operand("value"));
    this.#bytes.push(salted ? 0xf5 : 0xf0);
    this.#height -= salted ? 3 : 2;
  }

  #operation({ opcode, roles, results }: Operation): void {
    const operands = [...roles].reverse();
    // Sometimes the stack's own top serves as the last operands.
    const reused = this.#random() % 3 === 0 ? Math.min(this.#random() % 3, this.#height) : 0;
    for (const [index, role] of operands.entries()) {
      if (index >= operands.length - reused && (role === "word" || role === "small")) {
        this.#bytes.push(0x80 + Math.min(this.#height - 1, 15));
        this.#height++;
      } else {
        this.#pushOperand(role);
      }
    }
    this.#bytes.push(opcode);
    this.#height += results - roles.length;
  }

  #pushOperand(role: Role): void {
    if (role === "gas" && this.#random() % 2 === 0) {
      this.#bytes.push(0x5a);
      this.#height++;
    } else {
      this.#push(this.#operand(role));
    }
  }

  #operand(role: Role): bigint {
    const random = this.#random();
    if (random % 40 === 0) {
      return this.#word();
    }
    switch (role) {
      case "offset":
        return BigInt(random % 200);
      case "length":
        return BigInt(random % 3 === 0 ? 0 : random % 130);
      case "small":
        return BigInt(random % 300);
      case "slot":
        return BigInt(random % 4);
      case "value":
        return random % 3 === 0 ? BigInt(random % 5) : 0n;
      case "gas":
        return BigInt(random % 60_000);
      case "address":
        return BigInt(this.#addresses[random % this.#addresses.length] ?? "0x0");
      default:
        return this.#word();
    }
  }

  #word(): bigint {
    return WORDS[this.#random() % WORDS.length] ?? 0n;
  }

  #push(word: bigint): void {
    const bytes = hexToBytes(
      `0x${word.toString(16).padStart(word.toString(16).length + (word.toString(16).length % 2), "0")}`,
    );
    this.#bytes.push(0x5f + bytes.length, ...bytes);
    this.#height++;
  }

  #push2(word: number): void {
    this.#bytes.push(0x61, word >> 8, word & 0xff);
    this.#height++;
  }

  #land(at: number): void {
    this.#bytes[at] = this.#bytes.length >> 8;
    this.#bytes[at + 1] = this.#bytes.length & 0xff;
    this.#bytes.push(0x5b);
  }

  /** Whatever is on top of the stack becomes visible. */
  #returnTop(): void {
    if (this.#height > 0) {
      this.#bytes.push(0x60, 0x00, 0x52);
    }
    this.#bytes.push(0x60, 0x40, 0x60, 0x00, 0xf3);
  }

  /** mulberry32 */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) >>> 0;
    let mixed = this.#seed;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

/** Some bytes of a code replaced. */
export function mutate(
  code: Uint8Array,
  changes: readonly (readonly [place: number, byte: number])[],
): Uint8Array {
  const mutated = code.slice();
  for (const [place, byte] of changes) {
    if (mutated.length > 0) {
      mutated[place % mutated.length] = byte;
    }
  }
  return mutated;
}
