/** Patterns of frames: calls to accounts, precompiles and itself, creations, and what they return. */
import type { CodeBuilder } from "./code-builder";
import { pickSample } from "./precompile-samples";
import type { Random } from "./random";
import { has, type Pattern, pickOpcode, reach, show, type World } from "./world";

const CALLS = { CALL: 0xf1, CALLCODE: 0xf2, DELEGATECALL: 0xf4, STATICCALL: 0xfa } as const;

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

function callOpcode(world: World): number {
  const { CALL, CALLCODE, DELEGATECALL, STATICCALL } = CALLS;
  return pickOpcode(world, [CALL, CALL, CALLCODE, DELEGATECALL, STATICCALL]);
}

/** What a call left behind, copied: all of it, none, one byte too many, from beyond the end. */
function returned(code: CodeBuilder, world: World): void {
  const { random } = world;
  if (!has(world, 0x3d)) {
    return;
  }
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

export const call: Pattern = (code, world) => {
  const { random, addresses } = world;
  const to = random.once(30) ? random.word() : BigInt(random.pick(addresses));
  callTo(code, random, callOpcode(world), to, BigInt(random.below(100)));
  returned(code, world);
};

export const precompile: Pattern = (code, world) => {
  const { random, samples } = world;
  const { place, input } = pickSample(random, samples);
  code.load(input, 0);
  callTo(code, random, callOpcode(world), BigInt(place), BigInt(input.length));
  returned(code, world);
};

/** Calls itself with a number one higher, until the number or the gas runs out. */
export const recursion: Pattern = (code, world) => {
  const { random } = world;
  const deepest = random.once(4) ? 1100 : random.below(40);
  code.push(0).op(0x35).push(deepest).op(0x11, 0x15); // NOT (deepest > number)
  const end = code.pushPlace();
  code.op(0x57).push(1, 0).op(0x35, 0x01).push(0).op(0x52);
  const opcode = callOpcode(world);
  code.push(0, 0, 32, 0);
  if (opcode === CALLS.CALL || opcode === CALLS.CALLCODE) {
    code.push(0);
  }
  code.op(0x30, 0x5a, opcode);
  show(code, random);
  code.land(end);
};

export const creation: Pattern = (code, world) => {
  const { random, creations } = world;
  const init = random.pick(creations);
  const isSalted = random.once(2) && has(world, 0xf5);
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
      code.op(0x80, pickOpcode(world, [0x31, 0x3b, 0x3f]));
      show(code, random);
    }
    show(code, random);
    returned(code, world);
  }
};
