/**
 * Precompiled contracts, run by @ethereumjs/evm's own functions so that results and prices are the
 * reference's.
 *
 * Some of them answer with a promise. A frame cannot wait, so the first call throws
 * `PrecompilePending`; the engine awaits the answer and begins the message again, and then finds it
 * here. A message is run at most once more for each distinct such call.
 */
import {
  type EVMInterface,
  getActivePrecompiles,
  NobleBLS,
  NobleBN254,
  type PrecompileFunc,
  paramsEVM,
} from "@ethereumjs/evm";
import { bytesToHex } from "../../../state/bytes";
import type { Address } from "../../../state/hex";
import type { ExecutionRules } from "../../transaction";
import { createEvmCommon } from "../evm-common";
import { preparePrecompiles } from "../precompiles";

export interface PrecompileResult {
  readonly output: Uint8Array;
  readonly gasUsed: number;
  readonly failed: boolean;
}

/** Thrown through all frames of a message: run it again once `answer` is there. */
export class PrecompilePending {
  readonly answer: Promise<void>;

  constructor(answer: Promise<void>) {
    this.answer = answer;
  }
}

/** Answers that came with a promise, of one message. */
export type PrecompileAnswers = Map<string, PrecompileResult>;

type Result = Awaited<ReturnType<PrecompileFunc>>;

export class Precompiles {
  readonly #common;
  readonly #functions = new Map<Address, PrecompileFunc>();
  readonly #host: EVMInterface;

  constructor(rules: ExecutionRules) {
    this.#common = createEvmCommon(rules);
    this.#common.updateParams(paramsEVM);
    const active = getActivePrecompiles(this.#common);
    preparePrecompiles(active);
    for (const [address, run] of active) {
      this.#functions.set(`0x${address}`, run);
    }
    // The curve libraries are all that precompiles take from their host.
    this.#host = { _bn254: new NobleBN254(), _bls: new NobleBLS() } as unknown as EVMInterface;
  }

  get addresses(): Iterable<Address> {
    return this.#functions.keys();
  }

  has(address: Address): boolean {
    return this.#functions.has(address);
  }

  /** Throws PrecompilePending if the answer is not in `answers` and comes with a promise. */
  run(
    address: Address,
    data: Uint8Array,
    gas: number,
    answers: PrecompileAnswers,
  ): PrecompileResult {
    const key = `${address}:${gas}:${bytesToHex(data)}`;
    const known = answers.size === 0 ? undefined : answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const run = this.#functions.get(address);
    if (run === undefined) {
      throw new Error(`no precompile at ${address}`);
    }
    const result = run({ data, gasLimit: BigInt(gas), common: this.#common, _EVM: this.#host });
    if (result instanceof Promise) {
      throw new PrecompilePending(
        result.then((answer) => {
          answers.set(key, toResult(answer));
        }),
      );
    }
    return toResult(result);
  }
}

function toResult({ returnValue, executionGasUsed, exceptionError }: Result): PrecompileResult {
  return {
    output: returnValue,
    gasUsed: Number(executionGasUsed),
    failed: exceptionError !== undefined,
  };
}
