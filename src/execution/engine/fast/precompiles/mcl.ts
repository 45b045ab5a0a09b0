/**
 * mcl, a library of pairing-friendly curves in WebAssembly.
 *
 * Owns: loading, and that each curve has a copy of the library to itself: a copy computes on one curve at a
 * time. Does not own: encoding.
 */
import { dirname, sep } from "node:path";
import type * as Library from "mcl-wasm";

export type Mcl = typeof Library;
export type Fp = InstanceType<Mcl["Fp"]>;
export type Fr = InstanceType<Mcl["Fr"]>;
export type G1 = InstanceType<Mcl["G1"]>;
export type G2 = InstanceType<Mcl["G2"]>;

/** Rejects with what the runtime throws where it has no room for it. */
export async function loadMcl(curve: "BN_SNARK1" | "BLS12_381"): Promise<Mcl> {
  const mcl = freshCopy();
  await mcl.init(mcl[curve]);
  // Orders are checked where an EIP asks for it.
  mcl.verifyOrderG1(false);
  mcl.verifyOrderG2(false);
  return mcl;
}

function freshCopy(): Mcl {
  const folder = dirname(require.resolve("mcl-wasm")) + sep;
  const forget = (): void => {
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(folder)) {
        delete require.cache[file];
      }
    }
  };
  forget();
  const mcl: Mcl = require("mcl-wasm");
  forget();
  return mcl;
}

/** The element of these bytes, big-endian. Throws a RangeError if it is not below the field's order. */
export function elementOf(mcl: Mcl, bytes: Uint8Array, order: Uint8Array): Fp {
  if (Buffer.compare(bytes, order) >= 0) {
    throw new RangeError("not an element of the field");
  }
  const element = new mcl.Fp();
  element.setBigEndianMod(bytes);
  return element;
}

export function expectPoint(isPoint: boolean): void {
  if (!isPoint) {
    throw new RangeError("not a point of the curve or of its subgroup");
  }
}
