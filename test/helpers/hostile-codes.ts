/** Codes made to cost compilers more than they could ever save, each in several variants. */
import { OP } from "../../src/execution/engine/fast/compiled/opcode-facts";

export interface HostileCode {
  readonly name: string;
  readonly codes: readonly Uint8Array[];
  /** times that each is called */
  readonly calls: number;
  /** gas of a call */
  readonly gas: bigint;
}

/** bytes (EIP-170) */
const MAX_CODE = 24_576;
const PUSH1 = OP.PUSH0 + 1;
const PUSH2 = OP.PUSH0 + 2;

const push2 = (place: number): number[] => [PUSH2, place >> 8, place & 0xff];
/** `count` variants, which differ in a byte that does not matter. */
const variants = (count: number, make: (variant: number) => number[]): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => Uint8Array.from([...make(i), OP.STOP, i >> 8, i & 0xff]));

/** Jumps from place to place through all of the code, and round again. */
function jumpChain(): number[] {
  const count = Math.floor((MAX_CODE - 8) / 5);
  return Array.from({ length: count }, (_, i) => [
    OP.JUMPDEST,
    ...push2(((i + 1) % count) * 5),
    OP.JUMP,
  ]).flat();
}

/** Only JUMPDESTs, with a jump back at the end. */
function jumpDestinations(): number[] {
  return [...Array(MAX_CODE - 16).fill(OP.JUMPDEST), ...push2(0), OP.JUMP];
}

/** PUSH32 and POP through all of the code, and round again. */
function pushes(): number[] {
  const push: number[] = [OP.PUSH32, ...Array(32).fill(0xa5), OP.POP];
  return [
    OP.JUMPDEST,
    ...Array.from({ length: Math.floor((MAX_CODE - 16) / push.length) }, () => push).flat(),
    ...push2(0),
    OP.JUMP,
  ];
}

/**
 * Return addresses that double at every branch: at rung n there are 2^n stacks of known jump destinations.
 * Round again at the end, with the stack emptied.
 */
function ladder(): number[] {
  const bytes: number[] = [OP.JUMPDEST];
  const rungs = 24;
  for (let rung = 0; rung < rungs; rung++) {
    const start = bytes.length;
    // GAS PUSH1 1 AND PUSH2 a JUMPI | PUSH2 0 PUSH2 b JUMP | a: PUSH2 start | b:
    const a = start + 8 + 7;
    const b = a + 1 + 3;
    bytes.push(OP.GAS, PUSH1, 1, OP.AND, ...push2(a), OP.JUMPI);
    bytes.push(...push2(0), ...push2(b), OP.JUMP, OP.JUMPDEST, ...push2(start), OP.JUMPDEST);
  }
  bytes.push(...Array(rungs).fill(OP.POP), ...push2(0), OP.JUMP);
  return bytes;
}

/** A table of handlers, of which every turn of the loop takes another: each turn reaches a new place. */
function jumpTable(): number[] {
  // 0: PUSH1 0 | 2: JUMPDEST PUSH1 1 ADD PUSH2 mask AND DUP1 PUSH1 4 SHL PUSH2 32 ADD JUMP
  const head = [
    PUSH1,
    0,
    OP.JUMPDEST,
    PUSH1,
    1,
    OP.ADD,
    ...push2(0x3ff),
    OP.AND,
    OP.DUP1,
    PUSH1,
    4,
    OP.SHL,
    ...push2(32),
    OP.ADD,
    OP.JUMP,
  ];
  const bytes = [...head, ...Array(32 - head.length).fill(OP.STOP)];
  for (let place = 0; place < 0x400; place++) {
    bytes.push(OP.JUMPDEST, PUSH1, place & 0xff, OP.DUP1, OP.MUL, OP.POP, ...push2(2), OP.JUMP);
    bytes.push(...Array(16 - 10).fill(OP.STOP));
  }
  return bytes;
}

/** Branches that go one way for long and then the other: what was compiled lacks where it goes now. */
function alternating(): number[] {
  const bytes: number[] = [OP.JUMPDEST];
  const branches = 600;
  for (let branch = 0; branch < branches; branch++) {
    const taken = bytes.length + 13;
    // by bits of the gas that is left
    bytes.push(
      OP.GAS,
      PUSH1,
      8 + (branch % 12),
      OP.SHR,
      PUSH1,
      1,
      OP.AND,
      ...push2(taken),
      OP.JUMPI,
      OP.MSIZE,
      OP.POP,
    );
    bytes.push(OP.JUMPDEST);
  }
  return [...bytes, ...push2(0), OP.JUMP];
}

/** A stack too deep for compiled code, at a loop that is hot. */
function deepStack(): number[] {
  const pushed = Array.from({ length: 1000 }, () => [PUSH1, 1]).flat();
  return [...pushed, OP.JUMPDEST, OP.DUP16, OP.POP, OP.SWAP16, ...push2(pushed.length), OP.JUMP];
}

/** A loop that is compiled, then ends: one of very many codes, more than the caches hold. */
function shortLoop(): number[] {
  const body = Array.from({ length: 300 }, (_, i) => [
    PUSH1,
    i & 0xff,
    OP.MUL,
    PUSH1,
    3,
    OP.ADD,
  ]).flat();
  return [PUSH1, 7, OP.JUMPDEST, ...body, ...push2(2), OP.JUMP];
}

export function hostileCodes(): readonly HostileCode[] {
  const once = (
    name: string,
    count: number,
    make: () => number[],
    gas = 200_000n,
  ): HostileCode => ({
    name,
    codes: variants(count, make),
    calls: 3,
    gas,
  });
  return [
    once("jumps through 24 KB", 12, jumpChain),
    once("24 KB of JUMPDEST", 12, jumpDestinations),
    once("24 KB of PUSH32", 12, pushes),
    once("a ladder of return addresses", 12, ladder),
    once("a table of 1024 jumps", 12, jumpTable),
    once("branches that alternate", 12, alternating, 1_000_000n),
    once("a stack of 1000 items", 12, deepStack),
    once("very many hot loops", 300, shortLoop, 100_000n),
    once("one loop, just hot enough", 12, shortLoop, 3_000_000n),
  ];
}
