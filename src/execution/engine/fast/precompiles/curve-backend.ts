/**
 * Which library computes on a curve: mcl, in WebAssembly, and @noble/curves where a runtime has none or refuses it.
 *
 * Owns: the choice, made once per thread and curve when a precompile first needs it; loading takes a tenth of a
 * second. Does not own: the libraries' adapters.
 */
import { webAssembly } from "../../../../crypto/web-assembly";
import { InvariantError } from "../../../../errors/base-error";
import { PrecompilePending } from "./precompile";

export class CurveBackend<Curve extends object> {
  readonly #loadFast: () => Promise<Curve>;
  readonly #loadPlain: () => Promise<Curve>;
  #curve: Curve | null = null;
  #loading: Promise<void> | null = null;

  constructor(loadFast: () => Promise<Curve>, loadPlain: () => Promise<Curve>) {
    this.#loadFast = loadFast;
    this.#loadPlain = loadPlain;
  }

  /**
   * What `run` gives, or null where the library says that something is no point of the curve or of its subgroup:
   * it throws an Error. Throws PrecompilePending as long as the library is not there, and InvariantError as `run`.
   */
  orFail(
    run: (curve: Curve, input: Uint8Array) => Uint8Array,
  ): (input: Uint8Array) => Uint8Array | null {
    return (input) => {
      const curve = this.#curve;
      if (curve === null) {
        this.#loading ??= this.#load();
        throw new PrecompilePending(this.#loading);
      }
      try {
        return run(curve, input);
      } catch (error) {
        if (error instanceof Error && !(error instanceof InvariantError)) {
          return null;
        }
        throw error;
      }
    };
  }

  async #load(): Promise<void> {
    this.#curve = await (webAssembly === null ? this.#loadPlain() : this.#loadFastOrPlain());
  }

  async #loadFastOrPlain(): Promise<Curve> {
    try {
      return await this.#loadFast();
    } catch (error) {
      const isRefusal =
        error instanceof RangeError ||
        (webAssembly !== null && error instanceof webAssembly.CompileError);
      if (!isRefusal) {
        throw error;
      }
      return this.#loadPlain();
    }
  }
}
