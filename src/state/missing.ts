/**
 * Data of a forked chain that is not here yet. Reads are synchronous, the remote is not: so a read
 * that misses throws, whoever began the work loads what was missed and begins again.
 *
 * Owns: the errors and the loop. Does not own: where the data come from (StateSource), in which order
 * an executor goes on meanwhile.
 */
import { invariant } from "../errors/base-error";
import type { Address } from "./hex";

/** What a read can miss: the fork's remote holds it. */
export type StateKey =
  /** balance, nonce and code, which come together */
  | { readonly kind: "account"; readonly address: Address }
  | {
      readonly kind: "slot";
      readonly address: Address;
      readonly slot: bigint;
      /** The slot is only written: a storage that began here needs nothing of the remote's for that. */
      readonly written?: true;
    }
  /** hash of an ancestor before the fork, for BLOCKHASH: executions miss it as they miss state */
  | { readonly kind: "blockHash"; readonly number: bigint };

/** Equal for equal keys. */
export function stateKeyText(key: StateKey): string {
  switch (key.kind) {
    case "account":
      return key.address;
    case "slot":
      return `${key.address}:${key.slot.toString(16)}`;
    case "blockHash":
      return `block ${key.number}`;
  }
}

/** Something that can be had by waiting for it. */
export abstract class Missing extends Error {
  /** What is missed; the same text twice in a row means that loading it did not help. */
  abstract readonly what: string;
  /** Throws what the remote's failure is, in words for the user. */
  abstract load(): Promise<void>;
}

/** A state reader does not have a location yet. */
export class MissingState extends Missing {
  readonly key: StateKey;
  readonly #load: ((keys: readonly StateKey[]) => Promise<void>) | null;

  /** @param load null in a worker thread, which only says what it missed */
  constructor(key: StateKey, load: ((keys: readonly StateKey[]) => Promise<void>) | null) {
    super(`${stateKeyText(key)} is not loaded`);
    this.name = "MissingState";
    this.key = key;
    this.#load = load;
  }

  get what(): string {
    return stateKeyText(this.key);
  }

  async load(): Promise<void> {
    invariant(this.#load !== null, `${this.message}, and nobody here can load it`);
    await this.#load([this.key]);
  }
}

/**
 * Does a step, and does it again each time after loading what it missed. The step must be pure up to
 * its last read: it is begun from the start.
 */
export async function whenLoaded<Result>(step: () => Result | Promise<Result>): Promise<Result> {
  let before: string | null = null;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Missing)) {
        throw error;
      }
      const { what } = error;
      invariant(what !== before, `${what} was loaded and is missed again`);
      before = what;
      await error.load();
    }
  }
}
