/** Code that looks at accounts in every way and calls them in every way, with the gas of each seen. */
import type { CodeBuilder } from "./code-builder";
import { type Pattern, pickOpcode, show, type World } from "./world";

/** sum = 3 sum + top, at a place in memory that the frame returns and logs */
const SUM = 0x100;

function addToSum(code: CodeBuilder): void {
  code.push(SUM).op(0x51).push(3).op(0x02, 0x01).push(SUM).op(0x52);
}

/** Its gas goes into the sum: GAS before it, less GAS after it. */
function metered(code: CodeBuilder, write: () => void): void {
  code.op(0x5a);
  write();
  code.op(0x5a, 0x90, 0x03);
  addToSum(code);
}

function look(code: CodeBuilder, world: World): void {
  const { random, addresses } = world;
  const address = BigInt(random.pick(addresses));
  metered(code, () => {
    if (random.once(4)) {
      code.push(40, random.below(4), 0, address).op(0x3c); // EXTCODECOPY
    } else {
      code
        .push(address)
        .op(random.pick([0x31, 0x3b, 0x3b, 0x3f]))
        .push(0)
        .op(0x52);
    }
  });
  code.push(0).op(0x51);
  addToSum(code);
}

function callOne(code: CodeBuilder, world: World): void {
  const { random, addresses } = world;
  const opcode = random.pick([0xf1, 0xf1, 0xf2, 0xf4, 0xfa]);
  metered(code, () => {
    code.push(random.below(64), 0, random.below(64), 0);
    if (opcode === 0xf1 || opcode === 0xf2) {
      code.push(random.once(3) ? random.below(3) : 0);
    }
    code.push(BigInt(random.pick(addresses)));
    if (random.once(3)) {
      code.push(random.pick([0, 50, 700, 2_700, 10_000, 60_000]));
    } else {
      code.op(0x5a);
    }
    code.op(opcode).push(0x20).op(0x52);
  });
  code.push(0x20).op(0x51);
  addToSum(code);
  code.op(0x3d);
  addToSum(code);
  code.push(0).op(0x51);
  addToSum(code);
}

export const delegatedCalls: Pattern = (code, world) => {
  const { random } = world;
  for (let left = 2 + random.below(10); left > 0; left--) {
    switch (random.below(8)) {
      case 0:
      case 1:
      case 2:
        look(code, world);
        break;
      case 3:
        // who runs, on whose behalf, what its code is: the delegated account's or the target's
        code.op(pickOpcode(world, [0x30, 0x33, 0x34, 0x38, 0x47]));
        addToSum(code);
        break;
      case 4:
        code.push(random.below(3)).op(0x54).push(1).op(0x01);
        code.push(random.below(3)).op(0x55);
        break;
      case 5:
        if (random.once(4)) {
          // a creation bumps the nonce that authorizations are compared with
          code.push(0, 0, 0).op(0xf0);
          show(code, random);
          break;
        }
        code.push(38, 0, 0).op(0x39).push(0).op(0x51); // CODECOPY
        addToSum(code);
        break;
      default:
        callOne(code, world);
    }
  }
  code.push(32, SUM).op(random.once(2) ? 0xf3 : 0xa0);
};
