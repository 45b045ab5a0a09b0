/**
 * State roots, made in this thread or in another.
 *
 * Owns: where a root is made, and what is learned from the time that it took. Does not own: tries
 * (state-trie.ts, distant-tries.ts).
 */
import type { Hash } from "../hex";
import type { Journal } from "../shared/journal";
import type { PendingRoot, SharedStateHandle, StateMark } from "../state-store";
import type { DistantTries } from "./distant-tries";
import type { RootChoice, RootSide } from "./root-pace";
import type { StateTrie } from "./state-trie";

export class StateRoots {
  readonly #trie: StateTrie;
  readonly #distant: DistantTries | null;
  readonly #choice: RootChoice;
  readonly #journal: Journal;
  /** where a root was made last, here or in the other thread */
  #rootedAt: StateMark = 0;
  /** The side of the last root for which both were worth a choice. */
  #latest: RootSide | null = null;

  /** @param distant null = there is no other thread */
  constructor(trie: StateTrie, distant: DistantTries | null, choice: RootChoice, journal: Journal) {
    this.#trie = trie;
    this.#distant = distant;
    this.#choice = choice;
    this.#journal = journal;
  }

  /** Everything after the mark was undone. */
  reverted(mark: StateMark): void {
    this.#distant?.reverted(mark);
    this.#rootedAt = Math.min(this.#rootedAt, mark);
  }

  /** See StateStore.catchUp. */
  async catchUp(share: () => SharedStateHandle): Promise<void> {
    const distant = this.#distant;
    if (
      this.#latest === "there" &&
      distant?.isReady === true &&
      distant.isWorthAsking(distant.backlog)
    ) {
      await this.#answered(distant.stateRoot(share()));
    } else if (this.#latest === "here" && distant?.isWorthAsking(this.#trie.backlog) === true) {
      this.here();
    }
  }

  /** The root now, made in this thread. */
  here(): Hash {
    this.#rootedAt = this.#journal.length;
    return this.#trie.stateRoot();
  }

  /** See StateStore.stateRootSoon. */
  soon(share: () => SharedStateHandle): PendingRoot {
    const distant = this.#distant;
    if (distant === null || !distant.isWorthAsking(this.#journal.length - this.#rootedAt)) {
      return here(this.here());
    }
    const began = performance.now();
    if (!distant.isReady) {
      const root = this.here();
      const started = distant.startAfter(performance.now() - began);
      return { wait: () => started.then(() => root) };
    }
    const backlog = { here: this.#trie.backlog, there: distant.backlog };
    this.#latest = this.#choice.choose(backlog);
    if (this.#latest === "there") {
      return this.#there(distant, share(), backlog.there);
    }
    const root = this.here();
    this.#choice.note("here", performance.now() - began, backlog.here);
    return here(root);
  }

  /** What the other thread costs is asking it, and the time that nobody had anything else to do. */
  #there(distant: DistantTries, state: SharedStateHandle, backlog: number): PendingRoot {
    const began = performance.now();
    const answer = distant.stateRoot(state);
    answer.catch(() => undefined); // `wait` sees it
    const asking = performance.now() - began;
    return {
      wait: () => {
        const waiting = performance.now();
        distant.collect();
        return this.#answered(answer, () =>
          this.#choice.note("there", asking + performance.now() - waiting, backlog),
        );
      },
    };
  }

  /** The root, made here if the other thread fails. @param succeeded called unless it does */
  async #answered(answer: Promise<Hash>, succeeded?: () => void): Promise<Hash> {
    try {
      const root = await answer;
      succeeded?.();
      this.#rootedAt = this.#journal.length;
      return root;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.emitWarning(
        `hardhat-parallel: the thread that computes state roots failed (${reason}). From now on they are computed in the calling thread: nothing is lost but time.`,
      );
      return this.here();
    }
  }
}

function here(root: Hash): PendingRoot {
  return { wait: () => Promise.resolve(root) };
}
