/**
 * The canonical chain: blocks, where each transaction is, and the position of the state's journal
 * before each block and transaction.
 *
 * Block numbers without gaps are made of built blocks and of reservations: ranges of empty headers
 * that hardhat_mine promises and that are made only when somebody asks (reserved-range.ts).
 *
 * On a fork the first block here is the fork block, and what is before it is asked of the fork base;
 * lookups may then throw Missing.
 *
 * Owns: lookups, truncation. Does not own: the state itself, how blocks are built.
 */
import { invariant } from "../errors/base-error";
import type { Hash } from "../state/hex";
import type { StateMark } from "../state/state-store";
import { AncestorHashes } from "./ancestor-hashes";
import type { ChainBlock, Receipt, TransactionLocation } from "./chain";
import type { ForkBase } from "./fork/fork-base";
import type { HardforkName } from "./hardfork";
import { ReservedRange } from "./reserved-range";

export interface BuiltBlock {
  readonly block: ChainBlock;
  /** state before the block; after it, and what was set between blocks: the next block's mark */
  readonly preMark: StateMark;
  /** state before each transaction */
  readonly transactionMarks: readonly StateMark[];
}

export class History {
  readonly #hardfork: HardforkName;
  /** null = the first block is a genesis block */
  readonly #base: ForkBase | null;
  /** number of the genesis block or of the fork block */
  readonly #first: bigint;
  /** ascending by number, the first block first */
  readonly #built: BuiltBlock[];
  /** ascending by number */
  readonly #reserved: ReservedRange[] = [];
  readonly #byHash = new Map<Hash, ChainBlock>();
  /** which transaction of the chain each is: a number, since one object for each would be many */
  readonly #transactions = new Map<Hash, number>();
  /** by built block: how many transactions the chain has before it */
  readonly #firstTransactions = [0];
  readonly #ancestors = new AncestorHashes((number) => this.#hashOf(number));

  /** @param base on a fork, whose block is then the first one */
  constructor(
    hardfork: HardforkName,
    first: ChainBlock,
    preMark: StateMark,
    base: ForkBase | null = null,
  ) {
    this.#hardfork = hardfork;
    this.#base = base;
    this.#first = first.header.number;
    this.#built = [{ block: first, preMark, transactionMarks: [] }];
    this.#byHash.set(first.header.hash, first);
  }

  get latestNumber(): bigint {
    const reserved = this.#reserved.at(-1)?.last ?? 0n;
    const built = this.#latestBuiltNumber;
    return built > reserved ? built : reserved;
  }

  get latest(): ChainBlock {
    const last = this.#built.at(-1)?.block;
    const reserved = this.#reserved.at(-1);
    if (last !== undefined && (reserved === undefined || last.header.number > reserved.last)) {
      return last;
    }
    const block = reserved === undefined ? undefined : this.#fulfil(reserved, reserved.last);
    invariant(block !== undefined, "a chain has at least its genesis block");
    return block;
  }

  byNumber(number: bigint): ChainBlock | undefined {
    if (number < this.#first) {
      return this.#base?.byNumber(number);
    }
    const built = this.built(number);
    if (built !== undefined) {
      return built.block;
    }
    const range = this.#reserved.find(({ first, last }) => first <= number && number <= last);
    return range === undefined ? undefined : this.#fulfil(range, number);
  }

  /** A block that was really mined (or the fork block), with its marks; undefined for others. */
  built(number: bigint): BuiltBlock | undefined {
    const built = this.#built[this.#lastBuiltUpTo(number)];
    return built?.block.header.number === number ? built : undefined;
  }

  /** A reserved block is found by its hash once it was looked up by its number. */
  byHash(hash: Hash): ChainBlock | undefined {
    return this.#byHash.get(hash) ?? this.#base?.byHash(hash);
  }

  transaction(hash: Hash): TransactionLocation | undefined {
    const found = this.#find(hash);
    return found === undefined
      ? this.#base?.transaction(hash)
      : { block: found.built.block, index: found.index };
  }

  receipt(hash: Hash): Receipt | undefined {
    const found = this.#find(hash);
    if (found !== undefined) {
      return found.built.block.receipts[found.index];
    }
    return this.#base?.transaction(hash) === undefined ? undefined : this.#base.receipt(hash);
  }

  /** False for what only a fork's remote may have. */
  hasOwnTransaction(hash: Hash): boolean {
    return this.#transactions.has(hash);
  }

  /** The journal's position before a mined transaction. */
  transactionMark(hash: Hash): StateMark | undefined {
    const found = this.#find(hash);
    return found?.built.transactionMarks[found.index];
  }

  /**
   * The journal's position of the state after a known block, later irregular changes included;
   * null = the state as it is now.
   */
  stateMark(number: bigint): StateMark | null {
    return this.#built[this.#lastBuiltUpTo(number) + 1]?.preMark ?? null;
  }

  /** Built blocks with numbers in [from, to], ascending, none of a fork's remote: reserved ones have nothing in them. */
  *builtBetween(from: bigint, to: bigint): Iterable<ChainBlock> {
    const lowest = this.#base === null || from > this.#first ? from : this.#first + 1n;
    for (let i = this.#lastBuiltUpTo(lowest - 1n) + 1; i < this.#built.length; i++) {
      const block = this.#built[i]?.block;
      if (block === undefined || block.header.number > to) {
        return;
      }
      yield block;
    }
  }

  append(built: BuiltBlock): void {
    const { block } = built;
    let place = this.#transactionCount;
    this.#built.push(built);
    this.#firstTransactions.push(place);
    this.#byHash.set(block.header.hash, block);
    for (const { input } of block.transactions) {
      this.#transactions.set(input.hash, place++);
    }
  }

  /** Appends `count` reserved blocks, `interval` seconds apart, without making them. */
  reserve(count: bigint, interval: bigint): void {
    this.#reserved.push(new ReservedRange(this.#hardfork, this.latest.header, count, interval));
  }

  /** Forgets every block after `number`; costs what is forgotten. */
  truncate(number: bigint): void {
    while (this.#latestBuiltNumber > number) {
      const { block } = this.#built.pop() ?? {};
      invariant(
        block !== undefined && block.header.number > this.#first,
        "the first block cannot be reverted",
      );
      this.#firstTransactions.pop();
      this.#byHash.delete(block.header.hash);
      for (const { input } of block.transactions) {
        this.#transactions.delete(input.hash);
      }
    }
    for (let range = this.#reserved.at(-1); range !== undefined; range = this.#reserved.at(-1)) {
      for (const hash of range.truncate(number)) {
        this.#byHash.delete(hash);
      }
      if (range.first <= range.last) {
        break;
      }
      this.#reserved.pop();
    }
    this.#ancestors.clear();
  }

  /** BLOCKHASH's view of a block all of whose ancestors are known; valid until the next call. */
  ancestorHashes(number: bigint): ReadonlyMap<bigint, Hash> {
    return this.#ancestors.of(number);
  }

  #find(hash: Hash): { readonly built: BuiltBlock; readonly index: number } | undefined {
    const place = this.#transactions.get(hash);
    if (place === undefined) {
      return undefined;
    }
    const block = lastIndex(this.#firstTransactions, (first) => first <= place);
    const built = this.#built[block];
    const first = this.#firstTransactions[block];
    return built === undefined || first === undefined ? undefined : { built, index: place - first };
  }

  get #transactionCount(): number {
    return (
      (this.#firstTransactions.at(-1) ?? 0) + (this.#built.at(-1)?.block.transactions.length ?? 0)
    );
  }

  get #latestBuiltNumber(): bigint {
    return this.#built.at(-1)?.block.header.number ?? this.#first;
  }

  #hashOf(number: bigint): Hash | undefined {
    if (number < this.#first) {
      return this.#base?.knownHash(number);
    }
    const block = this.byNumber(number);
    invariant(block !== undefined, `block ${number} is an ancestor and so known`);
    return block.header.hash;
  }

  #fulfil(range: ReservedRange, number: bigint): ChainBlock {
    const block = range.block(number);
    this.#byHash.set(block.header.hash, block);
    return block;
  }

  /** Index of the last built block with a number of at most `number`; -1 if there is none. */
  #lastBuiltUpTo(number: bigint): number {
    if (this.#reserved.length === 0) {
      const last = BigInt(this.#built.length - 1);
      const index = number - this.#first;
      return index < 0n ? -1 : Number(index < last ? index : last);
    }
    return lastIndex(this.#built, ({ block }) => block.header.number <= number);
  }
}

/** Index of the last item that passes, where none passes after one that does not; -1 if none does. */
function lastIndex<T>(items: readonly T[], passes: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = items[middle];
    if (candidate !== undefined && passes(candidate)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
