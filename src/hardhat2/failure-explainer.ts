/**
 * Gives a failed execution stock Hardhat's own words, data and Solidity stack trace: the failing
 * call alone is executed again on a stock network, with the state it read as override, and the error
 * that stock throws is taken. It costs only what fails.
 *
 * Invariant: an explanation is only trusted if both executions failed alike (same return data, both
 * or neither out of gas); else there is none, and the network uses its own words.
 *
 * Owns: the block environment of the stock network, the order of replays. Does not own: the words,
 * which stock network there is (stock-replay.ts). Not replayed: blob and set-code transactions, which
 * a stock call cannot express.
 */
import type { EIP1193Provider } from "hardhat/types";
import type { FailedExecution } from "../network";
import { EMPTY_CODE_HASH, type Hash } from "../state/hex";
import { CodeUses } from "./environment-use";
import { REPLAY_BLOCK, ReplayEnvironment } from "./replay-environment";
import { stateOverrides } from "./replay-state";
import type { FailureCodes } from "./stock-replay";

/** Where stock networks come from; asked for one after the other. */
export interface StockNetworks {
  /** One that knows the contracts of these codes; the same object while there is no other. */
  knowing(codes: FailureCodes): Promise<EIP1193Provider>;
}

/** Stock's words for running out of gas at the top level. */
const OUT_OF_GAS_MESSAGE = "Transaction ran out of gas";

export function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function hexData(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

function callObject({ request, outcome }: FailedExecution): Record<string, unknown> {
  return {
    from: request.from,
    ...(request.to === null ? {} : { to: request.to }),
    gas: quantity(request.gas),
    gasPrice: quantity(outcome.effectiveGasPrice),
    value: quantity(request.value),
    data: hexData(request.data),
    ...(request.accessList.length === 0
      ? {}
      : {
          accessList: request.accessList.map(({ address, slots }) => ({
            address,
            storageKeys: slots.map((slot) => `0x${slot.toString(16).padStart(64, "0")}`),
          })),
        }),
  };
}

/** The return data in an error of stock: a string, or inside the object of an out-of-gas error. */
function returnDataOf(error: Error): string | null {
  const data: unknown = "data" in error ? error.data : undefined;
  if (typeof data === "string") {
    return data;
  }
  return typeof data === "object" &&
    data !== null &&
    "data" in data &&
    typeof data.data === "string"
    ? data.data
    : null;
}

/** Names the transaction in the error where stock names it. */
function withTransactionHash(error: Error, hash: string): Error {
  const data: unknown = "data" in error ? error.data : undefined;
  return Object.assign(
    error,
    typeof data === "object" && data !== null && "transactionHash" in data
      ? { data: { ...data, transactionHash: hash } }
      : { transactionHash: hash },
  );
}

/** null = code runs that is not known before. */
function codesOf({ request, outcome, preState }: FailedExecution, creates: boolean): FailureCodes {
  if (creates) {
    return null;
  }
  const runtime = new Map<Hash, Uint8Array>();
  for (const read of outcome.reads) {
    if (read.kind === "code" && read.codeHash !== EMPTY_CODE_HASH) {
      runtime.set(read.codeHash, preState.code(read.codeHash));
    }
  }
  return { runtime, initCode: request.to === null ? request.data : null };
}

export class FailureExplainer {
  readonly #networks: StockNetworks;
  readonly #uses = new CodeUses();
  #stock: { readonly network: EIP1193Provider; readonly replay: ReplayEnvironment } | undefined;
  /** Replays run one at a time: each sets the block environment first. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(networks: StockNetworks) {
    this.#networks = networks;
  }

  /** Stock's error for the failure, or null if stock does not fail in the same way. */
  explain(failure: FailedExecution): Promise<Error | null> {
    return this.#inTurn(() => this.#replay(failure));
  }

  /** Tells stock of contracts compiled since it read the artifacts. Throws stock's errors for bad arguments. */
  addCompilationResult(...result: unknown[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const stock = await this.#stockKnowing(null);
      await stock.request("hardhat_addCompilationResult", result);
      return true;
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => undefined); // the caller gets the rejection
    return result;
  }

  async #replay(failure: FailedExecution): Promise<Error | null> {
    const { request, outcome } = failure;
    if (request.blobVersionedHashes.length > 0 || request.authorizationList.length > 0) {
      return null;
    }
    const use = this.#uses.of(failure);
    const stock = await this.#stockKnowing(codesOf(failure, use.creates));
    if (!(await stock.enter(failure.environment, use))) {
      return null;
    }
    const error = await stock.failureOf("eth_call", [
      callObject(failure),
      REPLAY_BLOCK,
      stateOverrides(failure),
    ]);
    if (error === null) {
      return null;
    }
    const ranOutOfGas = outcome.halt?.reason === "OutOfGas";
    if (
      returnDataOf(error) !== hexData(outcome.returnData) ||
      (error.message === OUT_OF_GAS_MESSAGE && !ranOutOfGas)
    ) {
      return null;
    }
    return failure.transactionHash === null
      ? error
      : withTransactionHash(error, failure.transactionHash);
  }

  async #stockKnowing(codes: FailureCodes): Promise<ReplayEnvironment> {
    const network = await this.#networks.knowing(codes);
    if (this.#stock?.network !== network) {
      this.#stock = { network, replay: await ReplayEnvironment.create(network) };
    }
    return this.#stock.replay;
  }
}
