/**
 * Precompiled contracts, run by @ethereumjs/evm's own functions so that results and prices are the
 * reference's. Those that answer with a promise cannot run here: `NeedsReferenceEngine` sends the
 * whole message to the reference engine.
 */
import type { Common } from "@ethereumjs/common";
import {
  type EVMInterface,
  getActivePrecompiles,
  NobleBN254,
  type PrecompileFunc,
} from "@ethereumjs/evm";
import type { Address } from "../../../state/hex";

/** Thrown through all frames: this message cannot be run here. */
export class NeedsReferenceEngine extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`the fast engine cannot run this message: ${reason}`);
    this.name = "NeedsReferenceEngine";
    this.reason = reason;
  }
}

export interface PrecompileResult {
  readonly output: Uint8Array;
  readonly gasUsed: number;
  readonly failed: boolean;
}

export class Precompiles {
  readonly #common: Common;
  readonly #functions = new Map<Address, PrecompileFunc>();
  readonly #host: EVMInterface;

  constructor(common: Common) {
    this.#common = common;
    for (const [address, run] of getActivePrecompiles(common)) {
      this.#functions.set(`0x${address}`, run);
    }
    // The curve library is all that the synchronous precompiles take from their host.
    this.#host = { _bn254: new NobleBN254() } as unknown as EVMInterface;
  }

  get addresses(): Iterable<Address> {
    return this.#functions.keys();
  }

  has(address: Address): boolean {
    return this.#functions.has(address);
  }

  /** Throws NeedsReferenceEngine for an asynchronous precompile. */
  run(address: Address, data: Uint8Array, gas: number): PrecompileResult {
    const run = this.#functions.get(address);
    if (run === undefined || run.constructor.name === "AsyncFunction") {
      throw new NeedsReferenceEngine(`precompile ${address}`);
    }
    const result = run({ data, gasLimit: BigInt(gas), common: this.#common, _EVM: this.#host });
    if (result instanceof Promise) {
      throw new NeedsReferenceEngine(`precompile ${address}`);
    }
    return {
      output: result.returnValue,
      gasUsed: Number(result.executionGasUsed),
      failed: result.exceptionError !== undefined,
    };
  }
}
