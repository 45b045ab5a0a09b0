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
import type { Journal } from "../shared/journal";
import type { StateTables } from "../shared/table-reader";
import type { AccountProof, StateMark } from "../state-store";
import type { TrieNode } from "./node";
import { rootHashText } from "./node-reference";
import { rowChanges } from "./row-changes";
import { countsOf, RowTries } from "./row-tries";
import { PresentValues, type RowValues } from "./row-values";
import { TrieCheckpoints } from "./trie-checkpoints";
import { proveKey } from "./trie-proof";

export class StateTrie {
  readonly #tables: StateTables;
  readonly #journal: Journal;
  readonly #checkpoints = new TrieCheckpoints<TrieNode | null>(null);
  readonly #tries: RowTries;

  constructor(tables: StateTables, journal: Journal) {
    this.#tables = tables;
    this.#journal = journal;
    this.#tries = new RowTries(tables);
  }

  stateRoot(): Hash {
    return rootHashText(this.#currentRoot());
  }

  /** For other tries over the same rows: rows that are gone are forgotten here. */
  get rows(): RowTries {
    return this.#tries;
  }

  /** Changes since the last trie made here. */
  get backlog(): number {
    return this.#checkpoints.backlog(this.#journal.length);
  }

  /** Storage root of an account now; the empty root for an absent account. */
  storageRoot(address: Address): Hash {
    return rootHashText(this.#tries.storageOf(this.#currentRoot(), keyOfAddress(address)));
  }

  proof(address: Address, slots: readonly bigint[], mark: StateMark): AccountProof {
    const reader = new HistoricalReader(this.#tables, this.#journal, mark);
    const root = mark === this.#journal.length ? this.#currentRoot() : this.#rootAt(mark, reader);
    const key = keyOfAddress(address);
    const storage = this.#tries.storageOf(root, key);
    return {
      accountProof: proveKey(root, this.#tries.accountKeys, key),
      storageHash: rootHashText(storage),
      storageProof: slots.map((slot) => ({
        slot,
        value: reader.storage(address, slot),
        proof: proveKey(storage, this.#tries.slotKeys, keccak256(bigIntToBytes32(slot))),
      })),
    };
  }

  /** Tells the tries that everything after the mark was undone. */
  reverted(mark: StateMark): void {
    this.#checkpoints.reverted(mark);
    // Rows made after the mark are gone, and with the checkpoints all nodes that named them.
    this.#tries.truncate(countsOf(this.#tables));
  }

  #currentRoot(): TrieNode | null {
    const mark = this.#journal.length;
    const root = this.#rootAt(mark, new PresentValues(this.#tables));
    this.#checkpoints.add(mark, root);
    return root;
  }

  /** The trie at the mark, at which rows hold these values. */
  #rootAt(mark: StateMark, values: RowValues): TrieNode | null {
    const base = this.#checkpoints.before(mark);
    const changes = rowChanges(this.#tables, this.#journal, base.mark, mark, values);
    return this.#tries.update(base.content, changes, values, countsOf(this.#tables));
  }
}

function keyOfAddress(address: Address): Uint8Array {
  return keccak256(hexToBytes(address));
}
