/** Patterns that read and write: the surroundings of the frame, memory, storage, transient storage. */
import { has, type Pattern, pickOpcode, reach, show } from "./world";

/** Opcodes that take nothing: PUSH0, GAS, MSIZE and PC among them. */
const NULLARY = [
  ...[0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47],
  ...[0x48, 0x4a, 0x58, 0x59, 0x5a, 0x5f],
];

export const surroundings: Pattern = (code, world) => {
  const { random, addresses } = world;
  switch (random.below(7)) {
    case 0:
      code.push(BigInt(random.pick(addresses))).op(pickOpcode(world, [0x31, 0x3b, 0x3f]));
      break;
    case 1:
      code.push(random.once(4) ? random.word() : 999 - random.below(300)).op(0x40);
      break;
    case 2:
      code
        .push(random.once(4) ? random.word() : random.below(5))
        .op(has(world, 0x49) ? 0x49 : 0x40);
      break;
    case 3:
      code.push(random.once(4) ? random.word() : random.below(120)).op(0x35);
      break;
    default:
      code.op(pickOpcode(world, NULLARY));
  }
  show(code, random);
};

export const memory: Pattern = (code, world) => {
  const { random, addresses } = world;
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
      code
        .push(reach(random), reach(random), reach(random))
        .op(pickOpcode(world, [0x37, 0x39, 0x5e]));
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
export const storage: Pattern = (code, world) => {
  const { random } = world;
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

export const transient: Pattern = (code, world) => {
  const { random } = world;
  if (!has(world, 0x5c)) {
    return;
  }
  const slot = random.once(8) ? random.word() : random.below(3);
  if (random.once(2)) {
    code.push(random.below(3), slot).op(0x5d);
  }
  code.push(slot).op(0x5c);
  show(code, random);
};
