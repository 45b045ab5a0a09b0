/**
 * What table rows hold at one moment, as a trie of that moment needs it.
 *
 * Owns: the shape, and the present as such a moment. Older ones: shared/historical-reader.ts.
 */
import type { Hash } from "../hex";
import { ACCOUNT_FIELD } from "../shared/account-table";
import type { StateTables } from "../shared/table-reader";

export interface RowValues {
  existsAt(accountRow: number): boolean;
  /** which storage the account has */
  storageIdAt(accountRow: number): number;
  nonceAt(accountRow: number): bigint;
  /** wei */
  balanceAt(accountRow: number): bigint;
  codeHashAt(accountRow: number): Hash;
  valueAt(slotRow: number): bigint;
}

/** What the tables hold now. */
export class PresentValues implements RowValues {
  readonly #tables: StateTables;

  constructor(tables: StateTables) {
    this.#tables = tables;
  }

  existsAt(row: number): boolean {
    return this.#tables.accounts.word(row, ACCOUNT_FIELD.exists) === 1;
  }

  storageIdAt(row: number): number {
    return this.#tables.accounts.word(row, ACCOUNT_FIELD.storageId);
  }

  nonceAt(row: number): bigint {
    return this.#tables.accounts.nonce(row);
  }

  balanceAt(row: number): bigint {
    return this.#tables.accounts.balance(row);
  }

  codeHashAt(row: number): Hash {
    return this.#tables.codes.hash(this.#tables.accounts.word(row, ACCOUNT_FIELD.codeId));
  }

  valueAt(slotRow: number): bigint {
    return this.#tables.slots.value(slotRow);
  }
}
