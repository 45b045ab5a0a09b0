/**
 * Gives a failed execution stock Hardhat's own words, data and Solidity stack trace: the failing
 * call alone is executed again on a stock network, with the state it read as override, and the error
 * that stock throws is taken. It costs only what fails.
 *
 * Invariant: an explanation is only trusted if both executions failed alike (same return data, both
 * or neither out of gas); else there is none, and the network uses its own words.
 *
 * Owns: the one stock network this needs, its block environment, the order of replays. Does not own:
 * the words. Not replayed: blob and set-code transactions, which a stock call cannot express.
 */
import type { EIP1193Provider } from "hardhat/types";
import type { FailedExecution } from "../network";
import { EnvironmentUses } from "./environment-use";
import { REPLAY_BLOCK, ReplayEnvironment } from "./replay-environment";
import { stateOverrides } from "./replay-state";

/** Creates the stock network at the first failure. */
export type StockNetworkFactory = () => Promise<EIP1193Provider>;

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

export class FailureExplainer {
  readonly #createStock: StockNetworkFactory;
  readonly #uses = new EnvironmentUses();
  #stock: Promise<ReplayEnvironment> | undefined;
  /** Replays run one at a time: each sets the block environment first. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(createStock: StockNetworkFactory) {
    this.#createStock = createStock;
  }

  /** Stock's error for the failure, or null if stock does not fail in the same way. */
  explain(failure: FailedExecution): Promise<Error | null> {
    const explanation = this.#last.then(() => this.#replay(failure));
    this.#last = explanation.catch(() => undefined); // the caller gets the rejection
    return explanation;
  }

  /** Tells stock of contracts compiled since it read the artifacts. Throws stock's errors for bad arguments. */
  async addCompilationResult(...result: unknown[]): Promise<boolean> {
    const stock = await this.#replayEnvironment();
    await stock.request("hardhat_addCompilationResult", result);
    return true;
  }

  async #replay(failure: FailedExecution): Promise<Error | null> {
    const { request, outcome } = failure;
    if (request.blobVersionedHashes.length > 0 || request.authorizationList.length > 0) {
      return null;
    }
    const stock = await this.#replayEnvironment();
    if (!(await stock.enter(failure.environment, this.#uses.of(failure)))) {
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

  #replayEnvironment(): Promise<ReplayEnvironment> {
    this.#stock ??= this.#createStock().then((provider) => ReplayEnvironment.create(provider));
    return this.#stock;
  }
}
