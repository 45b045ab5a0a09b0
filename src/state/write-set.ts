/**
 * What one transaction changes, net, if it commits: the difference between the state before and
 * after it. Reverted frames leave nothing here.
 *
 * A balance change is always a delta (credits minus debits): deltas of different transactions
 * commute, so fees and plain transfers do not conflict with each other. The lower bound that a
 * debit needs is in the read set.
 *
 * A slot whose final value equals its value before the transaction is not a change of state but is
 * listed (`silent` writes matter to version-validated chains); the same for a nonce. Zero balance
 * deltas are not listed.
 */
import type { Address, Hash } from "./hex";
import type { PackedWrites } from "./packed-writes";

export interface BalanceWrite {
  readonly kind: "balance";
  readonly address: Address;
  /** wei, signed. */
  readonly delta: bigint;
}

export interface NonceWrite {
  readonly kind: "nonce";
  readonly address: Address;
  readonly value: bigint;
}

/** The bytes of a new code travel beside the write set, by hash. */
export interface CodeWrite {
  readonly kind: "code";
  readonly address: Address;
  readonly codeHash: Hash;
}

/**
 * The account begins or ends a life. `exists: false` removes the account (its nonce, code and
 * storage are gone; its balance is brought to zero by the balance delta); `clearsStorage` drops
 * every slot written by lower transactions or held before the block. Applied before the other
 * writes of the same write set.
 */
export interface ExistenceWrite {
  readonly kind: "existence";
  readonly address: Address;
  readonly exists: boolean;
  readonly clearsStorage: boolean;
}

export interface StorageWrite {
  readonly kind: "storage";
  readonly address: Address;
  readonly slot: bigint;
  readonly value: bigint;
}

export type Write = BalanceWrite | NonceWrite | CodeWrite | ExistenceWrite | StorageWrite;

/** At most one entry per location, in the order of first write. */
export interface WriteSet {
  readonly writes: readonly Write[];
  /** Code bytes first deployed by this transaction, by hash. */
  readonly codes: ReadonlyMap<Hash, Uint8Array>;
  /** The same writes as words, if they lie somewhere as words: quicker to apply. */
  packed?(): PackedWrites | null;
}

export const EMPTY_WRITE_SET: WriteSet = { writes: [], codes: new Map() };
