/**
 * The state as a trie (yellow paper, section 4.1): accounts by keccak256(address), each with a
 * storage trie by keccak256(slot).
 *
 * Owns: tries of the state at marks, made from the journal's changes since an older trie, so that a
 * root costs what changed. Does not own: values (tables, journal).
 *
 * An account's storage trie hangs on its leaf, so one root pointer is the whole state at a mark.
 */
import { keccak256 } from "../../crypto/keccak256";
import { bigIntToBytes32, hexToBytes } from "../bytes";
import type { Address, Hash } from "../hex";
import { HistoricalReader } from "../shared/historical-reader";
import { CHANGE, type Journal } from "../shared/journal";
import { SLOT_FIELD } from "../shared/slot-table";
import type { StateTables } from "../shared/table-reader";
import type { AccountProof, StateMark } from "../state-store";
import { FreshNodes } from "./fresh-nodes";
import { KEY_BYTES, KeyColumn } from "./key-column";
import { findLeaf, type TrieNode } from "./node";
import { rootHashText } from "./node-reference";
import { TrieCheckpoints } from "./trie-checkpoints";
import { proveKey } from "./trie-proof";
import { type TrieChange, updateTrie } from "./trie-update";

const ADDRESS_BYTES = 20;
const SLOT_BYTES = 32;

/** What happened to one account between two marks. */
interface AccountChange {
  /** Its storage was dropped on the way: nothing of the older storage trie is left. */
  storageReplaced: boolean;
  readonly slotRows: number[];
}

export class StateTrie {
  readonly #tables: StateTables;
  readonly #journal: Journal;
  readonly #checkpoints = new TrieCheckpoints();
  readonly #accountKeys: KeyColumn;
  readonly #slotKeys: KeyColumn;

  constructor(tables: StateTables, journal: Journal) {
    const { accounts, slots } = tables;
    this.#tables = tables;
    this.#journal = journal;
    this.#accountKeys = new KeyColumn(accounts.writeAddress.bind(accounts), ADDRESS_BYTES);
    this.#slotKeys = new KeyColumn(slots.writeSlot.bind(slots), SLOT_BYTES);
  }

  stateRoot(): Hash {
    return rootHashText(this.#currentRoot());
  }

  /** Storage root of an account now; the empty root for an absent account. */
  storageRoot(address: Address): Hash {
    return rootHashText(this.#storageOf(this.#currentRoot(), keyOfAddress(address)));
  }

  proof(address: Address, slots: readonly bigint[], mark: StateMark): AccountProof {
    const reader = new HistoricalReader(this.#tables, this.#journal, mark);
    const root = mark === this.#journal.length ? this.#currentRoot() : this.#rootAt(mark, reader);
    const key = keyOfAddress(address);
    const storage = this.#storageOf(root, key);
    return {
      accountProof: proveKey(root, this.#accountKeys.bytes, key),
      storageHash: rootHashText(storage),
      storageProof: slots.map((slot) => ({
        slot,
        value: reader.storage(address, slot),
        proof: proveKey(storage, this.#slotKeys.bytes, keccak256(bigIntToBytes32(slot))),
      })),
    };
  }

  /** Tells the tries that everything after the mark was undone. */
  reverted(mark: StateMark): void {
    this.#checkpoints.reverted(mark);
    // Rows made after the mark are gone, and with the checkpoints all nodes that named them.
    this.#accountKeys.truncate(this.#tables.accounts.count);
    this.#slotKeys.truncate(this.#tables.slots.count);
  }

  #currentRoot(): TrieNode | null {
    const mark = this.#journal.length;
    const root = this.#rootAt(mark, new HistoricalReader(this.#tables, this.#journal, mark));
    this.#checkpoints.add(mark, root);
    return root;
  }

  /** The trie at the mark; all its nodes have references. */
  #rootAt(mark: StateMark, reader: HistoricalReader): TrieNode | null {
    this.#accountKeys.extendTo(this.#tables.accounts.count);
    this.#slotKeys.extendTo(this.#tables.slots.count);
    const freshSlots = new FreshNodes(this.#slotKeys.bytes);
    const freshAccounts = new FreshNodes(this.#accountKeys.bytes);
    const base = this.#checkpoints.before(mark);
    const changes: TrieChange[] = [];
    for (const [row, change] of this.#changedAccounts(base.mark, mark, reader)) {
      if (reader.existsAt(row)) {
        const storage = this.#updatedStorage(row, change, base.root, reader, freshSlots);
        const nonce = reader.nonceAt(row);
        const balance = reader.balanceAt(row);
        const codeHash = reader.codeHashAt(row);
        changes.push({ row, content: { nonce, balance, codeHash, storage } });
      } else {
        changes.push({ row, content: null });
      }
    }
    freshSlots.computeReferences();
    const root = updateTrie(base.root, changes, freshAccounts);
    freshAccounts.computeReferences();
    return root;
  }

  #changedAccounts(
    from: StateMark,
    to: StateMark,
    reader: HistoricalReader,
  ): Map<number, AccountChange> {
    const journal = this.#journal;
    const changed = new Map<number, AccountChange>();
    const changeOf = (accountRow: number): AccountChange => {
      let change = changed.get(accountRow);
      if (change === undefined) {
        change = { storageReplaced: false, slotRows: [] };
        changed.set(accountRow, change);
      }
      return change;
    };
    for (let entry = from; entry < to; entry++) {
      if (journal.previous(entry) >= from) {
        continue; // an older entry of the same location has been seen
      }
      const row = journal.row(entry);
      const kind = journal.kind(entry);
      if (kind === CHANGE.slot) {
        changeOf(this.#tables.slots.word(row, SLOT_FIELD.accountRow)).slotRows.push(row);
      } else {
        const change = changeOf(row);
        if (kind === CHANGE.life) {
          const storageIdBefore = journal.before.words[journal.valueOffset(entry) + 1];
          change.storageReplaced = storageIdBefore !== reader.storageIdAt(row);
        }
      }
    }
    return changed;
  }

  /** The account's storage trie; nodes made for it go to `fresh`. */
  #updatedStorage(
    row: number,
    change: AccountChange,
    base: TrieNode | null,
    reader: HistoricalReader,
    fresh: FreshNodes,
  ): TrieNode | null {
    const { slots } = this.#tables;
    const storageId = reader.storageIdAt(row);
    const changes: TrieChange[] = [];
    for (const slotRow of change.slotRows) {
      if (slots.word(slotRow, SLOT_FIELD.storageId) === storageId) {
        const value = reader.valueAt(slotRow);
        changes.push({ row: slotRow, content: value === 0n ? null : value });
      }
    }
    const key = this.#accountKeys.bytes.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES);
    const before = change.storageReplaced ? null : this.#storageOf(base, key);
    return updateTrie(before, changes, fresh);
  }

  #storageOf(root: TrieNode | null, key: Uint8Array): TrieNode | null {
    const content = findLeaf(root, this.#accountKeys.bytes, key)?.content;
    return typeof content === "object" ? content.storage : null;
  }
}

function keyOfAddress(address: Address): Uint8Array {
  return keccak256(hexToBytes(address));
}
