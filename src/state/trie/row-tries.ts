/**
 * Tries over table rows: the trie of accounts, each leaf with its storage trie.
 *
 * Owns: the keys of rows, and how changed rows become a new trie. Does not own: which rows changed
 * (row-changes.ts), what they hold (row-values.ts), which tries are kept (trie-checkpoints.ts).
 */
import { SLOT_FIELD } from "../shared/slot-table";
import type { StateTables } from "../shared/table-reader";
import { FreshNodes } from "./fresh-nodes";
import { KEY_BYTES, KeyColumn } from "./key-column";
import { findLeaf, type TrieNode } from "./node";
import { type AccountChange, accountChanges } from "./row-changes";
import type { RowValues } from "./row-values";
import { type TrieChange, updateTrie } from "./trie-update";

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
      if (values.existsAt(row)) {
        const storage = this.#updatedStorage(change, base, values, freshSlots);
        const nonce = values.nonceAt(row);
        const balance = values.balanceAt(row);
        const codeHash = values.codeHashAt(row);
        leaves.push({ row, content: { nonce, balance, codeHash, storage } });
      } else {
        leaves.push({ row, content: null });
      }
    }
    freshSlots.computeReferences();
    const root = updateTrie(base, leaves, freshAccounts);
    freshAccounts.computeReferences();
    return root;
  }

  /** Storage trie of the account with this key. */
  storageOf(root: TrieNode | null, key: Uint8Array): TrieNode | null {
    const content = findLeaf(root, this.#accountKeys.bytes, key)?.content;
    return typeof content === "object" ? content.storage : null;
  }

  /** The account's storage trie; nodes made for it go to `fresh`. */
  #updatedStorage(
    { row, storageReplaced, slotRows }: AccountChange,
    base: TrieNode | null,
    values: RowValues,
    fresh: FreshNodes,
  ): TrieNode | null {
    const { slots } = this.tables;
    const storageId = values.storageIdAt(row);
    const changes: TrieChange[] = [];
    for (const slotRow of slotRows) {
      if (slots.word(slotRow, SLOT_FIELD.storageId) === storageId) {
        const value = values.valueAt(slotRow);
        changes.push({ row: slotRow, content: value === 0n ? null : value });
      }
    }
    const key = this.#accountKeys.bytes.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES);
    const before = storageReplaced ? null : this.storageOf(base, key);
    return updateTrie(before, changes, fresh);
  }
}
