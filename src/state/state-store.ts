/**
 * The canonical state as the chain sees it (types only; the implementation is
 * shared-state-store.ts).
 *
 * One owner (the chain, on the main thread) writes; every thread reads through
 * `openSharedState(store.share())`. Workers only read between two commits, so readers never see a
 * half-applied write set.
 */
import type { Address, Hash, Hex } from "./hex";
import type { StateKey } from "./missing";
import type { StateReader } from "./state-reader";
import type { WriteSet } from "./write-set";

/** Position in the undo journal; grows with every change, shrinks with revert. */
export type StateMark = number;

/**
 * The SharedArrayBuffers of a store, as posted to a worker (structured-clonable). Opaque.
 * While `generation` stays the same, readers of an older handle see every commit. Once it has
 * grown, they see the last commit before that, whole, until they open the new handle.
 */
export interface SharedStateHandle {
  readonly buffers: readonly SharedArrayBuffer[];
  readonly generation: number;
  /** A location without a row is not loaded, instead of zero: reading it throws MissingState. */
  readonly isForked: boolean;
}

/** eth_getProof result parts (EIP-1186). */
export interface AccountProof {
  readonly accountProof: readonly Hex[];
  readonly storageHash: Hash;
  readonly storageProof: readonly {
    readonly slot: bigint;
    readonly value: bigint;
    readonly proof: readonly Hex[];
  }[];
}

/** A state root that is being made. */
export interface PendingRoot {
  /**
   * The root; to be called when there is nothing else to do, because the time until it is there counts as
   * lost. Rejects with what `stateRoot` throws only.
   */
  wait(): Promise<Hash>;
}

/**
 * Over a fork, reads throw MissingState for what is not loaded, and accounts and slots must be loaded
 * before they are written.
 */
export interface StateStore extends StateReader {
  /** False: everything that is not in the store is zero. */
  readonly isForked: boolean;
  /**
   * Fetches those of the keys that are not here, in one batch. Not while somebody reads through an
   * older handle of `share`. Throws what the source throws; then nothing was loaded.
   */
  load(keys: readonly StateKey[]): Promise<void>;
  /**
   * Those of the keys that a `load` of what is read now would fetch; none where nothing can be missing.
   */
  absent(keys: readonly StateKey[]): StateKey[];
  /**
   * Begins to fetch those of the keys that are not here, for a later `load` to bring in whatever it is
   * asked for. Changes nothing and fails never; allowed at any time.
   */
  prefetch(keys: readonly StateKey[]): void;

  /** Applies one committed transaction's writes. */
  apply(writes: WriteSet): void;

  /** Irregular changes (genesis, hardhat_set*, withdrawals): they make the account exist. */
  setBalance(address: Address, value: bigint): void;
  setNonce(address: Address, value: bigint): void;
  setCode(address: Address, code: Uint8Array): void;
  setStorage(address: Address, slot: bigint, value: bigint): void;

  /** The current journal position. */
  mark(): StateMark;
  /** Undoes everything after the mark; cost follows the number of changes undone. */
  revertTo(mark: StateMark): void;
  /** The state as it was at the mark. Valid until reverted below it. */
  at(mark: StateMark): StateReader;

  /** Root of the Merkle Patricia trie of the current state; hashes only what changed. */
  stateRoot(): Hash;
  /**
   * The same, perhaps from another thread while the caller goes on with something else. The state must
   * not change until it is there.
   */
  stateRootSoon(): PendingRoot;
  /**
   * After a revert: makes up for what the next root would have to make up for, if that is much. Tests go back
   * to the same state again and again, and the first block on it would pay for it each time. The state must
   * not change until it resolves.
   */
  catchUp(): Promise<void>;
  /** Proof against the state at the mark (default: now). */
  proof(address: Address, slots: readonly bigint[], mark?: StateMark): AccountProof;
  /** Storage root of one account now. */
  storageRoot(address: Address): Hash;

  /** All slots of an account that are not zero, ascending (debugging and tests; O(storage)). */
  storageEntries(address: Address): [slot: bigint, value: bigint][];
  /** All existing addresses, ascending (tests; O(state)). */
  accounts(): Address[];

  /** Buffers for workers; a new handle after the store grew. */
  share(): SharedStateHandle;
}
