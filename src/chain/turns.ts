/**
 * Who may use the chain when: one step at a time, in order of arrival; over a fork with what it needs
 * loaded.
 *
 * Owns: the lock and the count of changes. Does not own: what a step does.
 */
import { type StateKey, whenLoaded } from "../state/missing";
import type { StateStore } from "../state/state-store";
import { Mutex } from "./mutex";

export class Turns {
  readonly #lock = new Mutex();
  readonly #store: StateStore;
  #changes = 0;

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** Steps so far that changed the chain, or tried to. */
  get changes(): number {
    return this.#changes;
  }

  /** Counts a change that needs no turn. */
  countChange(): void {
    this.#changes++;
  }

  /** A step that only reads; begins again after loading what it missed. */
  read<Result>(step: () => Result | Promise<Result>): Promise<Result> {
    return this.#lock.run(() => whenLoaded(step));
  }

  /** @param keys what the step needs of a fork's state: loaded before it begins */
  change<Result>(
    step: () => Result | Promise<Result>,
    keys: readonly StateKey[] = [],
  ): Promise<Result> {
    return this.#lock.run(async () => {
      await this.#store.load(keys);
      this.#changes++;
      return step();
    });
  }

  /** A step that nobody asked for: not counted as a change. */
  own<Result>(step: () => Promise<Result>): Promise<Result> {
    return this.#lock.run(step);
  }
}
