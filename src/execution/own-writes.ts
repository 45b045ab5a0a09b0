/**
 * What one incarnation wrote so far, with the journal that takes it back.
 *
 * Owns: changing the own-write fields of accounts, their undo log, the order of first writes.
 * Does not own: reads (observed-state.ts), whether a write is allowed (the engine and the rules).
 */
import { keccak256Hex } from "../crypto/keccak256";
import { invariant } from "../errors/base-error";
import { EMPTY_CODE_HASH, type Hash } from "../state/hex";
import type { WriteSet } from "../state/write-set";
import type { AccountView, SlotView } from "./account-view";
import { type ListedLocation, listWrites } from "./incarnation-sets";
import type { LocationId } from "./location-reader";
import { UndoLog } from "./undo-log";

const NO_CODES: ReadonlyMap<Hash, Uint8Array> = new Map();

export class OwnWrites {
  readonly undo = new UndoLog();
  readonly #listed: ListedLocation[] = [];
  /** Deployed codes by hash; kept over reverts, listed only if written. */
  #codes: Map<Hash, Uint8Array> | null = null;

  addToBalance(account: AccountView, change: bigint): void {
    invariant(
      account.exists !== false,
      () => `the balance of destroyed ${account.address} changes`,
    );
    this.undo.balance(account);
    account.delta += change;
    if (!account.balanceWritten) {
      account.balanceWritten = true;
      this.#listed.push({ account, kind: "balance", slot: null });
    }
  }

  setNonce(account: AccountView, value: bigint): void {
    this.undo.nonce(account);
    account.nonce = value;
    if (!account.nonceWritten) {
      account.nonceWritten = true;
      this.#listed.push({ account, kind: "nonce", slot: null });
    }
  }

  setCode(account: AccountView, code: Uint8Array): void {
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
    this.undo.codeHash(account);
    account.codeHash = codeHash;
    if (code.length > 0) {
      this.#codes ??= new Map();
      this.#codes.set(codeHash, code);
    }
    if (!account.codeWritten) {
      account.codeWritten = true;
      this.#listed.push({ account, kind: "code", slot: null });
    }
  }

  /** Bytes of a code deployed by this incarnation. */
  code(codeHash: Hash): Uint8Array | undefined {
    return this.#codes?.get(codeHash);
  }

  setStorage(account: AccountView, slot: SlotView, value: bigint): void {
    this.undo.slot(slot);
    if (!slot.isListed) {
      slot.isListed = true;
      this.#listed.push({ account, kind: "storage", slot });
    }
    slot.own = value;
  }

  /** Begins (`exists`) or ends a life of the account; with `clearsStorage` without its old slots. */
  setLife(account: AccountView, exists: boolean, clearsStorage: boolean): void {
    this.undo.life(account, clearsStorage);
    account.exists = exists;
    if (clearsStorage) {
      account.storageCleared = true;
      for (const slot of account.slots()) {
        slot.own = undefined;
      }
    }
    if (!account.existenceWritten) {
      account.existenceWritten = true;
      this.#listed.push({ account, kind: "existence", slot: null });
    }
  }

  /** @param locations gets where each write of the set goes, 0 = not known */
  writeSet(locations: LocationId[]): WriteSet {
    return listWrites(this.#listed, this.#codes ?? NO_CODES, locations);
  }
}
