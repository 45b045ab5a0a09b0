/**
 * Tries over table rows: the trie of accounts, each leaf with its storage trie. Of two threads both may have
 * parts of the storage tries, and one of them the trie of accounts with the storages' roots in its leaves.
 *
 * Owns: the keys of rows, and how changed rows become a new trie. Does not own: which rows changed
 * (row-changes.ts), what they hold (row-values.ts), which tries are kept (trie-checkpoints.ts).
 */
import { invariant } from "../../errors/base-error";
import { EMPTY_CODE_HASH } from "../hex";
import { SLOT_FIELD } from "../shared/slot-table";
import type { StateTables } from "../shared/table-reader";
import { FreshNodes } from "./fresh-nodes";
import { KEY_BYTES, KeyColumn } from "./key-column";
import {
  type AccountContent,
  DistantRoot,
  findLeaf,
  nibbleAt,
  StorageParts,
  type TrieNode,
} from "./node";
import { copyRootReference } from "./node-reference";
import { type AccountChange, accountChanges, type SplitChanges } from "./row-changes";
import type { RowValues } from "./row-values";
import type { NibbleRange, PartsByAccount, StorageRoots } from "./storage-parts";
import { type TrieChange, updateChildren, updateTrie } from "./trie-update";

const ADDRESS_BYTES = 20;
const SLOT_BYTES = 32;

/** Numbers of rows in the tables. */
export interface RowCounts {
  readonly accounts: number;
  readonly slots: number;
}

/** Rows that the owner of the tables has made. */
export function countsOf({ accounts, slots }: StateTables): RowCounts {
  return { accounts: accounts.count, slots: slots.count };
}

/** The trie of accounts after an update, of which some have a storage whose root is not known yet. */
export interface AccountsUpdate {
  /** Nodes have references unless such an account lies below them. */
  readonly root: TrieNode | null;
  /** All nodes have references then. @param roots of the storages that changed */
  complete(roots: StorageRoots): void;
}

export class RowTries {
  /** May be replaced by larger ones with the same rows. */
  tables: StateTables;
  readonly #accountKeys: KeyColumn;
  readonly #slotKeys: KeyColumn;

  constructor(tables: StateTables) {
    this.tables = tables;
    this.#accountKeys = new KeyColumn(
      (row, view, at) => this.tables.accounts.writeAddress(row, view, at),
      ADDRESS_BYTES,
    );
    this.#slotKeys = new KeyColumn(
      (row, view, at) => this.tables.slots.writeSlot(row, view, at),
      SLOT_BYTES,
    );
  }

  /** Keys of accounts by row. */
  get accountKeys(): Uint8Array {
    return this.#accountKeys.bytes;
  }

  /** Keys of slots by row. */
  get slotKeys(): Uint8Array {
    return this.#slotKeys.bytes;
  }

  /** Rows from these on were taken back: tries that name them are no more, nor are their keys. */
  truncate({ accounts, slots }: RowCounts): void {
    this.#accountKeys.truncate(accounts);
    this.#slotKeys.truncate(slots);
  }

  /**
   * The trie after the changes; all its nodes have references.
   * @param counts rows there are now
   */
  update(
    base: TrieNode | null,
    changes: Int32Array,
    values: RowValues,
    counts: RowCounts,
  ): TrieNode | null {
    this.#accountKeys.extendTo(counts.accounts);
    this.#slotKeys.extendTo(counts.slots);
    const freshSlots = new FreshNodes(this.#slotKeys.bytes);
    const freshAccounts = new FreshNodes(this.#accountKeys.bytes);
    const leaves: TrieChange[] = [];
    for (const change of accountChanges(changes)) {
      const { row } = change;
      const content = values.existsAt(row)
        ? contentOf(row, values, this.#updatedStorage(change, base, values, freshSlots))
        : null;
      leaves.push({ row, content });
    }
    freshSlots.computeReferences();
    const root = updateTrie(base, leaves, freshAccounts);
    freshAccounts.computeReferences();
    return root;
  }

  /**
   * One thread's parts of the storage tries, on a trie that says which account has which and is never hashed.
   * @param counts rows there are now
   * @param share the same at every update
   */
  updateStorages(
    base: TrieNode | null,
    changes: Int32Array,
    values: RowValues,
    counts: RowCounts,
    share: NibbleRange,
  ): { readonly tries: TrieNode | null; readonly storages: PartsByAccount } {
    this.#accountKeys.extendTo(counts.accounts);
    this.#slotKeys.extendTo(counts.slots);
    const freshSlots = new FreshNodes(this.#slotKeys.bytes);
    const leaves: TrieChange[] = [];
    const storages = new Map<number, StorageParts | null>();
    for (const change of accountChanges(changes)) {
      const { row } = change;
      if (values.existsAt(row)) {
        const storage = this.#updatedParts(change, base, values, freshSlots, share);
        storages.set(row, storage);
        leaves.push({ row, content: { ...STORAGE_ALONE, storage } });
      } else {
        leaves.push({ row, content: null });
      }
    }
    freshSlots.computeReferences();
    return { tries: updateTrie(base, leaves, new FreshNodes(this.#accountKeys.bytes)), storages };
  }

  /**
   * The trie of accounts alone. It has its shape at once, and what lies above no changed storage is hashed at once.
   * @param counts rows there are now
   */
  updateAccounts(
    base: TrieNode | null,
    { storages, others }: SplitChanges,
    values: RowValues,
    counts: RowCounts,
  ): AccountsUpdate {
    this.#accountKeys.extendTo(counts.accounts);
    const fresh = new FreshNodes(this.#accountKeys.bytes);
    const leaves: TrieChange[] = [];
    for (const { row } of accountChanges(others)) {
      const storage = this.#storageIn(base, this.#keyOf(row));
      leaves.push({ row, content: contentOf(row, values, storage) });
    }
    const awaited = new Map<number, DistantRoot>();
    for (const { row } of accountChanges(storages)) {
      if (values.existsAt(row)) {
        const storage = new DistantRoot();
        awaited.set(row, storage);
        leaves.push({ row, content: contentOf(row, values, storage) });
      } else {
        leaves.push({ row, content: null });
      }
    }
    const root = updateTrie(base, leaves, fresh);
    fresh.computeKnownReferences();
    const complete = (roots: StorageRoots): void => {
      for (const [row, storage] of awaited) {
        const made = roots.get(row);
        invariant(made !== undefined, () => `no root was made of row ${row}'s storage`);
        copyRootReference(storage, made);
      }
      fresh.computeReferences();
    };
    return { root, complete };
  }

  /** Storage trie of the account with this key. */
  storageOf(root: TrieNode | null, key: Uint8Array): TrieNode | null {
    const storage = this.#storageIn(root, key);
    invariant(
      storage?.kind !== "distant" && storage?.kind !== "parts",
      "a storage trie that lies elsewhere is asked for",
    );
    return storage;
  }

  #storageIn(root: TrieNode | null, key: Uint8Array): AccountContent["storage"] {
    const content = findLeaf(root, this.#accountKeys.bytes, key)?.content;
    return typeof content === "object" ? content.storage : null;
  }

  #keyOf(row: number): Uint8Array {
    return this.#accountKeys.bytes.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES);
  }

  /** The account's storage trie; nodes made for it go to `fresh`. */
  #updatedStorage(
    change: AccountChange,
    base: TrieNode | null,
    values: RowValues,
    fresh: FreshNodes,
  ): TrieNode | null {
    const { row, storageReplaced } = change;
    const before = storageReplaced ? null : this.storageOf(base, this.#keyOf(row));
    return updateTrie(before, this.#slotChanges(change, values, ALL_NIBBLES), fresh);
  }

  /** The same of the parts in the share. */
  #updatedParts(
    change: AccountChange,
    base: TrieNode | null,
    values: RowValues,
    fresh: FreshNodes,
    share: NibbleRange,
  ): StorageParts | null {
    const { row, storageReplaced } = change;
    const before = storageReplaced ? null : this.#storageIn(base, this.#keyOf(row));
    invariant(
      before === null || before instanceof StorageParts,
      "a whole storage trie among parts",
    );
    const changes = this.#slotChanges(change, values, share);
    if (changes.length === 0) {
      return before;
    }
    const children = updateChildren(before?.children ?? NO_CHILDREN, changes, fresh);
    return children.every((child) => child === null) ? null : new StorageParts(children);
  }

  /** Of keys that begin with a nibble in the share. */
  #slotChanges(
    { row, slotRows }: AccountChange,
    values: RowValues,
    { from, to }: NibbleRange,
  ): TrieChange[] {
    const { slots } = this.tables;
    const storageId = values.storageIdAt(row);
    const changes: TrieChange[] = [];
    for (const slotRow of slotRows) {
      const first = nibbleAt(this.#slotKeys.bytes, slotRow, 0);
      if (first >= from && first < to && slots.word(slotRow, SLOT_FIELD.storageId) === storageId) {
        const value = values.valueAt(slotRow);
        changes.push({ row: slotRow, content: value === 0n ? null : value });
      }
    }
    return changes;
  }
}

const ALL_NIBBLES: NibbleRange = { from: 0, to: 16 };
const NO_CHILDREN: readonly null[] = new Array(16).fill(null);

/** Where only storages count. */
const STORAGE_ALONE = { nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH };

function contentOf(
  row: number,
  values: RowValues,
  storage: AccountContent["storage"],
): AccountContent {
  const nonce = values.nonceAt(row);
  const balance = values.balanceAt(row);
  const codeHash = values.codeHashAt(row);
  return { nonce, balance, codeHash, storage };
}
