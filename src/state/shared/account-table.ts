/**
 * All accounts ever touched: one row each, found by address.
 *
 * Owns: the layout of a row and the address index. Does not own: undo (journal.ts), meaning of a
 * change (shared-state-store.ts).
 *
 * Row of 20 32-bit words: address (5), exists, storageId, storageHead, nonZeroSlots, codeId,
 * nonce (2), balance (8). `storageId` names the life of the account's storage: slots are keyed by
 * it, so a new id is an empty storage. `storageHead` is 1 + the newest slot row of that life, 0 =
 * none. `codeId` is 1 + the row in the code table, 0 = no code.
 *
 * Invariant: an account that does not exist has zero nonce, balance, code and no non-zero slot, so
 * readers need not look at `exists`.
 */
import type { Address } from "../hex";
import { HashIndex } from "./hash-index";
import {
  addressToWords,
  copyWords,
  equalWords,
  hashWords,
  readValue,
  WORDS_PER_ADDRESS,
  type WordViews,
  wordsToAddress,
  wordViews,
} from "./words";

export const ACCOUNT_STRIDE = 20;

/** Offsets in a row, in 32-bit words. */
export const ACCOUNT_FIELD = {
  address: 0,
  exists: 5,
  storageId: 6,
  storageHead: 7,
  nonZeroSlots: 8,
  codeId: 9,
  nonce: 10,
  balance: 12,
} as const;

const SEED = 0x9747b28c;

export class AccountTable {
  views: WordViews;
  index: HashIndex;
  /** The writer's count; readers do not need it. */
  count = 0;
  capacity: number;

  /** Words of the address looked up last: executions ask for one account many times in a row. */
  readonly #key = new Uint32Array(WORDS_PER_ADDRESS);
  readonly #wordsKey = new Uint32Array(WORDS_PER_ADDRESS);
  #keyAddress = "";
  #keyHash = 0;

  constructor(rows: SharedArrayBuffer, index: SharedArrayBuffer) {
    this.views = wordViews(rows);
    this.index = new HashIndex(index);
    this.capacity = this.views.words.length / ACCOUNT_STRIDE;
  }

  static create(capacity: number): AccountTable {
    const rows = new SharedArrayBuffer(capacity * ACCOUNT_STRIDE * 4);
    return new AccountTable(rows, HashIndex.forRows(capacity).buffer);
  }

  /** Row of the address, -1 if it was never touched. */
  find(address: Address): number {
    if (address !== this.#keyAddress) {
      addressToWords(address, this.#key);
      this.#keyHash = hashWords(this.#key, WORDS_PER_ADDRESS, SEED);
      this.#keyAddress = address;
    }
    return this.#find(this.#key, this.#keyHash);
  }

  /** The same of an address whose words are in `source` from `at` on. */
  findWords(source: Uint32Array, at: number): number {
    const key = this.#wordsKey;
    copyWords(source, at, key, 0, WORDS_PER_ADDRESS);
    return this.#find(key, hashWords(key, WORDS_PER_ADDRESS, SEED));
  }

  #find(key: Uint32Array, hash: number): number {
    const { words } = this.views;
    const index = this.index;
    for (let position = index.start(hash); ; position = index.next(position)) {
      const row = index.rowAt(position);
      if (
        row === -1 ||
        (index.hashAt(position) === hash &&
          equalWords(words, row * ACCOUNT_STRIDE, key, WORDS_PER_ADDRESS))
      ) {
        return row;
      }
    }
  }

  /** Adds an empty, not existing account; the caller has reserved room and knows it is new. */
  append(address: Address, storageId: number): number {
    const row = this.count++;
    const offset = row * ACCOUNT_STRIDE;
    const { words } = this.views;
    words.fill(0, offset, offset + ACCOUNT_STRIDE);
    addressToWords(address, this.#key);
    words.set(this.#key, offset);
    words[offset + ACCOUNT_FIELD.storageId] = storageId;
    this.#keyAddress = address;
    this.#keyHash = hashWords(this.#key, WORDS_PER_ADDRESS, SEED);
    this.index.insert(this.#keyHash, row);
    return row;
  }

  /** Takes back the newest row. */
  removeLast(row: number): void {
    const offset = row * ACCOUNT_STRIDE;
    const key = this.views.words.subarray(offset, offset + WORDS_PER_ADDRESS);
    this.index.removeLast(hashWords(key, WORDS_PER_ADDRESS, SEED), row);
    this.count = row;
  }

  /** Moves to new buffers of at least this many rows; the old buffers stay as they are. */
  moveTo(capacity: number): void {
    const rows = new SharedArrayBuffer(capacity * ACCOUNT_STRIDE * 4);
    const views = wordViews(rows);
    views.words.set(this.views.words.subarray(0, this.count * ACCOUNT_STRIDE));
    this.index = this.index.copyFor(capacity, this.count);
    this.views = views;
    this.capacity = capacity;
  }

  /** One 32-bit field; see ACCOUNT_FIELD. */
  word(row: number, field: number): number {
    return this.views.words[row * ACCOUNT_STRIDE + field] ?? 0;
  }

  setWord(row: number, field: number, value: number): void {
    this.views.words[row * ACCOUNT_STRIDE + field] = value;
  }

  address(row: number): Address {
    return wordsToAddress(this.views.words, row * ACCOUNT_STRIDE);
  }

  /** Writes the 20 bytes of a row's address. */
  writeAddress(row: number, view: DataView, at: number): void {
    const start = row * ACCOUNT_STRIDE;
    for (let word = 0; word < WORDS_PER_ADDRESS; word++) {
      view.setUint32(at + 4 * word, this.views.words[start + word] ?? 0); // big-endian
    }
  }

  nonce(row: number): bigint {
    return this.views.bigs[(row * ACCOUNT_STRIDE + ACCOUNT_FIELD.nonce) / 2] ?? 0n;
  }

  /** wei */
  balance(row: number): bigint {
    return readValue(this.views, (row * ACCOUNT_STRIDE + ACCOUNT_FIELD.balance) / 2);
  }
}
