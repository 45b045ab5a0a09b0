/**
 * mcl, a library of pairing-friendly curves in WebAssembly.
 *
 * Owns: loading, that each curve has a copy of the library to itself (a copy computes on one curve at a time), the
 * way into its memory, and Miller loops of several pairs, for which the library has a function but no name. Does not
 * own: encoding.
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
  const memory = parts.find(isMemory);
  if (memory !== undefined) {
    memories.set(mcl, memory);
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

/** Functions of its WebAssembly, which take places in its memory. */
const FUNCTIONS = [
  "_mclBn_millerLoopVec",
  "_mclBnFp_setBigEndianMod",
  "_mclBnFp_setInt32",
  "_mclBnFp_clear",
  "_mclBnFp_serialize",
  "_mclBnG1_clear",
  "_mclBnG1_isValid",
  "_mclBnG1_isZero",
  "_mclBnG1_add",
  "_mclBnG1_normalize",
  "_mclBnG2_clear",
  "_mclBnG2_isValid",
  "_mclBnG2_isZero",
  "_mclBnG2_add",
  "_mclBnG2_normalize",
] as const;

/** The file of the library that calls its WebAssembly, once it is loaded. Sizes and places are in bytes. */
export interface MclMemory {
  stackSave(): number;
  stackAlloc(size: number): number;
  stackRestore(mark: number): void;
  readonly mod: Readonly<Record<(typeof FUNCTIONS)[number], (...values: number[]) => unknown>> & {
    /** Another one after the memory has grown. */
    readonly HEAP8: Int8Array;
  };
}

const memories = new WeakMap<Mcl, MclMemory>();

function isMemory(part: unknown): part is MclMemory {
  // Each is looked at; another version of the library may have none of them.
  const { stackSave, stackAlloc, stackRestore, mod } = (part ?? {}) as Partial<MclMemory>;
  return (
    [stackSave, stackAlloc, stackRestore].every((each) => typeof each === "function") &&
    FUNCTIONS.every((name) => typeof mod?.[name] === "function") &&
    mod?.HEAP8 instanceof Int8Array
  );
}

/** For what the library has a function but no name, or no fast one; null where a version of it hides its memory. */
export function memoryOf(mcl: Mcl): MclMemory | null {
  return memories.get(mcl) ?? null;
}

/** bytes of an element of the field, in the library's memory */
export const COORDINATE = 48;
/** bytes; places of the stack keep 16 */
const POINT = 3 * COORDINATE;
const TWIST_POINT = 2 * POINT;
const TARGET = 12 * COORDINATE;
/** As many pairs as the library itself computes at once; more would only take more of its stack. */
const AT_ONCE = 16;

/**
 * The product of the Miller loops of at least one pair. Loops that are computed together share their squarings:
 * eight of them take two thirds of the time.
 */
export function millerLoops(mcl: Mcl, pairs: readonly Pair[]): GT {
  const memory = memoryOf(mcl);
  const size = memory === null ? 1 : AT_ONCE;
  let product: GT | null = null;
  for (let start = 0; start < pairs.length; start += size) {
    const some = pairs.slice(start, start + size);
    const [first] = some;
    if (first === undefined) {
      break;
    }
    const loop =
      memory === null || some.length === 1
        ? mcl.millerLoop(...first)
        : loopsTogether(mcl, memory, some);
    product = product === null ? loop : mcl.mul(product, loop);
  }
  if (product === null) {
    throw new RangeError("expected at least one pair");
  }
  return product;
}

function loopsTogether(mcl: Mcl, memory: MclMemory, pairs: readonly Pair[]): GT {
  const mark = memory.stackSave();
  try {
    const points = memory.stackAlloc(pairs.length * POINT);
    const twistPoints = memory.stackAlloc(pairs.length * TWIST_POINT);
    const place = memory.stackAlloc(TARGET);
    for (const [index, [point, twistPoint]] of pairs.entries()) {
      point.copyToMem(points + index * POINT);
      twistPoint.copyToMem(twistPoints + index * TWIST_POINT);
    }
    memory.mod._mclBn_millerLoopVec(place, points, twistPoints, pairs.length);
    const loops = new mcl.GT();
    loops.copyFromMem(place);
    return loops;
  } finally {
    memory.stackRestore(mark);
  }
}

export function expectPoint(isPoint: boolean): void {
  if (!isPoint) {
    throw new RangeError("not a point of the curve or of its subgroup");
  }
}
