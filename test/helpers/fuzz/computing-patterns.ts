/** Patterns on the stack alone: arithmetic, jumps, deep stacks, loops. */
import { type Pattern, pickOpcode, pushWord, show } from "./world";

const BINARY = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14];
const BITWISE = [0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d];
/** Of bits and bytes in a word, where a limb, a byte or the word ends. */
const PLACES = [0, 1, 7, 8, 30, 31, 32, 33, 63, 64, 65, 127, 128, 129, 191, 192, 255, 256, 257];
const SHIFTS = [0x0b, 0x1a, 0x1b, 0x1c, 0x1d];
const UNARY = [0x15, 0x19, 0x1e];
const TERNARY = [0x08, 0x09];

export const arithmetic: Pattern = (code, world) => {
  const { random } = world;
  const turns = 1 + random.below(random.once(3) ? 80 : 8);
  pushWord(code, random);
  for (let turn = 0; turn < turns; turn++) {
    switch (random.below(8)) {
      case 0:
        code.op(pickOpcode(world, UNARY));
        break;
      case 1:
        pushWord(code, random);
        pushWord(code, random);
        code.op(random.pick(TERNARY));
        break;
      case 2:
      case 3:
        pushWord(code, random, BigInt(random.once(2) ? random.pick(PLACES) : random.below(300)));
        code.op(pickOpcode(world, SHIFTS));
        break;
      case 4:
        code.op(0x80, random.pick(BINARY));
        break;
      default:
        pushWord(code, random);
        if (random.once(2)) {
          code.op(0x90);
        }
        code.op(pickOpcode(world, random.once(3) ? BITWISE : BINARY));
    }
    if (random.once(3)) {
      code.op(0x80);
      show(code, random);
    }
  }
  show(code, random);
};

/** Jumps that land, into push data, beyond the code, to numbers that only their low bits make valid. */
export const jumps: Pattern = (code, world) => {
  const { random } = world;
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
      pushWord(code, random);
      pushWord(code, random);
      code.op(random.pick(BINARY));
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
export const stack: Pattern = (code, world) => {
  const { random } = world;
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
  for (let pushed = 0; pushed < height; pushed++) {
    pushWord(code, random);
  }
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
export const loop: Pattern = (code, world) => {
  const { random } = world;
  const turns = random.once(3) ? 300 + random.below(4000) : random.below(200);
  pushWord(code, random);
  pushWord(code, random);
  code.push(turns);
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
        code.op(pickOpcode(world, random.once(3) ? BITWISE : BINARY), 0x91, 0x50);
    }
  }
  code.push(1).op(0x90, 0x03, 0x80).pushPlace(start);
  code.op(0x57, 0x50);
  show(code, random);
  show(code, random);
};
