/**
 * mcl, a library of pairing-friendly curves in WebAssembly.
 *
 * Owns: loading, that each curve has a copy of the library to itself (a copy computes on one curve at a time), and
 * Miller loops of several pairs, for which the library has a function but no name. Does not own: encoding.
 */
import { dirname, sep } from "node:path";
import type * as Library from "mcl-wasm";

export type Mcl = typeof Library;
export type Fp = InstanceType<Mcl["Fp"]>;
export type Fr = InstanceType<Mcl["Fr"]>;
export type G1 = InstanceType<Mcl["G1"]>;
export type G2 = InstanceType<Mcl["G2"]>;
export type GT = InstanceType<Mcl["GT"]>;

/** A point of G1 and one of G2, neither infinity. */
export type Pair = readonly [point: G1, twistPoint: G2];

/** Rejects with what the runtime throws where it has no room for it. */
export async function loadMcl(curve: "BN_SNARK1" | "BLS12_381"): Promise<Mcl> {
  const [mcl, parts] = freshCopy();
  await mcl.init(mcl[curve]);
  // Orders are checked where an EIP asks for it.
  mcl.verifyOrderG1(false);
  mcl.verifyOrderG2(false);
  const loops = parts.find(hasLoops);
  if (loops !== undefined) {
    insides.set(mcl, loops);
  }
  return mcl;
}

/** With what its files export. */
function freshCopy(): readonly [mcl: Mcl, parts: readonly unknown[]] {
  const folder = dirname(require.resolve("mcl-wasm")) + sep;
  const forget = (): unknown[] => {
    const files = Object.keys(require.cache).filter((file) => file.startsWith(folder));
    return files.map((file) => {
      const exported: unknown = require.cache[file]?.exports;
      delete require.cache[file];
      return exported;
    });
  };
  forget();
  const mcl: Mcl = require("mcl-wasm");
  return [mcl, forget()];
}

/** The file of the library that calls its WebAssembly, once it is loaded. Sizes and places are in bytes. */
interface Inside {
  stackSave(): number;
  stackAlloc(size: number): number;
  stackRestore(mark: number): void;
  readonly mod: {
    _mclBn_millerLoopVec(result: number, points: number, twistPoints: number, count: number): void;
  };
}

const insides = new WeakMap<Mcl, Inside>();

function hasLoops(part: unknown): part is Inside {
  // Each is looked at; another version of the library may have none of them.
  const { stackSave, stackAlloc, stackRestore, mod } = (part ?? {}) as Partial<Inside>;
  return (
    [stackSave, stackAlloc, stackRestore].every((each) => typeof each === "function") &&
    typeof mod?._mclBn_millerLoopVec === "function"
  );
}

/** Whether this version of the library has what `millerLoops` saves time with. */
export function sharesSquarings(mcl: Mcl): boolean {
  return insides.has(mcl);
}

/** bytes: three coordinates of 48, or twice that; places of the stack keep 16 */
const POINT = 144;
const TWIST_POINT = 288;
const TARGET = 576;
/** As many pairs as the library itself computes at once; more would only take more of its stack. */
const AT_ONCE = 16;

/**
 * The product of the Miller loops of at least one pair. Loops that are computed together share their squarings:
 * eight of them take two thirds of the time.
 */
export function millerLoops(mcl: Mcl, pairs: readonly Pair[]): GT {
  const inside = insides.get(mcl);
  const size = inside === undefined ? 1 : AT_ONCE;
  let product: GT | null = null;
  for (let start = 0; start < pairs.length; start += size) {
    const some = pairs.slice(start, start + size);
    const [first] = some;
    if (first === undefined) {
      break;
    }
    const loop =
      inside === undefined || some.length === 1
        ? mcl.millerLoop(...first)
        : loopsTogether(mcl, inside, some);
    product = product === null ? loop : mcl.mul(product, loop);
  }
  if (product === null) {
    throw new RangeError("expected at least one pair");
  }
  return product;
}

function loopsTogether(mcl: Mcl, inside: Inside, pairs: readonly Pair[]): GT {
  const mark = inside.stackSave();
  try {
    const points = inside.stackAlloc(pairs.length * POINT);
    const twistPoints = inside.stackAlloc(pairs.length * TWIST_POINT);
    const place = inside.stackAlloc(TARGET);
    for (const [index, [point, twistPoint]] of pairs.entries()) {
      point.copyToMem(points + index * POINT);
      twistPoint.copyToMem(twistPoints + index * TWIST_POINT);
    }
    inside.mod._mclBn_millerLoopVec(place, points, twistPoints, pairs.length);
    const loops = new mcl.GT();
    loops.copyFromMem(place);
    return loops;
  } finally {
    inside.stackRestore(mark);
  }
}

export function expectPoint(isPoint: boolean): void {
  if (!isPoint) {
    throw new RangeError("not a point of the curve or of its subgroup");
  }
}
