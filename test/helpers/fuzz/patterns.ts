/**
 * Code made of patterns that go where engines are likely to differ. What they compute becomes visible in
 * storage, memory, logs or gas.
 */
import { call, creation, precompile, recursion } from "./call-patterns";
import type { CodeBuilder } from "./code-builder";
import { arithmetic, jumps, loop, stack } from "./computing-patterns";
import { memory, storage, surroundings, transient } from "./state-patterns";
import { type Pattern, pickOpcode, reach, SUM_PLACE, type World } from "./world";

const PATTERNS: readonly Pattern[] = [
  ...[arithmetic, arithmetic, arithmetic, surroundings, surroundings, memory, memory, memory],
  ...[storage, storage, transient, call, call, precompile, precompile, recursion, creation],
  ...[jumps, jumps, stack, loop, loop],
];

/** How a frame ends. */
const end: Pattern = (code, world) => {
  const { random, addresses } = world;
  if (!random.once(4)) {
    code.push(32, SUM_PLACE).op(0xa0);
  }
  switch (random.below(8)) {
    case 0:
      code.push(reach(random), reach(random)).op(pickOpcode(world, [0xfd, 0xf3]));
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
