/**
 * The tries of a store in another thread: the side of the store's owner.
 *
 * Owns: what the other thread has and has yet to be told, and when it is worth asking. Does not own:
 * the thread (RootThread), the tries there (root-replica.ts).
 *
 * Whatever happens to the thread, it costs only time: the owner can make every root itself.
 */
import type { Hash } from "../hex";
import type { Journal } from "../shared/journal";
import type { StateTables } from "../shared/table-reader";
import type { SharedStateHandle, StateMark } from "../state-store";
import type { RootRequest } from "./root-replica";
import { rowChanges } from "./row-changes";
import { countsOf, type RowCounts } from "./row-tries";
import { PresentValues } from "./row-values";
import { TrieCheckpoints } from "./trie-checkpoints";

/** A thread that computes state roots while others do something else. */
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
  /** The root; one request at a time. Rejects when the thread cannot give it. */
  rootOf(request: RootRequest): Promise<Hash>;
  /** Ends it; it can not be started again. */
  close(): Promise<void>;
}

let stores = 0;

export class DistantTries {
  readonly #thread: RootThread;
  readonly #tables: StateTables;
  readonly #journal: Journal;
  readonly #store = ++stores;
  /** The thread's checkpoints. */
  readonly #checkpoints = new TrieCheckpoints<null>(null);
  #revertedTo = Number.POSITIVE_INFINITY;
  #kept: RowCounts = NO_ROWS_LOST;
  /** The thread has failed, or the state has outgrown it. */
  #isOver = false;
  /** ms that large roots took before there was a thread */
  #withoutThread = 0;

  constructor(thread: RootThread, tables: StateTables, journal: Journal) {
    this.#thread = thread;
    this.#tables = tables;
    this.#journal = journal;
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

  /** Changes since the last trie made there. */
  get backlog(): number {
    return this.#checkpoints.backlog(this.#journal.length);
  }

  /**
   * The root now. The state must not change until it is there.
   * Rejects, from then on for ever, when the thread fails.
   */
  async stateRoot(state: SharedStateHandle): Promise<Hash> {
    const mark = this.#journal.length;
    const base = this.#checkpoints.before(mark).mark;
    const values = new PresentValues(this.#tables);
    const request: RootRequest = {
      store: this.#store,
      state,
      counts: countsOf(this.#tables),
      revertedTo: this.#revertedTo,
      kept: this.#kept,
      base,
      mark,
      changes: rowChanges(this.#tables, this.#journal, base, mark, values),
    };
    this.#revertedTo = Number.POSITIVE_INFINITY;
    this.#kept = NO_ROWS_LOST;
    try {
      const root = await this.#thread.rootOf(request);
      this.#checkpoints.add(mark, null);
      return root;
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  /** Everything after the mark was undone. */
  reverted(mark: StateMark): void {
    const { accounts, slots } = countsOf(this.#tables);
    this.#checkpoints.reverted(mark);
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
