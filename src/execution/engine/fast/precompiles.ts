/**
 * The precompiled contracts of a hardfork, by address.
 *
 * Owns: which there are. Does not own: what each does (precompiles/).
 *
 * A frame cannot wait: the first call of a precompile whose library is not loaded in this thread throws
 * `PrecompilePending`; the engine awaits the library and begins the message again.
 */
import { InvariantError } from "../../../errors/base-error";
import type { Address } from "../../../state/hex";
import { type ForkRules, forkRules } from "../../fork-rules";
import type { ExecutionRules } from "../../transaction";
import { blake2f } from "./precompiles/blake2f";
import * as bls from "./precompiles/bls12-381";
import { createBn254 } from "./precompiles/bn254";
import { identity, ripemd, sha256 } from "./precompiles/hashes";
import { createModexp } from "./precompiles/modexp";
import { verifyP256 } from "./precompiles/p256";
import { evaluatePoint } from "./precompiles/point-evaluation";
import type { Precompile, PrecompileFailure, PrecompileResult } from "./precompiles/precompile";
import { recoverSigner } from "./precompiles/recover";

export class Precompiles {
  readonly #functions: ReadonlyMap<Address, Precompile>;

  constructor(rules: ExecutionRules) {
    this.#functions = new Map(
      activeIn(forkRules(rules)).map(([place, run]): [Address, Precompile] => [
        `0x${place.toString(16).padStart(40, "0")}`,
        run,
      ]),
    );
  }

  has(address: Address): boolean {
    return this.#functions.has(address);
  }

  /** A failure costs all of `gas`. Throws PrecompilePending. */
  run(address: Address, data: Uint8Array, gas: number): PrecompileResult | PrecompileFailure {
    const run = this.#functions.get(address);
    if (run === undefined) {
      throw new InvariantError(`there is no precompile at ${address}`);
    }
    return run(data, gas);
  }
}

type Entry = readonly [place: number, run: Precompile];

/** With the EIPs that brought them beside those that have no name of a fork. */
function activeIn(rules: ForkRules): readonly Entry[] {
  const entries: Entry[] = [
    [0x01, recoverSigner],
    [0x02, sha256],
    [0x03, ripemd],
    [0x04, identity],
  ];
  if (rules.isAtLeast("byzantium")) {
    const bn254 = createBn254(rules);
    entries.push(
      [0x05, createModexp(rules)],
      [0x06, bn254.add],
      [0x07, bn254.multiply],
      [0x08, bn254.pairing],
    );
  }
  if (rules.isAtLeast("istanbul")) {
    entries.push([0x09, blake2f]);
  }
  if (rules.isActive(4844)) {
    entries.push([0x0a, evaluatePoint]);
  }
  if (rules.isActive(2537)) {
    entries.push(
      [0x0b, bls.g1Add],
      [0x0c, bls.g1Msm],
      [0x0d, bls.g2Add],
      [0x0e, bls.g2Msm],
      [0x0f, bls.pairingCheck],
      [0x10, bls.mapToG1],
      [0x11, bls.mapToG2],
    );
  }
  if (rules.isActive(7951)) {
    entries.push([0x100, verifyP256]);
  }
  return entries;
}
