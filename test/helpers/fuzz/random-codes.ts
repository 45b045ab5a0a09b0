/** Codes of made-up contracts: structured ones, and bytes that are hardly more than bytes. */
import type { Address } from "../../../src/state/hex";
import { CHOICES, type Choice, codeOf, LOOP_CHOICE } from "../random-bytecode";
import { CodeBuilder } from "./code-builder";
import { writePatterns } from "./patterns";
import type { Random } from "./random";
import type { World } from "./world";

/** What contracts are created from: a runtime code of any kind, reverts, forbidden and too long codes. */
export function creationCodes(world: Omit<World, "creations">): readonly Uint8Array[] {
  const { random } = world;
  const deploys = (runtime: Uint8Array): Uint8Array =>
    new CodeBuilder().load(runtime, 0).push(runtime.length, 0).op(0xf3).build();
  const short = new CodeBuilder();
  writePatterns(short, { ...world, creations: [Uint8Array.of(0x00)] }, 3);
  const runtime = new CodeBuilder();
  writePatterns(runtime, { ...world, creations: [Uint8Array.of(0x33, 0xff)] }, 4);
  return [
    short.build(),
    deploys(runtime.build()),
    deploys(Uint8Array.of(0x33, 0xff)), // destroys itself when called
    deploys(Uint8Array.of(random.pick([0xef, 0x00, 0xfe]))),
    new CodeBuilder()
      .push(random.pick([24_576, 24_577, 300]), 0)
      .op(0xf3)
      .build(),
    new CodeBuilder().push(1, 1).op(0x55).push(random.below(70), 0).op(0xfd).build(),
    Uint8Array.of(0x32, 0xff), // destroys itself while it is created
    random.bytes(random.below(12)),
  ];
}

/** Patterns, or statements of random-bytecode.ts, which keep operands on the stack for each other. */
export function structuredCode(world: World): Uint8Array {
  const { random, addresses } = world;
  if (random.once(3)) {
    return statements(random, addresses);
  }
  const code = new CodeBuilder();
  writePatterns(code, world, random.once(4) ? 30 : 8);
  const bytes = code.build();
  return random.once(25) ? bytes.slice(0, random.below(bytes.length + 1)) : bytes;
}

function statements(random: Random, addresses: readonly Address[]): Uint8Array {
  const choices = (count: number): Choice[] =>
    random.times(count, () => [random.below(CHOICES), random.bits()]);
  const loops: Choice[] = random.times(random.once(4) ? 1 : 0, () => [LOOP_CHOICE, random.bits()]);
  return codeOf(
    {
      choices: [...choices(3), ...loops, ...choices(random.below(40))],
      inner: [choices(random.below(8)), choices(random.below(8))],
    },
    addresses,
  );
}

/** Any bytes; or opcodes that exist, after pushes that give the first of them something to take. */
export function rawCode(random: Random): Uint8Array {
  const length = 1 + random.below(random.once(4) ? 400 : 60);
  if (random.once(3)) {
    return random.bytes(length);
  }
  const code = new CodeBuilder();
  code.push(...random.times(random.below(20), () => random.word()));
  while (code.place < length + 40) {
    const opcode = random.pick(LIKELY);
    if (opcode >= 0x60 && opcode <= 0x7f) {
      code.op(opcode, ...random.bytes(random.once(20) ? random.below(32) : opcode - 0x5f));
    } else {
      code.op(opcode);
    }
  }
  return code.build();
}

/** Opcodes by how often raw code has them: few that end it, many that leave something. */
const LIKELY: readonly number[] = [
  ...[0x60, 0x60, 0x60, 0x60, 0x60, 0x60, 0x60, 0x61, 0x61, 0x5b, 0x5b, 0x5b, 0x5b, 0x3d, 0x5a],
  ...Array.from({ length: 32 }, (_, index) => 0x80 + index),
  ...Array.from({ length: 16 }, (_, index) => 0x80 + index),
  ...Array.from({ length: 0x1f }, (_, index) => index + 1),
  ...Array.from({ length: 0x1b }, (_, index) => 0x30 + index),
  ...Array.from({ length: 0x10 }, (_, index) => 0x50 + index),
  ...[0x20, 0x56, 0x57, 0x57, 0xa0, 0xa1, 0xf0, 0xf1, 0xf1, 0xf4, 0xf5, 0xfa],
];
