/**
 * A stock network whose pending block is given the environment of another chain's block, so that a
 * call on it sees the same NUMBER, TIMESTAMP, COINBASE, GASLIMIT and PREVRANDAO, as far as it looks
 * (BASEFEE is 0 in a call, and BLOCKHASH is the stock network's own).
 *
 * The blocks below the pending one have the earliest timestamp that blocks can have, so that any may
 * follow; they change with the number alone. Going back in number starts again from the genesis.
 *
 * Owns: that network's blocks. Does not own: what an execution looks at (environment-use.ts).
 */
import type { EIP1193Provider } from "hardhat/types";
import { invariant } from "../errors/base-error";
import type { BlockEnvironment } from "../execution/transaction";
import type { Address, Hash } from "../state/hex";
import { type EnvironmentUse, WHOLE_ENVIRONMENT } from "./environment-use";

/** seconds; the genesis has 0 */
const EARLIEST_TIMESTAMP = 1n;

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** What the next block is mined with, as far as it was set; null = not known. */
interface NextBlock {
  readonly coinbase: Address | null;
  /** gas */
  readonly gasLimit: bigint | null;
  /** seconds */
  readonly timestamp: bigint | null;
  readonly prevRandao: Hash | null;
}

const UNKNOWN: NextBlock = { coinbase: null, gasLimit: null, timestamp: null, prevRandao: null };

/** The block to call on. */
export const REPLAY_BLOCK = "pending";

export class ReplayEnvironment {
  readonly #provider: EIP1193Provider;
  /** A snapshot at the genesis, and what a revert to it brings back. */
  #genesis: { readonly snapshot: unknown; readonly next: NextBlock };
  #next: NextBlock = UNKNOWN;
  /** number of the latest block */
  #latest = 0n;

  private constructor(provider: EIP1193Provider, snapshot: unknown) {
    this.#provider = provider;
    this.#genesis = { snapshot, next: UNKNOWN };
  }

  /** Takes over a new stock network that allows blocks with the same timestamp. */
  static async create(provider: EIP1193Provider): Promise<ReplayEnvironment> {
    const snapshot = await provider.request({ method: "evm_snapshot" });
    return new ReplayEnvironment(provider, snapshot);
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
   * Makes REPLAY_BLOCK equal to the environment in all that `use` names, in coinbase and in gas limit.
   * False where no stock block can be (a number or a timestamp that belongs to the genesis).
   */
  async enter(
    environment: BlockEnvironment,
    use: EnvironmentUse = WHOLE_ENVIRONMENT,
  ): Promise<boolean> {
    const { number, timestamp, difficulty, prevRandao } = environment;
    if ((use.number && number === 0n) || (use.timestamp && timestamp < EARLIEST_TIMESTAMP)) {
      return false;
    }
    if (use.number) {
      await this.#goTo(number - 1n, environment);
    }
    await this.#setMiner(environment);
    if (use.timestamp) {
      await this.#set({ timestamp }, "evm_setNextBlockTimestamp", quantity(timestamp));
    }
    if (use.prevRandao && difficulty === 0n) {
      await this.#set({ prevRandao }, "hardhat_setPrevRandao", prevRandao);
    }
    return true;
  }

  /** Makes the block of that number the latest. */
  async #goTo(number: bigint, environment: BlockEnvironment): Promise<void> {
    if (number < this.#latest) {
      await this.#restart(environment);
    }
    if (number > this.#latest) {
      // Or it would date the first of them by the clock.
      const timestamp = EARLIEST_TIMESTAMP;
      await this.#set({ timestamp }, "evm_setNextBlockTimestamp", quantity(timestamp));
      await this.request("hardhat_mine", [quantity(number - this.#latest), "0x0"]);
      this.#latest = number;
      this.#next = { ...this.#next, timestamp: null, prevRandao: null };
    }
  }

  async #setMiner({ coinbase, gasLimit }: BlockEnvironment): Promise<void> {
    await this.#set({ coinbase }, "hardhat_setCoinbase", coinbase);
    await this.#set({ gasLimit }, "evm_setBlockGasLimit", quantity(gasLimit));
  }

  /** Sends the request that sets one thing of the next block, unless it is set already. */
  async #set(wanted: Partial<NextBlock>, method: string, param: string): Promise<void> {
    const next = { ...this.#next, ...wanted };
    if (
      next.coinbase !== this.#next.coinbase ||
      next.gasLimit !== this.#next.gasLimit ||
      next.timestamp !== this.#next.timestamp ||
      next.prevRandao !== this.#next.prevRandao
    ) {
      await this.request(method, [param]);
      this.#next = next;
    }
  }

  /**
   * Back to genesis. A revert takes coinbase and gas limit back, too; as nearly every environment has
   * the same ones, they are set before the snapshot for the next revert is taken.
   */
  async #restart(environment: BlockEnvironment): Promise<void> {
    const reverted = await this.request("evm_revert", [this.#genesis.snapshot]);
    invariant(reverted === true, "the snapshot of the stock network's genesis is there");
    this.#latest = 0n;
    this.#next = this.#genesis.next;
    await this.#setMiner(environment);
    const { coinbase, gasLimit } = this.#next;
    const next: NextBlock = { ...UNKNOWN, coinbase, gasLimit };
    this.#genesis = { snapshot: await this.request("evm_snapshot", []), next };
  }
}
