/**
 * Holds back transactions that would be executed in vain.
 *
 * Transactions that call the same function of the same contract form a group. To execute one while
 * the one before it in the group has not executed is speculation: cheap if they are independent,
 * wasted if they use the same slot. Where most of a group's speculations were wasted, its
 * transactions are executed one after the other; other groups are not touched. So a fully serial
 * block costs about what it costs sequentially, instead of every transaction being executed twice.
 *
 * Owns: groups and their counters, in shared memory; `ContentionHistory` carries them from block to
 * block. Does not own: correctness. Whatever is decided here, validation has the last word.
 */
import type { Address, Hash } from "../state/hex";
import { Missing } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import type { SharedArena } from "./shared-arena";
import type { TransactionInput } from "./transaction";

const NO_GROUP = -1;
const NONE = -1;
/** Wasted speculations from which on a group counts as contended, if they are also half of all. */
const ENOUGH_WASTE = 3;
/** Share of a block's transactions that would wait for another: from it on threads do not pay. */
const SERIAL_SHARE = 0.8;
/**
 * Of so many blocks that look serial one is run on threads all the same, to see if they still are: at first, and
 * at most, if they always were.
 */
const FIRST_RETRY = 16;
const LAST_RETRY = 256;
/** Groups remembered over blocks. */
const HISTORY_LIMIT = 4096;

/**
 * Per transaction: group and predecessor in it, each plus one, so that zeroed memory has no groups.
 * Per group: speculations, wasted ones.
 */
const PER_TRANSACTION = 2;
const PER_GROUP = 2;

/** words of the arena for a block of `size` transactions */
export function contentionWords(size: number): number {
  return size * (PER_TRANSACTION + PER_GROUP);
}

export class Contention {
  readonly #words: Int32Array;
  readonly #transactions: number;
  readonly #groups: number;

  /** @param at index of contentionWords(size) words of the arena */
  constructor(arena: SharedArena, at: number, size: number) {
    this.#words = arena.words;
    this.#transactions = at;
    this.#groups = at + size * PER_TRANSACTION;
  }

  /** Before the block starts. */
  setGroup(index: number, group: number, predecessor: number): void {
    this.#words[this.#transactions + index * PER_TRANSACTION] = group + 1;
    this.#words[this.#transactions + index * PER_TRANSACTION + 1] = predecessor + 1;
  }

  setCounters(group: number, { speculations, wasted }: GroupCounters): void {
    this.#words[this.#groups + group * PER_GROUP] = speculations;
    this.#words[this.#groups + group * PER_GROUP + 1] = wasted;
  }

  counters(group: number): GroupCounters {
    const at = this.#groups + group * PER_GROUP;
    return {
      speculations: Atomics.load(this.#words, at),
      wasted: Atomics.load(this.#words, at + 1),
    };
  }

  /** The transaction before this one in its group, -1 if there is none. */
  predecessor(index: number): number {
    return (this.#words[this.#transactions + index * PER_TRANSACTION + 1] ?? 0) - 1;
  }

  /** Should the transaction wait for its predecessor? */
  isContended(index: number): boolean {
    const group = this.#group(index);
    return group !== NO_GROUP && isWasteful(this.counters(group));
  }

  noteSpeculation(index: number): void {
    this.#count(index, 0);
  }

  /** An execution of the transaction was aborted, or stopped at an estimate. */
  noteWaste(index: number): void {
    this.#count(index, 1);
  }

  #group(index: number): number {
    return (this.#words[this.#transactions + index * PER_TRANSACTION] ?? 0) - 1;
  }

  #count(index: number, counter: number): void {
    const group = this.#group(index);
    if (group !== NO_GROUP) {
      Atomics.add(this.#words, this.#groups + group * PER_GROUP + counter, 1);
    }
  }
}

function isWasteful({ speculations, wasted }: GroupCounters): boolean {
  return wasted >= ENOUGH_WASTE && wasted * 2 >= speculations;
}

/**
 * To keep a whole block off the threads takes more than to let a transaction wait: where a thread is
 * held up by the machine, also calls that seldom meet are disturbed now and then.
 */
function isSerial(counters: GroupCounters): boolean {
  return isWasteful(counters) && counters.wasted * 3 >= counters.speculations * 2;
}

export interface GroupCounters {
  readonly speculations: number;
  readonly wasted: number;
}

/** What earlier blocks taught about the groups. It fades, so that every group is tried again. */
export class ContentionHistory {
  readonly #counters = new Map<string, GroupCounters>();
  /** Groups that were serial at the end of their last block on threads. */
  readonly #contended = new Set<string>();
  /** since the last of them that ran on threads */
  #serialBlocks = 0;
  #retry = FIRST_RETRY;

  /**
   * Number of transactions that would wait for another one if nearly all would, as far as earlier
   * blocks tell; else 0. Now and then 0 for such a block too, so that what has changed is noticed.
   */
  serialTransactions(keys: GroupKeys): number {
    if (this.#contended.size === 0) {
      return 0;
    }
    const begun = new Set<string>();
    let waiting = 0;
    for (const key of keys) {
      if (key !== null && this.#contended.has(key)) {
        waiting += begun.has(key) ? 1 : 0;
        begun.add(key);
      }
    }
    if (waiting < keys.length * SERIAL_SHARE) {
      return 0;
    }
    this.#serialBlocks += 1;
    if (this.#serialBlocks < this.#retry) {
      return waiting;
    }
    this.#serialBlocks = 0;
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
    return 0;
  }

  /** Forms the block's groups; returns the key of each, for `learn`. */
  begin(contention: Contention, keys: GroupKeys): readonly string[] {
    const groups = new Map<string, { readonly group: number; last: number }>();
    for (const [index, key] of keys.entries()) {
      if (key === null) {
        contention.setGroup(index, NO_GROUP, NONE);
        continue;
      }
      const known = groups.get(key);
      if (known === undefined) {
        const group = groups.size;
        groups.set(key, { group, last: index });
        contention.setGroup(index, group, NONE);
        contention.setCounters(group, this.#counters.get(key) ?? { speculations: 0, wasted: 0 });
      } else {
        contention.setGroup(index, known.group, known.last);
        known.last = index;
      }
    }
    return [...groups.keys()];
  }

  /** After the block. */
  learn(contention: Contention, keys: readonly string[]): void {
    for (const [group, key] of keys.entries()) {
      const counters = contention.counters(group);
      const { speculations, wasted } = counters;
      const wasSerial = this.#contended.delete(key);
      if (isSerial(counters)) {
        this.#contended.add(key);
      } else if (wasSerial) {
        this.#retry = FIRST_RETRY;
      }
      this.#counters.delete(key);
      if (wasted > 1) {
        this.#counters.set(key, { speculations: speculations >> 1, wasted: wasted >> 1 });
      }
    }
    for (const key of this.#counters.keys()) {
      if (this.#counters.size <= HISTORY_LIMIT) {
        break;
      }
      this.#counters.delete(key); // the longest untouched
    }
    for (const key of this.#contended) {
      if (this.#contended.size <= HISTORY_LIMIT) {
        break;
      }
      this.#contended.delete(key);
    }
  }
}

/** The code that an account has before the block; null where that is not known (yet). */
export type CodeOf = (address: Address) => Hash | null;

/** Asks the pre-state; over a fork, what is not loaded is not known. */
export function codeBefore(preState: Pick<StateReader, "codeHash">): CodeOf {
  return (address) => {
    try {
      return preState.codeHash(address);
    } catch (error) {
      if (error instanceof Missing) {
        return null;
      }
      throw error;
    }
  };
}

/** By transaction: its group; null for creations and plain transfers. */
export type GroupKeys = readonly (string | null)[];

/**
 * Contract and selector. The code counts: after the chain was reverted, another contract may have the
 * address.
 */
export function groupKeys(transactions: readonly TransactionInput[], codeOf: CodeOf): GroupKeys {
  // A block calls few functions: the texts are made once.
  const known = new Map<Address, Map<string | number, string>>();
  return transactions.map(({ to, data }) => {
    if (to === null || data.length === 0) {
      return null;
    }
    let ofContract = known.get(to);
    if (ofContract === undefined) {
      ofContract = new Map();
      known.set(to, ofContract);
    }
    const selector = selectorOf(data);
    let key = ofContract.get(selector);
    if (key === undefined) {
      key = `${to}${codeOf(to) ?? ""}${selector}`;
      ofContract.set(selector, key);
    }
    return key;
  });
}

/** As a number; of shorter calldata all there is, as text. */
function selectorOf(data: Uint8Array): string | number {
  const [a, b, c, d] = data;
  return a === undefined || b === undefined || c === undefined || d === undefined
    ? data.join()
    : ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/**
 * Blocks of one kind: of about the same size, and most of their transactions call the same function.
 * All others of that size are one kind.
 */
export function kindOfBlock(keys: GroupKeys): string {
  const counts = new Map<string | null, number>();
  let kind = "";
  for (const key of keys) {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count * 2 > keys.length) {
      kind = key ?? "transfers";
      break;
    }
  }
  return `${kind}/${Math.round(Math.log2(keys.length))}`;
}
