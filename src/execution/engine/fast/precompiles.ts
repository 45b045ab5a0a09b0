/**
 * Precompiled contracts. All but those of BLS12-381 and point evaluation are @ethereumjs/evm's own
 * functions, so that results and prices are the reference's.
 *
 * A frame cannot wait: the first call of point evaluation in a thread throws `PrecompilePending`; the
 * engine awaits its library and begins the message again.
 */
import type { Common } from "@ethereumjs/common";
import {
  EVMError,
  type EVMInterface,
  getActivePrecompiles,
  NobleBN254,
  type PrecompileFunc,
  paramsEVM,
} from "@ethereumjs/evm";
import { InvariantError } from "../../../errors/base-error";
import type { Address } from "../../../state/hex";
import type { ExecutionRules } from "../../transaction";
import { createEvmCommon } from "../evm-common";
import { isKzgLoaded, loadKzg } from "../kzg";
import { type BlsPrecompile, blsPrecompiles, runBls } from "./bls-precompiles";
import { evaluatePoint } from "./point-evaluation";
import type { PrecompileFailure, PrecompileResult } from "./precompile-result";

/** Thrown through all frames of a message: run it again once `ready`. */
export class PrecompilePending {
  readonly ready: Promise<void>;

  constructor(ready: Promise<void>) {
    this.ready = ready;
  }
}

const POINT_EVALUATION: Address = "0x000000000000000000000000000000000000000a";

export class Precompiles {
  readonly #common: Common;
  readonly #functions = new Map<Address, PrecompileFunc>();
  readonly #bls: ReadonlyMap<Address, BlsPrecompile>;
  readonly #pointEvaluationGas: number;
  readonly #host: EVMInterface;

  constructor(rules: ExecutionRules) {
    this.#common = createEvmCommon(rules);
    this.#common.updateParams(paramsEVM);
    for (const [address, run] of getActivePrecompiles(this.#common)) {
      this.#functions.set(`0x${address}`, run);
    }
    this.#bls = this.#common.isActivatedEIP(2537) ? blsPrecompiles(this.#common) : new Map();
    this.#pointEvaluationGas = this.#common.isActivatedEIP(4844)
      ? Number(this.#common.param("kzgPointEvaluationPrecompileGas"))
      : 0;
    // The curve library is all that the other precompiles take from their host.
    this.#host = { _bn254: new NobleBN254() } as unknown as EVMInterface;
  }

  has(address: Address): boolean {
    return this.#functions.has(address);
  }

  /** A failure costs all of `gas`. Throws PrecompilePending. */
  run(address: Address, data: Uint8Array, gas: number): PrecompileResult | PrecompileFailure {
    const bls = this.#bls.get(address);
    if (bls !== undefined) {
      return runBls(bls, data, gas);
    }
    if (address === POINT_EVALUATION) {
      return this.#evaluatePoint(data, gas);
    }
    const run = this.#functions.get(address);
    const result = run?.({ data, gasLimit: BigInt(gas), common: this.#common, _EVM: this.#host });
    if (result === undefined || result instanceof Promise) {
      throw new InvariantError(`the precompile at ${address} does not answer at once`);
    }
    const { returnValue, executionGasUsed, exceptionError } = result;
    if (exceptionError !== undefined) {
      return exceptionError.error === EVMError.errorMessages.OUT_OF_GAS ? "OutOfGas" : "Failed";
    }
    return { output: returnValue, gasUsed: Number(executionGasUsed) };
  }

  #evaluatePoint(data: Uint8Array, gas: number): PrecompileResult | PrecompileFailure {
    if (gas < this.#pointEvaluationGas) {
      return "OutOfGas";
    }
    if (!isKzgLoaded()) {
      throw new PrecompilePending(loadKzg());
    }
    const output = evaluatePoint(data);
    return output === null ? "Failed" : { output, gasUsed: this.#pointEvaluationGas };
  }
}
