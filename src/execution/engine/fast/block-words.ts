/**
 * What a block says of itself that is not a word already, as words: each made when code first asks, once a
 * block. To read the text each time took four to eleven times as long as the median opcode.
 */
import { blobBaseFee } from "../../blob-gas";
import { forkRules } from "../../fork-rules";
import type { BlockEnvironment } from "../../transaction";
import type { Schedule } from "./schedule";

export class BlockWords {
  readonly environment: BlockEnvironment;
  readonly #schedule: Schedule;
  #coinbase: bigint | null = null;
  #randomness: bigint | null = null;
  #blobBaseFee: bigint | null = null;

  constructor(environment: BlockEnvironment, schedule: Schedule) {
    this.environment = environment;
    this.#schedule = schedule;
  }

  /** COINBASE */
  get coinbase(): bigint {
    this.#coinbase ??= BigInt(this.environment.coinbase);
    return this.#coinbase;
  }

  /** PREVRANDAO (EIP-4399), DIFFICULTY before. */
  get randomness(): bigint {
    this.#randomness ??= this.#schedule.randomness
      ? BigInt(this.environment.prevRandao)
      : this.environment.difficulty;
    return this.#randomness;
  }

  /** BLOBBASEFEE (EIP-7516), wei per blob gas; 0 where the block has no blobs. */
  get blobBaseFee(): bigint {
    const { environment } = this;
    this.#blobBaseFee ??= blobBaseFee(environment, forkRules(environment.rules)) ?? 0n;
    return this.#blobBaseFee;
  }
}
