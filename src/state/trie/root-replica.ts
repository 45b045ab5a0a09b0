/**
 * The tries of a store in another thread, which reads the store's tables in shared memory and is told
 * which rows changed: the side of that thread.
 *
 * Owns: its own tries and the checkpoints among them. Does not own: the protocol's other side
 * (distant-tries.ts), threads. The tables do not change while a request is answered.
 */
import { invariant } from "../../errors/base-error";
import type { Hash } from "../hex";
import { openTables, type StateTables } from "../shared/table-reader";
import type { SharedStateHandle, StateMark } from "../state-store";
import type { TrieNode } from "./node";
import { rootHashText } from "./node-reference";
import { type RowCounts, RowTries } from "./row-tries";
import { PresentValues } from "./row-values";
import { TrieCheckpoints } from "./trie-checkpoints";

/** What is asked of the thread; structured-clonable. */
export interface RootRequest {
  /** names the store: one thread may serve several, one after the other */
  readonly store: number;
  readonly state: SharedStateHandle;
  readonly counts: RowCounts;
  /** since the last request: the lowest mark that was reverted to, and the fewest rows there were */
  readonly revertedTo: StateMark;
  readonly kept: RowCounts;
  /** a checkpoint that the thread has */
  readonly base: StateMark;
  readonly mark: StateMark;
  /** from `base` to `mark`: see row-changes.ts */
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

  /** The state root at `mark`. Throws if the two sides no longer agree on checkpoints. */
  rootAt({ state, counts, revertedTo, kept, base, mark, changes }: RootRequest): Hash {
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
        `a root is asked for on top of mark ${base}, but the last trie here is of ${checkpoint.mark}`,
    );
    const values = new PresentValues(this.#tables);
    const root = this.#tries.update(checkpoint.content, changes, values, counts);
    this.#checkpoints.add(mark, root);
    return rootHashText(root);
  }
}
