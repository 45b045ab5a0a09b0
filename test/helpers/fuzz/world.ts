/** What patterns of code share: what they find around them, which opcodes there are, how results become visible. */
import type { Address } from "../../../src/state/hex";
import type { CodeBuilder } from "./code-builder";
import type { PrecompileSample } from "./precompile-samples";
import type { Random } from "./random";

/** What a pattern finds around it. */
export interface World {
  readonly random: Random;
  readonly addresses: readonly Address[];
  readonly samples: readonly PrecompileSample[];
  /** Whether the hardfork is this one or later. */
  readonly hasFork: (hardfork: string) => boolean;
  /** init codes and runtime codes to create contracts from */
  readonly creations: readonly Uint8Array[];
}

/** Writes a piece of code that leaves the stack as it found it, or ends the frame. */
export type Pattern = (code: CodeBuilder, world: World) => void;

/** Opcodes that were added to Frontier's. */
const SINCE: readonly (readonly [hardfork: string, opcodes: readonly number[]])[] = [
  ["homestead", [0xf4]],
  ["byzantium", [0x3d, 0x3e, 0xfa, 0xfd]],
  ["constantinople", [0x1b, 0x1c, 0x1d, 0x3f, 0xf5]],
  ["istanbul", [0x46, 0x47]],
  ["london", [0x48]],
  ["shanghai", [0x5f]],
  ["cancun", [0x49, 0x4a, 0x5c, 0x5d, 0x5e]],
  ["osaka", [0x1e]],
  ["amsterdam", [0x4b, 0xe6, 0xe7, 0xe8]],
];

/** Mostly what the hardfork has, so that the frame goes on. */
export function has({ random, hasFork }: World, opcode: number): boolean {
  return (
    random.once(200) ||
    SINCE.every(([hardfork, opcodes]) => !opcodes.includes(opcode) || hasFork(hardfork))
  );
}

export function pickOpcode(world: World, opcodes: readonly number[]): number {
  const known = opcodes.filter((opcode) => has(world, opcode));
  return world.random.pick(known.length > 0 ? known : opcodes);
}

/** bytes; where a frame sums up what it computed, for a log at its end */
export const SUM_PLACE = 0x1c0;

/** The top of the stack goes where it can be seen, or away. */
export function show(code: CodeBuilder, random: Random): void {
  switch (random.below(6)) {
    case 0:
      code.push(random.below(6)).op(0x55);
      break;
    case 1:
      code.op(0x50);
      break;
    case 2:
    case 3:
      // sum = 3 sum + top
      code.push(SUM_PLACE).op(0x51).push(3).op(0x02, 0x01).push(SUM_PLACE).op(0x52);
      break;
    default:
      code.push(32 * random.below(8)).op(0x52);
  }
}

/** A word that compilers know, or one that they cannot know because it comes out of memory. */
export function pushWord(code: CodeBuilder, random: Random, word = random.word()): void {
  code.push(word);
  if (random.once(2)) {
    code.push(HIDING_PLACE).op(0x52).push(HIDING_PLACE).op(0x51);
  }
}

/** bytes; of memory that no other pattern relies on */
const HIDING_PLACE = 0x1e0;

/** An offset or length: mostly small, now and then where memory costs much or overflows. */
export function reach(random: Random): bigint {
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
