/**
 * Rows of a forked state: how values of the remote stand in the tables.
 *
 * A location of a fork is in the tables from the moment it is loaded, with the value it has at the
 * fork block, without a journal entry: as if it had always been there. So the journal, marks and
 * readers of older marks need not know about forks. What follows:
 * - a row that is missing means "not loaded", not "zero";
 * - rows are never taken back: an undone change leaves the row with the value it had before;
 * - the storage that an account has at the fork block is a life with an id of its own kind, and only
 *   its slots can be missing: a storage that began here has no others than those written here.
 *
 * The number of non-zero slots of a remote storage is not known and not counted: the remote cannot be
 * asked for it, and the stock network takes such a storage for empty where that matters (EIP-7610).
 *
 * Owns: loading of rows. Does not own: fetching (StateSource), what is missed (missing.ts).
 */
import { keccak256Hex } from "../../crypto/keccak256";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../hex";
import type { SourceAccount, SourceKeys, SourceValues } from "../state-source";
import { ACCOUNT_FIELD, ACCOUNT_STRIDE } from "./account-table";
import { SLOT_FIELD, SLOT_STRIDE } from "./slot-table";
import type { TableWriter } from "./table-writer";
import { writeValue } from "./words";

/** Set in the ids of storages that the fork block has. */
const REMOTE_STORAGE = 0x8000_0000;

export function isRemoteStorage(storageId: number): boolean {
  return storageId >= REMOTE_STORAGE;
}

/** The id, made one of a remote storage. */
export function remoteStorageId(id: number): number {
  return (id | REMOTE_STORAGE) >>> 0;
}

/** Puts fetched values where they are not yet. Readers of older handles do not see them. */
export function loadRows(writer: TableWriter, keys: SourceKeys, values: SourceValues): void {
  const codes = new Map<Hash, Uint8Array>();
  const codeHashes = values.accounts.map(({ code }) => {
    const hash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
    if (code.length > 0) {
      codes.set(hash, code);
    }
    return hash;
  });
  writer.reserve(keys.accounts.length + keys.slots.length, codes);
  keys.accounts.forEach((address, i) => {
    const account = values.accounts[i];
    const codeHash = codeHashes[i];
    if (account !== undefined && codeHash !== undefined) {
      loadAccount(writer, address, account, codeHash);
    }
  });
  keys.slots.forEach(({ address, slot }, i) => {
    loadSlot(writer, address, slot, values.slots[i] ?? 0n);
  });
}

function loadAccount(
  writer: TableWriter,
  address: Address,
  { balance, nonce }: SourceAccount,
  codeHash: Hash,
): void {
  const { accounts, codes } = writer.tables;
  if (accounts.find(address) !== -1) {
    return;
  }
  const row = accounts.append(address, remoteStorageId(writer.newStorageId()));
  // An empty account of the remote may exist, but from Spurious Dragon on nothing shows it.
  const exists = balance > 0n || nonce > 0n || codeHash !== EMPTY_CODE_HASH;
  accounts.setWord(row, ACCOUNT_FIELD.exists, exists ? 1 : 0);
  accounts.setWord(row, ACCOUNT_FIELD.codeId, codes.id(codeHash));
  const { bigs } = accounts.views;
  bigs[(row * ACCOUNT_STRIDE + ACCOUNT_FIELD.nonce) / 2] = nonce;
  writeValue(bigs, (row * ACCOUNT_STRIDE + ACCOUNT_FIELD.balance) / 2, balance);
}

function loadSlot(writer: TableWriter, address: Address, slot: bigint, value: bigint): void {
  const { slots } = writer.tables;
  const storageId = writer.remoteStorageOf(address);
  if (storageId === null || slots.find(storageId, slot) !== -1) {
    return;
  }
  const row = slots.append(storageId, slot, writer.tables.accounts.find(address), 0);
  writeValue(slots.views.bigs, (row * SLOT_STRIDE + SLOT_FIELD.value) / 2, value);
}
