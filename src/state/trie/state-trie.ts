/**
 * The state as a trie (yellow paper, section 4.1): accounts by keccak256(address), each with a
 * storage trie by keccak256(slot).
 *
 * Owns: tries of the state at marks, made from the journal's changes since an older trie, so that a
 * root costs what changed. Does not own: values (tables, journal).
 *
 * An account's storage trie hangs on its leaf, so one root pointer is the whole state at a mark.
 */
import { bigIntToBytes32, hexToBytes } from "../bytes";
import { type Address, EMPTY_TRIE_ROOT, type Hash } from "../hex";
import { HistoricalReader } from "../shared/historical-reader";
import { CHANGE, type Journal } from "../shared/journal";
import { SLOT_FIELD } from "../shared/slot-table";
import type { StateTables } from "../shared/table-reader";
import type { AccountProof, StateMark } from "../state-store";
import { type ByteString, keccak256ByteString, toByteString } from "./byte-string";
import { findLeaf, type TrieNode } from "./node";
import { rootHash, rootHashBytes } from "./node-encoding";
import { rlpItem, rlpList, rlpNumber } from "./rlp";
import { TrieCheckpoints } from "./trie-checkpoints";
import { proveKey } from "./trie-proof";
import { type TrieChange, updateTrie } from "./trie-update";

const EMPTY_ROOT_BYTES = toByteString(hexToBytes(EMPTY_TRIE_ROOT));

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

  constructor(tables: StateTables, journal: Journal) {
    this.#tables = tables;
    this.#journal = journal;
  }

  stateRoot(): Hash {
    return rootHash(this.#currentRoot());
  }

  /** Storage root of an account now; the empty root for an absent account. */
  storageRoot(address: Address): Hash {
    const leaf = findLeaf(this.#currentRoot(), accountKey(address));
    return rootHash(leaf?.subtrie ?? null);
  }

  proof(address: Address, slots: readonly bigint[], mark: StateMark): AccountProof {
    const reader = new HistoricalReader(this.#tables, this.#journal, mark);
    const root = mark === this.#journal.length ? this.#currentRoot() : this.#rootAt(mark, reader);
    const key = accountKey(address);
    const storage = findLeaf(root, key)?.subtrie ?? null;
    return {
      accountProof: proveKey(root, key),
      storageHash: rootHash(storage),
      storageProof: slots.map((slot) => ({
        slot,
        value: reader.storage(address, slot),
        proof: proveKey(storage, slotKey(slot)),
      })),
    };
  }

  /** Tells the tries that everything after the mark was undone. */
  reverted(mark: StateMark): void {
    this.#checkpoints.reverted(mark);
  }

  #currentRoot(): TrieNode | null {
    const mark = this.#journal.length;
    const root = this.#rootAt(mark, new HistoricalReader(this.#tables, this.#journal, mark));
    this.#checkpoints.add(mark, root);
    return root;
  }

  #rootAt(mark: StateMark, reader: HistoricalReader): TrieNode | null {
    const base = this.#checkpoints.before(mark);
    const changes: TrieChange[] = [];
    for (const [row, change] of this.#changedAccounts(base.mark, mark, reader)) {
      const key = accountKey(this.#tables.accounts.address(row));
      changes.push(
        reader.existsAt(row)
          ? this.#accountPut(row, key, change, base.root, reader)
          : { key, value: null },
      );
    }
    return updateTrie(base.root, changes);
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

  #accountPut(
    row: number,
    key: ByteString,
    change: AccountChange,
    base: TrieNode | null,
    reader: HistoricalReader,
  ): TrieChange {
    const { slots } = this.#tables;
    const storageId = reader.storageIdAt(row);
    const slotChanges: TrieChange[] = [];
    for (const slotRow of change.slotRows) {
      if (slots.word(slotRow, SLOT_FIELD.storageId) === storageId) {
        const value = reader.valueAt(slotRow);
        slotChanges.push({
          key: slotKey(slots.slot(slotRow)),
          value: value === 0n ? null : rlpNumber(value),
          subtrie: null,
        });
      }
    }
    const before = change.storageReplaced ? null : (findLeaf(base, key)?.subtrie ?? null);
    const subtrie = updateTrie(before, slotChanges);
    const storageRoot = subtrie === null ? EMPTY_ROOT_BYTES : rootHashBytes(subtrie);
    const value = rlpList(
      rlpNumber(reader.nonceAt(row)) +
        rlpNumber(reader.balanceAt(row)) +
        rlpItem(storageRoot) +
        rlpItem(toByteString(hexToBytes(reader.codeHashAt(row)))),
    );
    return { key, value, subtrie };
  }
}

function accountKey(address: Address): ByteString {
  return keccak256ByteString(hexToBytes(address));
}

function slotKey(slot: bigint): ByteString {
  return keccak256ByteString(bigIntToBytes32(slot));
}
