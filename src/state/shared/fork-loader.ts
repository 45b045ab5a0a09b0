/**
 * Brings values of a fork's remote into the tables.
 *
 * What is needed is waited for. What was only foreseen comes when it comes and stays here until the next
 * load, because rows may be added only while no thread reads: so a wrong guess costs its fetching, and
 * nobody's time.
 *
 * Owns: which keys are not here, what has come ahead. Does not own: rows (fork-rows.ts), fetching.
 */
import { invariant } from "../../errors/base-error";
import type { Address } from "../hex";
import { type StateKey, stateKeyText } from "../missing";
import type { SourceKeys, SourceValues, StateSource } from "../state-source";
import { ACCOUNT_FIELD } from "./account-table";
import { isRemoteStorage, loadRows } from "./fork-rows";
import type { TableWriter } from "./table-writer";

type RowKey = Exclude<StateKey, { readonly kind: "blockHash" }>;

export class ForkLoader {
  readonly #writer: TableWriter;
  readonly #source: StateSource;
  /** fetched ahead, not yet in the tables */
  readonly #arrived: { readonly keys: SourceKeys; readonly values: SourceValues }[] = [];

  constructor(writer: TableWriter, source: StateSource) {
    this.#writer = writer;
    this.#source = source;
  }

  /** As StateStore.load. */
  async load(keys: readonly StateKey[]): Promise<void> {
    const wanted = this.#wanted(
      keys.filter((key) => !(key.kind === "slot" && key.written && this.#isOwn(key))),
    );
    if (wanted !== null) {
      loadRows(this.#writer, wanted, await this.#source.fetch(wanted));
    }
    for (const ahead of this.#arrived.splice(0)) {
      loadRows(this.#writer, ahead.keys, ahead.values);
    }
  }

  /** As StateStore.absent. */
  absent(keys: readonly StateKey[]): StateKey[] {
    return keys.filter((key) => !this.#isHere(rowKey(key)) && !this.#isOwn(key));
  }

  /** As StateStore.prefetch. */
  prefetch(keys: readonly StateKey[]): void {
    const wanted = this.#wanted(this.absent(keys));
    if (wanted !== null) {
      this.#source.prefetch(wanted, (arrived, values) => {
        this.#arrived.push({ keys: arrived, values });
      });
    }
  }

  /** Those of the keys that have no row, each once, slots with their accounts; null = none. */
  #wanted(keys: readonly StateKey[]): SourceKeys | null {
    const accounts = new Set<Address>();
    const slots = new Map<string, { readonly address: Address; readonly slot: bigint }>();
    for (const any of keys) {
      const key = rowKey(any);
      if (this.#isHere(key)) {
        continue;
      }
      const { address } = key;
      if (this.#writer.tables.accounts.find(address) === -1) {
        accounts.add(address);
      }
      if (key.kind === "slot") {
        slots.set(stateKeyText(key), { address, slot: key.slot });
      }
    }
    return accounts.size + slots.size === 0
      ? null
      : { accounts: [...accounts], slots: [...slots.values()] };
  }

  #isHere(key: RowKey): boolean {
    if (key.kind === "account") {
      return this.#writer.tables.accounts.find(key.address) !== -1;
    }
    const storageId = this.#writer.remoteStorageOf(key.address);
    return storageId !== null && this.#writer.tables.slots.find(storageId, key.slot) !== -1;
  }

  /** A slot of a storage that began here: the remote may have had another, which nobody reads now. */
  #isOwn(key: StateKey): boolean {
    if (key.kind !== "slot") {
      return false;
    }
    const { accounts } = this.#writer.tables;
    const row = accounts.find(key.address);
    return row !== -1 && !isRemoteStorage(accounts.word(row, ACCOUNT_FIELD.storageId));
  }
}

function rowKey(key: StateKey): RowKey {
  invariant(key.kind !== "blockHash", "block hashes are not state");
  return key;
}
