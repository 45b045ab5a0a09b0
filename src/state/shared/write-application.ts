/**
 * What a write set means to the tables (write-set.ts).
 *
 * Owns: the order of its parts, and what may not be in it. Does not own: that it is applied as a whole or
 * not at all, room for new rows, new codes (the store).
 */
import { InvariantError, invariant } from "../../errors/base-error";
import { type Address, EMPTY_CODE_HASH } from "../hex";
import { PACKED_KIND, type PackedWrites, PLACE, PLACE_WORDS } from "../packed-writes";
import type { Write } from "../write-set";
import type { TableWriter } from "./table-writer";
import { readValue } from "./words";

/** Throws InvariantError for what no transaction writes; a part is applied then. */
export function applyWrites(writer: TableWriter, writes: readonly Write[]): void {
  const removed = applyExistence(writer, writes);
  for (const write of writes) {
    if (write.kind !== "existence") {
      if (removed.has(write.address)) {
        applyToRemoved(writer, write);
      } else {
        applyOne(writer, write);
      }
    }
  }
  const { accounts } = writer.tables;
  for (const address of removed) {
    const row = accounts.find(address);
    invariant(
      row === -1 || accounts.balance(row) === 0n,
      `the removed account ${address} keeps a balance`,
    );
  }
}

/** Begins and ends lives; returns the accounts that do not exist after this write set. */
function applyExistence(writer: TableWriter, writes: readonly Write[]): ReadonlySet<Address> {
  const removed = new Set<Address>();
  for (const write of writes) {
    if (write.kind !== "existence") {
      continue;
    }
    if (write.exists) {
      const row = writer.touch(write.address);
      if (write.clearsStorage) {
        writer.clearStorage(row);
      }
    } else {
      removed.add(write.address);
      const row = writer.tables.accounts.find(write.address);
      if (row !== -1) {
        writer.remove(row);
      }
    }
  }
  return removed;
}

function applyOne(writer: TableWriter, write: Exclude<Write, { kind: "existence" }>): void {
  const row = writer.touch(write.address);
  switch (write.kind) {
    case "balance":
      addToBalance(writer, row, write.delta);
      break;
    case "nonce":
      writer.setNonce(row, write.value);
      break;
    case "code":
      writer.setCodeHash(row, write.codeHash);
      break;
    case "storage":
      writer.setStorage(row, write.slot, write.value);
      break;
  }
}

/**
 * A write of an account that the same write set removes: only its balance delta says anything,
 * the rest may at most repeat that the account is blank. It does not bring the account back.
 */
function applyToRemoved(writer: TableWriter, write: Exclude<Write, { kind: "existence" }>): void {
  const row = writer.tables.accounts.find(write.address);
  if (write.kind === "balance" && row !== -1) {
    addToBalance(writer, row, write.delta);
    return;
  }
  const blank =
    write.kind === "balance"
      ? write.delta === 0n
      : write.kind === "code"
        ? write.codeHash === EMPTY_CODE_HASH
        : write.value === 0n;
  invariant(blank, `the removed account ${write.address} is given a ${write.kind}`);
}

/** The same of packed writes. */
export function applyPacked(
  writer: TableWriter,
  { memory, list: { places }, start, count }: PackedWrites,
): void {
  const { words } = memory;
  for (let at = start; at < start + count * PLACE_WORDS; at += PLACE_WORDS) {
    const row = writer.touchWords(words, places[at + PLACE.address] ?? 0);
    const value = places[at + PLACE.value] ?? 0;
    switch (places[at + PLACE.kind]) {
      case PACKED_KIND.balance: {
        const change = readValue(memory, value / 2);
        addToBalance(writer, row, places[at + PLACE.negative] === 1 ? -change : change);
        break;
      }
      case PACKED_KIND.nonce:
        writer.setNonce(row, readValue(memory, value / 2));
        break;
      case PACKED_KIND.storage:
        writer.setStorageWords(row, words, places[at + PLACE.slot] ?? 0, value);
        break;
      default:
        throw new InvariantError(`a write of kind ${places[at + PLACE.kind]} is packed`);
    }
  }
}

function addToBalance(writer: TableWriter, row: number, delta: bigint): void {
  const { accounts } = writer.tables;
  const balance = accounts.balance(row) + delta;
  if (balance < 0n) {
    throw new InvariantError(`the balance of ${accounts.address(row)} would become ${balance} wei`);
  }
  writer.setBalance(row, balance);
}
