/**
 * Committing a block as soon as its transactions are final, before what the threads know of them has
 * been collected: the caller needs no more than gas and writes for that, and both are in the block's
 * memory already.
 *
 * Owns: whether all transactions stand as they are, and the state before the block for whoever needs it
 * after the caller has changed it. Does not own: applying (the caller).
 *
 * Invariant: a block that is handed over is the sequential executor's, whatever happens to the threads
 * afterwards: what they do not deliver is executed again on the state before.
 */

import type { StateReader } from "../state/state-reader";
import type { StateMark, StateStore } from "../state/state-store";
import { BlockCapacity } from "./block-capacity";
import type { BlockInput, SettledTransaction } from "./block-executor";
import { writesInMemory } from "./final-outcome";
import type { TransactionOutcome } from "./outcome";
import type { SharedArena } from "./shared-arena";
import type { SharedBlock } from "./shared-block";

/** Words of a transaction: is it known, blob gas, and gas as two words, the lower one first. */
const KNOWN = 0;
const BLOB_GAS = 1;
const GAS = 2;
const WORDS = 4;

/** What a transaction has taken of its block, as far as blocks without gas for growth need it. */
export type GasUse = Pick<TransactionOutcome, "gasUsed" | "blobGasUsed">;

/** Words of the block's directory for a block of this size. */
export function gasUseWords(size: number): number {
  return size * WORDS;
}

/** What the latest incarnations used, in shared memory. */
export class GasUses {
  readonly #arena: SharedArena;
  /** even */
  readonly #directory: number;

  constructor(arena: SharedArena, directory: number) {
    this.#arena = arena;
    this.#directory = directory;
  }

  /** Before the scheduler hears of the incarnation. @param use null = nothing that can be settled early */
  publish(transactionIndex: number, use: GasUse | null): void {
    const { words, longs } = this.#arena;
    const at = this.#directory + transactionIndex * WORDS;
    words[at + KNOWN] = use === null ? 0 : 1;
    words[at + BLOB_GAS] = Number(use?.blobGasUsed ?? 0n);
    longs[(at + GAS) >> 1] = use?.gasUsed ?? 0n;
  }

  /** Null = not known. Only once the block is done. */
  of(transactionIndex: number): GasUse | null {
    const { words, longs } = this.#arena;
    const at = this.#directory + transactionIndex * WORDS;
    if (words[at + KNOWN] !== 1) {
      return null;
    }
    return {
      gasUsed: longs[(at + GAS) >> 1] ?? 0n,
      blobGasUsed: BigInt(words[at + BLOB_GAS] ?? 0),
    };
  }
}

export class Settlement {
  readonly #input: BlockInput;
  readonly #preState: StateStore;
  readonly #mark: StateMark;
  #isSettled = false;

  constructor(input: BlockInput, preState: StateStore) {
    this.#input = input;
    this.#preState = preState;
    this.#mark = preState.mark();
  }

  /** The state before the block, also when the caller has changed it. */
  get before(): StateReader {
    return this.#isSettled ? this.#preState.at(this.#mark) : this.#preState;
  }

  /**
   * The block is done in its memory. Hands it over, if all of it can stay as it is. Throws what the caller
   * throws.
   */
  blockDone(block: SharedBlock): void {
    // Where reads come from is asked when the block is applied, or never.
    block.validator.readBefore(this.#preState.at(this.#mark));
    if (this.#input.settle !== undefined && !this.#isSettled) {
      this.#settle(transactionsInMemory(this.#input, block));
    }
  }

  /** All outcomes are there. The same. */
  allExecuted(outcomes: readonly TransactionOutcome[]): void {
    const { transactions } = this.#input;
    this.#settle(outcomes.length === transactions.length ? outcomes : null);
  }

  #settle(transactions: readonly SettledTransaction[] | null): void {
    if (transactions !== null && !this.#isSettled) {
      this.#isSettled = this.#input.settle !== undefined;
      this.#input.settle?.(transactions);
    }
  }
}

/** Null if one of them is not valid, does not fit, or writes what cannot be packed. */
function transactionsInMemory(
  { environment, gasAvailable, transactions }: BlockInput,
  block: SharedBlock,
): SettledTransaction[] | null {
  if (transactions.length !== block.size) {
    return null;
  }
  const capacity = new BlockCapacity(environment, gasAvailable);
  const settled: SettledTransaction[] = [];
  for (let index = 0; index < transactions.length; index++) {
    const transaction = transactions[index];
    const use = block.gasUses.of(index);
    const packed = block.writes.packed(index, block.places);
    if (
      transaction === undefined ||
      use === null ||
      packed === null ||
      capacity.check(transaction) !== null
    ) {
      return null;
    }
    capacity.take(use);
    settled.push({ gasUsed: use.gasUsed, writes: writesInMemory(block, index, packed) });
  }
  return settled;
}
