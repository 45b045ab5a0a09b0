/**
 * A range of empty blocks that hardhat_mine promised: any of them can be made from its number alone,
 * so a range of a billion blocks costs nothing. Their headers are those of the stock network, which
 * are not linked by parentHash.
 */
import { invariant } from "../errors/base-error";
import type { Hash } from "../state/hex";
import { ZERO_HASH } from "./block-header";
import type { BlockHeader, ChainBlock } from "./chain";
import { unbuiltBlock } from "./genesis";
import type { HardforkName } from "./hardfork";

/** gas; stock's default for a header that nobody gave a limit */
const RESERVED_GAS_LIMIT = 1_000_000n;

export class ReservedRange {
  readonly first: bigint;
  readonly #hardfork: HardforkName;
  readonly #previous: BlockHeader;
  /** seconds */
  readonly #interval: bigint;
  #last: bigint;
  readonly #made = new Map<bigint, ChainBlock>();

  constructor(hardfork: HardforkName, previous: BlockHeader, count: bigint, interval: bigint) {
    this.#hardfork = hardfork;
    this.#previous = previous;
    this.#interval = interval;
    this.first = previous.number + 1n;
    this.#last = previous.number + count;
  }

  /** Below `first` once everything was cut off. */
  get last(): bigint {
    return this.#last;
  }

  block(number: bigint): ChainBlock {
    invariant(this.first <= number && number <= this.#last, `block ${number} is not reserved here`);
    const made = this.#made.get(number);
    if (made !== undefined) {
      return made;
    }
    const previous = this.#previous;
    const block = unbuiltBlock(this.#hardfork, {
      number,
      timestamp: previous.timestamp + this.#interval * (number - previous.number),
      stateRoot: previous.stateRoot,
      gasLimit: RESERVED_GAS_LIMIT,
      baseFeePerGas: previous.baseFeePerGas ?? null,
      mixHash: ZERO_HASH,
      extraData: "0x",
      totalDifficulty: previous.totalDifficulty,
      reserved: true,
    });
    this.#made.set(number, block);
    return block;
  }

  /** Cuts off what comes after `number`; returns the hashes of made blocks that are gone. */
  truncate(number: bigint): Hash[] {
    if (this.#last <= number) {
      return [];
    }
    this.#last = number;
    const gone: Hash[] = [];
    for (const [made, block] of this.#made) {
      if (made > number) {
        gone.push(block.header.hash);
        this.#made.delete(made);
      }
    }
    return gone;
  }
}
