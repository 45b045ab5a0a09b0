/**
 * The foresight of a fork, loaded when there is one: most chains are no forks.
 *
 * Owns: what was learned, from chain to chain where one takes another's place (hardhat_reset). It is of
 * functions, and holds for any block of the same remote; nothing of it is kept for another remote.
 */
import type { Engine } from "../../execution/engine/engine";
import type { ForkBase } from "../fork/fork-base";
import type { Learned } from "./footprints";
import type { Foresight } from "./foresight";

export class LateForesight {
  #learned: Learned | null = null;
  /** what it was learned from */
  #remote: string | null = null;

  /**
   * For a chain that takes the place of the one before.
   * @param base null = not a fork
   * @param engine repeats what is learned from
   */
  ofChain(base: ForkBase | null, engine: Engine): Foresight | null {
    const remote = base?.remoteIdentity ?? null;
    if (remote !== this.#remote) {
      this.#learned = null;
      this.#remote = remote;
    }
    if (remote === null) {
      return null;
    }
    const room: typeof import("./foresight") = require("./foresight");
    const footprints: typeof import("./footprints") = require("./footprints");
    this.#learned ??= new footprints.Learned();
    this.#learned.beginAnew();
    return new room.Foresight(engine, this.#learned);
  }
}
