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
import type { Address } from "../state/hex";

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

/** A snapshot, and what a revert to it brings back. */
interface Genesis {
  readonly snapshot: unknown;
  readonly coinbase: Address | null;
  readonly gasLimit: bigint | null;
}

export class ReplayEnvironment {
  readonly #provider: EIP1193Provider;
  #genesis: Genesis;
  /** what blocks are mined with; null where it is not known */
  #coinbase: Address | null = null;
  /** gas */
  #gasLimit: bigint | null = null;
  /** environment of the latest block; undefined at genesis */
  #current: BlockEnvironment | undefined;

  private constructor(provider: EIP1193Provider, genesis: Genesis) {
    this.#provider = provider;
    this.#genesis = genesis;
  }

  /** Takes over a new stock network that allows blocks with the same timestamp. */
  static async create(provider: EIP1193Provider): Promise<ReplayEnvironment> {
    const snapshot = await provider.request({ method: "evm_snapshot" });
    return new ReplayEnvironment(provider, { snapshot, coinbase: null, gasLimit: null });
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
      await this.#restart(environment);
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
    await this.#setCoinbase(environment.coinbase);
    await this.#setGasLimit(environment.gasLimit);
    if (environment.difficulty === 0n) {
      await this.request("hardhat_setPrevRandao", [environment.prevRandao]);
    }
    await this.request("evm_mine", []);
    this.#current = environment;
    return true;
  }

  async #setCoinbase(coinbase: Address): Promise<void> {
    if (this.#coinbase !== coinbase) {
      await this.request("hardhat_setCoinbase", [coinbase]);
      this.#coinbase = coinbase;
    }
  }

  async #setGasLimit(gasLimit: bigint): Promise<void> {
    if (this.#gasLimit !== gasLimit) {
      await this.request("evm_setBlockGasLimit", [quantity(gasLimit)]);
      this.#gasLimit = gasLimit;
    }
  }

  /**
   * Back to genesis. A revert takes coinbase and gas limit back, too; as nearly every environment has
   * the same ones, they are set before the snapshot for the next revert is taken.
   */
  async #restart({ coinbase, gasLimit }: BlockEnvironment): Promise<void> {
    const reverted = await this.request("evm_revert", [this.#genesis.snapshot]);
    invariant(reverted === true, "the snapshot of the stock network's genesis is there");
    this.#current = undefined;
    this.#coinbase = this.#genesis.coinbase;
    this.#gasLimit = this.#genesis.gasLimit;
    await this.#setCoinbase(coinbase);
    await this.#setGasLimit(gasLimit);
    this.#genesis = { snapshot: await this.request("evm_snapshot", []), coinbase, gasLimit };
  }
}
