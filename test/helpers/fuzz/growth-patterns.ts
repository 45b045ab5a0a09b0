/**
 * Code that lets the state grow and shrink, looks at what gas that took, and uses the opcodes of Amsterdam
 * (EIP-7843, EIP-8024).
 */
import type { CodeBuilder } from "./code-builder";
import { writePatterns } from "./patterns";
import { type Pattern, show, type World } from "./world";

const OPCODE = {
  SLOTNUM: 0x4b,
  DUPN: 0xe6,
  SWAPN: 0xe7,
  EXCHANGE: 0xe8,
  JUMPDEST: 0x5b,
} as const;

/** A slot is filled and perhaps cleared again, with the gas of each. */
const slots: Pattern = (code, { random }) => {
  for (let left = 1 + random.below(5); left > 0; left--) {
    const isSeen = random.once(2);
    if (isSeen) {
      code.op(0x5a);
    }
    code.push(random.below(3), random.below(8)).op(0x55);
    if (isSeen) {
      code.op(0x5a, 0x90, 0x03);
      show(code, random);
    }
  }
};

/** Value to somebody, often to nobody yet. */
const payment: Pattern = (code, { random, addresses }) => {
  code.push(0, 0, 0, 0, random.below(4), BigInt(random.pick(addresses)));
  code.push(random.pick([0, 2_300, 30_000, 200_000, 300_000])).op(random.once(5) ? 0xf2 : 0xf1);
  show(code, random);
};

/** A call that may fail, with little gas: what grew in it is taken back. */
const smallCall: Pattern = (code, { random, addresses }) => {
  const opcode = random.pick([0xf1, 0xf2, 0xf4, 0xfa]);
  code.push(32, 0, random.below(40), 0);
  if (opcode === 0xf1 || opcode === 0xf2) {
    code.push(random.once(2) ? random.below(3) : 0);
  }
  code.push(BigInt(random.pick(addresses)), random.below(250_000)).op(opcode);
  show(code, random);
};

const creation: Pattern = (code, { random, creations }) => {
  const init = random.pick(creations);
  const isSalted = random.once(2);
  code.load(init, 0);
  for (let left = 1 + random.below(2); left > 0; left--) {
    if (isSalted) {
      code.push(random.below(2));
    }
    const length = random.once(30) ? random.pick([131_072, 131_073, 65_537]) : init.length;
    const value = random.once(2) ? random.below(3) : 0;
    code.push(length, 0, value).op(isSalted ? 0xf5 : 0xf0);
    if (random.once(2)) {
      // call what was created
      code.push(0, 0, 0, 0, random.below(2)).op(0x85, 0x5a, 0xf1, 0x50);
    }
    show(code, random);
  }
};

/** An address gets a balance before a contract is made there. */
const fundedCreation: Pattern = (code, { random, creations }) => {
  const init = random.pick(creations);
  code.load(init, 0);
  // CREATE2's address by hand: keccak256(0xff ++ address ++ salt ++ keccak256(init))
  const place = 0x400;
  code.push(0xffn << 248n, place).op(0x52);
  code
    .op(0x30)
    .push(96)
    .op(0x1b)
    .push(place + 1)
    .op(0x52);
  code.push(7, place + 21).op(0x52);
  code
    .push(init.length, 0)
    .op(0x20)
    .push(place + 53)
    .op(0x52);
  code.push(0, 0, 0, 0, 1).push(85, place).op(0x20);
  code.push(0).op(0xf1, 0x50);
  code.push(7, init.length, 0, random.below(2)).op(0xf5);
  show(code, random);
};

const deepStack: Pattern = (code, { random }) => {
  const depth = 16 + random.below(40);
  for (let left = depth; left > 0; left--) {
    code.push(left);
  }
  for (let left = 1 + random.below(3); left > 0; left--) {
    const opcode = random.pick([OPCODE.DUPN, OPCODE.SWAPN, OPCODE.EXCHANGE]);
    const immediate = random.once(4) ? random.below(256) : 128 + random.below(depth);
    code.op(opcode, immediate & 0xff);
    if (opcode === OPCODE.DUPN) {
      code.op(0x50);
    }
  }
  show(code, random);
  for (let left = depth - 1; left > 0; left--) {
    code.op(0x50);
  }
};

/** A jump to a byte that is an operand of EIP-8024 or an opcode, as it comes. */
const jumpIntoOperand: Pattern = (code, { random }) => {
  const target = code.pushPlace();
  code.op(0x56, random.pick([OPCODE.DUPN, OPCODE.SWAPN, OPCODE.EXCHANGE]));
  if (random.once(3)) {
    code.op(random.below(256));
  }
  code.land(target, OPCODE.JUMPDEST);
};

const slotNumber: Pattern = (code, { random }) => {
  code.op(OPCODE.SLOTNUM);
  show(code, random);
};

const PATTERNS: readonly Pattern[] = [
  ...[slots, slots, slots, payment, payment, smallCall, smallCall, smallCall, creation, creation],
  ...[fundedCreation, deepStack, slotNumber],
];

/** @param isShort without other patterns, which may be loops */
export function growthPatterns(code: CodeBuilder, world: World, isShort: boolean): void {
  const { random, addresses } = world;
  for (let left = 1 + random.below(6); left > 0; left--) {
    random.pick(PATTERNS)(code, world);
  }
  if (random.once(25)) {
    jumpIntoOperand(code, world);
  }
  switch (random.below(isShort ? 6 : 7)) {
    case 0:
      code.push(BigInt(random.pick(addresses))).op(0xff);
      break;
    case 1:
      code.op(0x30, 0xff); // to itself
      break;
    case 2:
      code.push(32, 0).op(0xfd);
      break;
    case 3:
      code.op(0xfe);
      break;
    case 4:
      // more memory than any gas pays for, after whatever frames that ran out of gas
      code.push(1, 1n << 60n).op(0x52);
      break;
    case 6:
      writePatterns(code, world, 3);
      break;
    default:
      code.push(64, 0).op(0xf3);
  }
}
