/**
 * The state as tries of two threads, so that both work at a root: the larger part of each storage trie in
 * another thread, the rest and the trie of accounts in the calling one. The side of the store's owner.
 *
 * Owns: the tries here, what the other thread has and has yet to be told, and when it is worth asking.
 * Does not own: the thread (RootThread), the tries there (root-replica.ts).
 *
 * Whatever happens to the thread, it costs only time: the owner can make every root itself (state-trie.ts).
 */
import type { Hash } from "../hex";
import type { Journal } from "../shared/journal";
import type { StateTables } from "../shared/table-reader";
import type { SharedStateHandle, StateMark } from "../state-store";
import type { TrieNode } from "./node";
import { rootHashText } from "./node-reference";
import type { RootRequest } from "./root-replica";
import { rowChanges, splitChanges } from "./row-changes";
import { countsOf, type RowCounts, type RowTries } from "./row-tries";
import { PresentValues, type RowValues } from "./row-values";
import { decodeParts, type NibbleRange, rootsOfParts } from "./storage-parts";
import { TrieCheckpoints } from "./trie-checkpoints";

/** A thread that keeps parts of storage tries, and updates them while others do something else. */
export interface RootThread {
  /** changes since the last root from which on it pays to ask another thread and wait for its answer */
  readonly minChanges: number;
  /** ms that starting it takes: so much time large roots have to take without it before it is started */
  readonly startCost: number;
  /** accounts and slots of a state up to which a second set of tries is worth its memory */
  readonly maxRows: number;
  /** true once it can take requests */
  readonly isReady: boolean;
  /** Starts it if need be. Does not wait until it has started, but lets it say so. */
  start(): Promise<void>;
  /** The parts, see storage-parts.ts; one request at a time. Rejects when the thread cannot give them. */
  partsOf(request: RootRequest): Promise<Int32Array>;
  /**
   * Waits for its answer for a while, without serving the event loop, which would take its time to deliver it:
   * the promise is settled then, or else later as ever. Only while it is ready.
   */
  collect(): void;
  /** Ends it; it can not be started again. */
  close(): Promise<void>;
}

/**
 * First nibbles of the keys whose tries the other thread has, and those of the calling one, which makes the
 * trie of accounts as well, and receipts, and the block.
 */
const THERE: NibbleRange = { from: 0, to: 12 };
const HERE: NibbleRange = { from: THERE.to, to: 16 };

let stores = 0;

export class DistantTries {
  readonly #thread: RootThread;
  readonly #tables: StateTables;
  readonly #journal: Journal;
  readonly #tries: RowTries;
  readonly #store = ++stores;
  /** Tries of accounts. */
  readonly #accounts = new TrieCheckpoints<TrieNode | null>(null);
  /** What this thread has of storage tries, at the checkpoints that the other one has too. */
  readonly #parts = new TrieCheckpoints<TrieNode | null>(null);
  #revertedTo = Number.POSITIVE_INFINITY;
  #kept: RowCounts = NO_ROWS_LOST;
  /** The thread has failed, or the state has outgrown it. */
  #isOver = false;
  /** ms that large roots took before there was a thread */
  #withoutThread = 0;

  /** @param tries whose owner forgets rows that are gone */
  constructor(thread: RootThread, tables: StateTables, journal: Journal, tries: RowTries) {
    this.#thread = thread;
    this.#tables = tables;
    this.#journal = journal;
    this.#tries = tries;
  }

  /** Is it worth asking, with this many changes since a root was last made? */
  isWorthAsking(changes: number): boolean {
    if (this.#isOver || changes < this.#thread.minChanges) {
      return false;
    }
    const { accounts, slots } = countsOf(this.#tables);
    if (accounts + slots > this.#thread.maxRows) {
      this.#isOver = true;
      void this.#thread.close();
    }
    return !this.#isOver;
  }

  get isReady(): boolean {
    return this.#thread.isReady;
  }

  /** Starts the thread if so much time without it shows that this pays. @param milliseconds of one root */
  async startAfter(milliseconds: number): Promise<void> {
    this.#withoutThread += milliseconds;
    if (this.#withoutThread >= this.#thread.startCost) {
      await this.#thread.start();
    }
  }

  /** Changes since the last root made so. */
  get backlog(): number {
    return this.#accounts.backlog(this.#journal.length);
  }

  /**
   * The root now. The state must not change until it is there. What the calling thread has to do for it
   * before the answer comes is done when this returns.
   * Rejects, from then on for ever, when the thread fails.
   */
  async stateRoot(state: SharedStateHandle): Promise<Hash> {
    const mark = this.#journal.length;
    const counts = countsOf(this.#tables);
    const values = new PresentValues(this.#tables);
    const { mark: base, content } = this.#accounts.before(mark);
    const all = rowChanges(this.#tables, this.#journal, base, mark, values);
    const changed = splitChanges(all, values);
    const { storages } = changed;
    try {
      const asked = storages.length === 0 ? null : this.#ask(state, values, base, storages);
      asked?.answer.catch(() => undefined); // it is awaited below, if nothing fails before
      const { root, complete } = this.#tries.updateAccounts(content, changed, values, counts);
      if (asked !== null) {
        const { checkpoint, changes, answer } = asked;
        const own = this.#tries.updateStorages(checkpoint, changes, values, counts, HERE);
        const elsewhere = decodeParts(await answer, values);
        this.#parts.add(mark, own.tries);
        complete(rootsOfParts(own.storages, elsewhere, this.#tries.slotKeys));
      }
      this.#accounts.add(mark, root);
      return rootHashText(root);
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  /** See RootThread. */
  collect(): void {
    this.#thread.collect();
  }

  /** @param storages changes from `base` to now */
  #ask(
    state: SharedStateHandle,
    values: RowValues,
    base: StateMark,
    storages: Int32Array,
  ): {
    /** What this thread has to update, with which changes. */
    readonly checkpoint: TrieNode | null;
    readonly changes: Int32Array;
    readonly answer: Promise<Int32Array>;
  } {
    const mark = this.#journal.length;
    const { mark: from, content: checkpoint } = this.#parts.before(mark);
    // Roots for which no storage had changed were made without parts.
    const changes =
      from === base
        ? storages
        : splitChanges(rowChanges(this.#tables, this.#journal, from, mark, values), values)
            .storages;
    const request: RootRequest = {
      store: this.#store,
      state,
      share: THERE,
      counts: countsOf(this.#tables),
      revertedTo: this.#revertedTo,
      kept: this.#kept,
      base: from,
      mark,
      changes,
    };
    this.#revertedTo = Number.POSITIVE_INFINITY;
    this.#kept = NO_ROWS_LOST;
    return { checkpoint, changes, answer: this.#thread.partsOf(request) };
  }

  /** Everything after the mark was undone. */
  reverted(mark: StateMark): void {
    const { accounts, slots } = countsOf(this.#tables);
    this.#accounts.reverted(mark);
    this.#parts.reverted(mark);
    this.#revertedTo = Math.min(this.#revertedTo, mark);
    this.#kept = {
      accounts: Math.min(this.#kept.accounts, accounts),
      slots: Math.min(this.#kept.slots, slots),
    };
  }
}

const NO_ROWS_LOST: RowCounts = {
  accounts: Number.POSITIVE_INFINITY,
  slots: Number.POSITIVE_INFINITY,
};
