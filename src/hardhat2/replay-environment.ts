/**
 * A stock network whose latest block is given the environment of another chain's block, so that a
 * call on it sees the same NUMBER, TIMESTAMP, COINBASE, GASLIMIT and PREVRANDAO (BASEFEE is 0 in a
 * call, and BLOCKHASH is the stock network's own).
 *
 * Owns: that network's blocks. Going back in number or time starts again from its genesis.
 */
import type { EIP1193Provider } from "hardhat/types";
import { invariant } from "../errors/base-error";
import type { BlockEnvironment } from "../execution/transaction";

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function sameEnvironment(left: BlockEnvironment, right: BlockEnvironment): boolean {
  return (
    left.number === right.number &&
    left.timestamp === right.timestamp &&
    left.coinbase === right.coinbase &&
    left.gasLimit === right.gasLimit &&
    left.prevRandao === right.prevRandao &&
    left.excessBlobGas === right.excessBlobGas
  );
}

export class ReplayEnvironment {
  readonly #provider: EIP1193Provider;
  #genesis: unknown;
  /** environment of the latest block; undefined at genesis */
  #current: BlockEnvironment | undefined;

  private constructor(provider: EIP1193Provider, genesis: unknown) {
    this.#provider = provider;
    this.#genesis = genesis;
  }

  /** Takes over a new stock network that allows blocks with the same timestamp. */
  static async create(provider: EIP1193Provider): Promise<ReplayEnvironment> {
    return new ReplayEnvironment(provider, await provider.request({ method: "evm_snapshot" }));
  }

  request(method: string, params: unknown[]): Promise<unknown> {
    return this.#provider.request({ method, params });
  }

  /** The error that the request fails with, or null if it succeeds. */
  async failureOf(method: string, params: unknown[]): Promise<Error | null> {
    try {
      await this.request(method, params);
      return null;
    } catch (error) {
      invariant(error instanceof Error, "the stock network throws errors");
      return error;
    }
  }

  /**
   * Makes the latest block equal to the environment. False where no stock block can be
   * (a timestamp before any of its own).
   */
  async enter(environment: BlockEnvironment): Promise<boolean> {
    if (this.#current !== undefined && sameEnvironment(this.#current, environment)) {
      return true;
    }
    if (
      this.#current === undefined ||
      environment.number <= this.#current.number ||
      environment.timestamp < this.#current.timestamp
    ) {
      await this.#restart();
    }
    let { number: at, timestamp } = this.#current ?? { number: 0n, timestamp: 0n };
    if (at === 0n && environment.number > 1n) {
      // Stock dates its first block by the clock; an early one leaves room for any environment's.
      timestamp = 1n;
      await this.request("evm_setNextBlockTimestamp", [quantity(timestamp)]);
      await this.request("evm_mine", []);
      at = 1n;
    }
    if (environment.number > at + 1n) {
      // Or it would date the first of them by the clock, perhaps after the environment's time.
      await this.request("evm_setNextBlockTimestamp", [quantity(timestamp)]);
      await this.request("hardhat_mine", [quantity(environment.number - at - 1n), "0x0"]);
    }
    this.#current = undefined; // until the block is mined
    const impossible = await this.failureOf("evm_setNextBlockTimestamp", [
      quantity(environment.timestamp),
    ]);
    if (environment.number === 0n || impossible !== null) {
      return false;
    }
    await this.request("hardhat_setCoinbase", [environment.coinbase]);
    await this.request("evm_setBlockGasLimit", [quantity(environment.gasLimit)]);
    if (environment.difficulty === 0n) {
      await this.request("hardhat_setPrevRandao", [environment.prevRandao]);
    }
    await this.request("evm_mine", []);
    this.#current = environment;
    return true;
  }

  async #restart(): Promise<void> {
    const reverted = await this.request("evm_revert", [this.#genesis]);
    invariant(reverted === true, "the snapshot of the stock network's genesis is there");
    this.#genesis = await this.request("evm_snapshot", []);
    this.#current = undefined;
  }
}
