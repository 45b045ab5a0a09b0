/**
 * Pieces of code that go where engines are likely to differ. Each leaves the stack as it found it, or ends
 * the frame; what it computes becomes visible in storage, memory, logs or gas.
 */
import type { Address } from "../../../src/state/hex";
import type { CodeBuilder } from "./code-builder";
import { type PrecompileSample, pickSample } from "./precompile-samples";
import type { Random } from "./random";

/** What a pattern finds around it. */
export interface World {
  readonly random: Random;
  readonly addresses: readonly Address[];
  readonly samples: readonly PrecompileSample[];
  /** init codes and runtime codes to create contracts from */
  readonly creations: readonly Uint8Array[];
}

export type Pattern = (code: CodeBuilder, world: World) => void;

const BINARY = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14];
const BITWISE = [0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d];
const UNARY = [0x15, 0x19, 0x1e];
const TERNARY = [0x08, 0x09];
/** Opcodes that take nothing: PUSH0, GAS, MSIZE and PC among them. */
const NULLARY = [
  ...[0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47],
  ...[0x48, 0x4a, 0x58, 0x59, 0x5a, 0x5f],
];
const CALLS = { CALL: 0xf1, CALLCODE: 0xf2, DELEGATECALL: 0xf4, STATICCALL: 0xfa } as const;

/** The top of the stack goes where it can be seen, or away. */
function show(code: CodeBuilder, random: Random): void {
  switch (random.below(6)) {
    case 0:
      code.push(random.below(6)).op(0x55);
      break;
    case 1:
      code.op(0x50);
      break;
    default:
      code.push(32 * random.below(8)).op(0x52);
  }
}

const arithmetic: Pattern = (code, { random }) => {
  const turns = 1 + random.below(6);
  code.push(random.word());
  for (let turn = 0; turn < turns; turn++) {
    switch (random.below(8)) {
      case 0:
        code.op(random.pick(UNARY));
        break;
      case 1:
        code.push(random.word(), random.word()).op(random.pick(TERNARY));
        break;
      case 2:
        code.push(random.below(300)).op(random.pick(BITWISE));
        break;
      case 3:
        code.op(0x80, random.pick(BINARY));
        break;
      default:
        code.push(random.word());
        if (random.once(2)) {
          code.op(0x90);
        }
        code.op(random.pick(random.once(3) ? BITWISE : BINARY));
    }
  }
  show(code, random);
};

const surroundings: Pattern = (code, { random, addresses }) => {
  switch (random.below(7)) {
    case 0:
      code.push(BigInt(random.pick(addresses))).op(random.pick([0x31, 0x3b, 0x3f]));
      break;
    case 1:
      code.push(random.once(4) ? random.word() : 999 - random.below(300)).op(0x40);
      break;
    case 2:
      code.push(random.once(4) ? random.word() : random.below(5)).op(0x49);
      break;
    case 3:
      code.push(random.once(4) ? random.word() : random.below(120)).op(0x35);
      break;
    default:
      code.op(random.pick(NULLARY));
  }
  show(code, random);
};

/** An offset or length: mostly small, now and then where memory costs much or overflows. */
function reach(random: Random): bigint {
  switch (random.below(80)) {
    case 0:
      return random.word();
    case 1:
      return BigInt(random.below(1 << 20));
    case 2:
    case 3:
    case 4:
      return BigInt(random.below(1 << 14));
    default:
      return BigInt(random.below(200));
  }
}

const memory: Pattern = (code, { random, addresses }) => {
  switch (random.below(9)) {
    case 0:
      code.push(reach(random)).op(0x51);
      show(code, random);
      break;
    case 1:
      code.push(random.word(), reach(random)).op(0x52);
      break;
    case 2:
      code.push(random.word(), reach(random)).op(0x53);
      break;
    case 3:
    case 4:
      code.push(reach(random), reach(random), reach(random)).op(random.pick([0x37, 0x39, 0x5e]));
      break;
    case 5:
      code.push(reach(random), reach(random), reach(random), BigInt(random.pick(addresses)));
      code.op(0x3c);
      break;
    case 6:
      code.push(reach(random), reach(random)).op(0x20);
      show(code, random);
      break;
    case 7: {
      const topics = random.below(5);
      code.push(...random.times(topics, () => random.word()), reach(random), reach(random));
      code.op(0xa0 + topics);
      break;
    }
    default:
      code.op(0x59);
      show(code, random);
  }
};

/** Slots are read and written again and again: cold, warm, dirty, cleared, set back to what they were. */
const storage: Pattern = (code, { random }) => {
  const slots = random.times(2, () => random.below(5));
  for (let turn = random.below(6); turn >= 0; turn--) {
    const slot = random.pick(slots);
    switch (random.below(5)) {
      case 0:
        code.push(slot).op(0x54).push(random.pick(slots)).op(0x55);
        break;
      case 1:
        code.op(0x5a).push(slot).op(0x54, 0x50, 0x5a, 0x90, 0x03);
        show(code, random);
        break;
      case 2:
        code.push(random.once(9) ? random.word() : slot).op(0x54);
        show(code, random);
        break;
      default:
        code.push(random.below(4), slot).op(0x55);
    }
  }
};

const transient: Pattern = (code, { random }) => {
  const slot = random.once(8) ? random.word() : random.below(3);
  if (random.once(2)) {
    code.push(random.below(3), slot).op(0x5d);
  }
  code.push(slot).op(0x5c);
  show(code, random);
};

/** gas, address, value, offsets: a call with all that stands before it. `input` lies at memory 0. */
function callTo(
  code: CodeBuilder,
  random: Random,
  opcode: number,
  to: bigint,
  inputLength: bigint,
): void {
  code.push(random.once(3) ? reach(random) : random.below(100), reach(random), inputLength, 0);
  if (opcode === CALLS.CALL || opcode === CALLS.CALLCODE) {
    code.push(random.once(4) ? random.below(5) : random.once(30) ? random.word() : 0);
  }
  code.push(to);
  if (random.once(3)) {
    code.push(random.once(20) ? random.word() : random.below(100_000));
  } else {
    code.op(0x5a);
  }
  code.op(opcode);
  show(code, random);
}

function callOpcode(random: Random): number {
  return random.pick([
    CALLS.CALL,
    CALLS.CALL,
    CALLS.CALLCODE,
    CALLS.DELEGATECALL,
    CALLS.STATICCALL,
  ]);
}

/** What a call left behind, copied: all of it, none, one byte too many, from beyond the end. */
function returned(code: CodeBuilder, random: Random): void {
  switch (random.below(6)) {
    case 0:
      code
        .op(0x3d)
        .push(0, 32 * random.below(6))
        .op(0x3e);
      break;
    case 1:
      code
        .op(0x3d)
        .push(random.pick([0, 0, 0, 1]), 0)
        .op(0x3e);
      break;
    case 2:
      code.push(0).op(0x3d).push(random.below(64)).op(0x3e);
      break;
    case 3:
      code.push(random.once(12) ? reach(random) : 0, random.once(12) ? random.word() : 0, 0);
      code.op(0x3e);
      break;
    default:
      code.op(0x3d);
      show(code, random);
  }
}

const call: Pattern = (code, { random, addresses }) => {
  const to = random.once(30) ? random.word() : BigInt(random.pick(addresses));
  callTo(code, random, callOpcode(random), to, BigInt(random.below(100)));
  returned(code, random);
};

const precompile: Pattern = (code, { random, samples }) => {
  const { place, input } = pickSample(random, samples);
  code.load(input, 0);
  callTo(code, random, callOpcode(random), BigInt(place), BigInt(input.length));
  returned(code, random);
};

/** Calls itself with a number one higher, until the number or the gas runs out. */
const recursion: Pattern = (code, { random }) => {
  const deepest = random.once(4) ? 1100 : random.below(40);
  code.push(0).op(0x35).push(deepest).op(0x11, 0x15); // NOT (deepest > number)
  const end = code.pushPlace();
  code.op(0x57).push(1, 0).op(0x35, 0x01).push(0).op(0x52);
  const opcode = callOpcode(random);
  code.push(0, 0, 32, 0);
  if (opcode === CALLS.CALL || opcode === CALLS.CALLCODE) {
    code.push(0);
  }
  code.op(0x30, 0x5a, opcode);
  show(code, random);
  code.land(end);
};

const creation: Pattern = (code, { random, creations }) => {
  const init = random.pick(creations);
  const isSalted = random.once(2);
  code.load(init, 0);
  const length = random.once(40) ? random.pick([49_152, 49_153, 30_000]) : init.length;
  const times = random.once(3) ? 2 : 1;
  for (let time = 0; time < times; time++) {
    if (isSalted) {
      code.push(random.below(2));
    }
    code.push(length, 0, random.once(3) ? random.below(3) : 0).op(isSalted ? 0xf5 : 0xf0);
    if (random.once(2)) {
      // call what was created: five zeros, the address from below them, all gas
      code.push(0, 0, 0, 0, 0).op(0x85, 0x5a, 0xf1, 0x50);
    }
    if (random.once(3)) {
      code.op(0x80, random.pick([0x31, 0x3b, 0x3f]));
      show(code, random);
    }
    show(code, random);
    returned(code, random);
  }
};

/** Jumps that land, into push data, beyond the code, to numbers that only their low bits make valid. */
const jumps: Pattern = (code, { random }) => {
  switch (random.below(8)) {
    case 0: {
      // an inner function: its return address on the stack
      const back = code.pushPlace();
      const start = code.pushPlace();
      code.op(0x56).land(start).push(random.word()).op(0x50, 0x56).land(back);
      break;
    }
    case 1: {
      // dispatch over a value that is known only when it runs
      const end = code.pushPlace();
      code.push(0).op(0x35).push(random.below(3)).op(0x14);
      const taken = code.pushPlace();
      code.op(0x57).push(random.below(9), 0).op(0x52, 0x56).land(taken).push(7, 1).op(0x55, 0x56);
      code.land(end);
      break;
    }
    case 2: {
      // not taken: the place does not matter
      code.push(0, random.word()).op(0x57);
      break;
    }
    case 3: {
      // conditional, by what arithmetic gives
      code.push(random.word(), random.word()).op(random.pick(BINARY));
      const end = code.pushPlace();
      code.op(0x57).push(random.below(4), random.below(4)).op(0x55).land(end);
      break;
    }
    case 4:
      if (random.once(6)) {
        code.push(random.once(2) ? 1 : random.word(), random.word()).op(0x57);
      }
      break;
    case 5:
      if (random.once(6)) {
        // into the data of a push: 5b is no JUMPDEST there
        const inside = code.pushPlace();
        code.op(0x56, 0x61).land(inside).op(0x00, 0x50);
      }
      break;
    case 6:
      if (random.once(6)) {
        const place = code.place;
        code
          .op(0x5b)
          .push(BigInt(place) + (1n << BigInt(32 + random.below(200))))
          .op(0x56);
      }
      break;
    default: {
      const after = code.pushPlace();
      code
        .op(0x56)
        .op(...random.bytes(random.below(20)))
        .op(...Array<number>(33).fill(0x5b));
      code.land(after);
    }
  }
};

/** A deep stack and opcodes that reach far down; rarely more than it has or can hold. */
const stack: Pattern = (code, { random }) => {
  if (random.once(40)) {
    code.op(random.below(256));
    return;
  }
  if (random.once(60)) {
    const start = code.place;
    code.op(0x5b).push(...random.times(1 + random.below(20), () => random.below(300)));
    code.pushPlace(start);
    code.op(0x56);
    return;
  }
  const height = 17 + random.below(10);
  code.push(...random.times(height, () => random.word()));
  for (let turn = random.below(8); turn >= 0; turn--) {
    if (random.once(2)) {
      code.op(0x90 + random.below(16));
    } else {
      code.op(0x80 + random.below(16), random.pick(BINARY));
    }
  }
  for (let left = height; left > 0; left--) {
    if (random.once(4)) {
      show(code, random);
    } else {
      code.op(0x50);
    }
  }
};

/** Numbers that grow, shrink and wrap, turn after turn, with a look at memory or storage now and then. */
const loop: Pattern = (code, { random }) => {
  const turns = random.once(3) ? 300 + random.below(4000) : random.below(200);
  code.push(random.word(), random.word(), turns);
  const start = code.place;
  code.op(0x5b); // turns, b, a
  for (let step = 1 + random.below(5); step > 0; step--) {
    switch (random.below(12)) {
      case 0:
        // a hash of what was
        code
          .op(0x81)
          .push(32)
          .op(0x52)
          .push(random.pick([32, 64, 96]), 0)
          .op(0x20, 0x91, 0x50);
        break;
      case 1:
        code.op(0x82, 0x82).push(random.word()).op(random.pick(TERNARY), 0x91, 0x50);
        break;
      case 2:
        if (random.once(3)) {
          code.op(0x81).push(3).op(0x16, 0x54, 0x91, 0x50);
        } else if (random.once(2)) {
          code.op(0x81, 0x81).push(3).op(0x16, 0x55);
        }
        break;
      case 3:
        code.op(0x91, 0x90, 0x91); // a and b change places
        break;
      case 4:
        code.op(0x80).push(255).op(0x16, 0x51, 0x82, 0x18, 0x91, 0x50);
        break;
      case 5: {
        // a branch by a bit of b
        code.op(0x81).push(1).op(0x16);
        const even = code.pushPlace();
        code.op(0x57, 0x82).push(random.word()).op(random.pick(BINARY), 0x92, 0x50).land(even);
        break;
      }
      default:
        // b = a op b, or a constant op b
        if (random.once(3)) {
          code.op(0x81).push(random.word());
        } else {
          code.op(0x81, 0x83);
        }
        code.op(random.pick(random.once(3) ? BITWISE : BINARY), 0x91, 0x50);
    }
  }
  code.push(1).op(0x90, 0x03, 0x80).pushPlace(start);
  code.op(0x57, 0x50);
  show(code, random);
  show(code, random);
};

const PATTERNS: readonly Pattern[] = [
  ...[arithmetic, arithmetic, arithmetic, surroundings, surroundings, memory, memory, memory],
  ...[storage, storage, transient, call, call, precompile, precompile, recursion, creation],
  ...[jumps, jumps, stack, loop, loop],
];

/** How a frame ends. */
const end: Pattern = (code, { random, addresses }) => {
  switch (random.below(8)) {
    case 0:
      code.push(reach(random), reach(random)).op(0xfd);
      break;
    case 1:
      code.push(BigInt(random.pick(addresses))).op(0xff);
      break;
    case 2:
      code.op(random.pick([0x00, 0xfe]));
      break;
    case 3:
      break;
    default:
      code.push(random.below(300), 0).op(0xf3);
  }
};

/** Up to so many patterns, some of them again and again, and an end. */
export function writePatterns(code: CodeBuilder, world: World, most: number): void {
  const { random } = world;
  for (let left = 1 + random.below(most); left > 0; left--) {
    if (random.once(12)) {
      repeat(code, world);
    } else {
      random.pick(PATTERNS)(code, world);
    }
  }
  end(code, world);
}

/** A few patterns in a loop: hot code with calls, storage and memory in it. */
function repeat(code: CodeBuilder, world: World): void {
  const { random } = world;
  code.push(2 + random.below(random.once(3) ? 200 : 20));
  const start = code.place;
  code.op(0x5b);
  for (let left = 1 + random.below(3); left > 0; left--) {
    random.pick(PATTERNS)(code, world);
  }
  code.push(1).op(0x90, 0x03, 0x80).pushPlace(start);
  code.op(0x57, 0x50);
}
