/**
 * Another thread's share of a store's storage tries, which reads the store's tables in shared memory and is
 * told which rows changed: the side of that thread.
 *
 * Owns: those tries and the checkpoints among them. Does not own: the trie of accounts and the protocol's
 * other side (distant-tries.ts), threads. The tables do not change while a request is answered.
 */
import { invariant } from "../../errors/base-error";
import { openTables, type StateTables } from "../shared/table-reader";
import type { SharedStateHandle, StateMark } from "../state-store";
import type { TrieNode } from "./node";
import { type RowCounts, RowTries } from "./row-tries";
import { PresentValues } from "./row-values";
import { encodeParts, type NibbleRange } from "./storage-parts";
import { TrieCheckpoints } from "./trie-checkpoints";

/** What is asked of the thread; structured-clonable. */
export interface RootRequest {
  /** names the store: one thread may serve several, one after the other */
  readonly store: number;
  readonly state: SharedStateHandle;
  /** the thread's, the same in all requests of a store */
  readonly share: NibbleRange;
  readonly counts: RowCounts;
  /** since the last request: the lowest mark that was reverted to, and the fewest rows there were */
  readonly revertedTo: StateMark;
  readonly kept: RowCounts;
  /** a checkpoint that the thread has */
  readonly base: StateMark;
  readonly mark: StateMark;
  /** from `base` to `mark`, of accounts whose storage changed or ended: see row-changes.ts */
  readonly changes: Int32Array;
}

export class RootReplica {
  readonly store: number;
  readonly #checkpoints = new TrieCheckpoints<TrieNode | null>(null);
  #generation: number;
  #tables: StateTables;
  readonly #tries: RowTries;

  constructor({ store, state }: Pick<RootRequest, "store" | "state">) {
    this.store = store;
    this.#generation = state.generation;
    this.#tables = openTables(state);
    this.#tries = new RowTries(this.#tables);
  }

  /**
   * The thread's parts, at `mark`, of the storages that changed: see storage-parts.ts. Throws if the two
   * sides no longer agree on checkpoints.
   */
  partsAt({
    state,
    share,
    counts,
    revertedTo,
    kept,
    base,
    mark,
    changes,
  }: RootRequest): Int32Array {
    if (state.generation !== this.#generation) {
      this.#generation = state.generation;
      this.#tables = openTables(state);
      this.#tries.tables = this.#tables;
    }
    this.#checkpoints.reverted(revertedTo);
    this.#tries.truncate(kept);
    const checkpoint = this.#checkpoints.before(mark);
    invariant(
      checkpoint.mark === base,
      () =>
        `roots are asked for on top of mark ${base}, but the last tries here are of ${checkpoint.mark}`,
    );
    const values = new PresentValues(this.#tables);
    const { content } = checkpoint;
    const { tries, storages } = this.#tries.updateStorages(content, changes, values, counts, share);
    this.#checkpoints.add(mark, tries);
    return encodeParts(storages);
  }
}
