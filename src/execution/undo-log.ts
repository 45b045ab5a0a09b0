/**
 * The frame journal of an incarnation: what each write replaced, so that a revert costs what the
 * frame changed.
 *
 * Owns: old values and checkpoints. Does not own: reads (they survive a revert).
 */
import { invariant } from "../errors/base-error";
import type { Hash } from "../state/hex";
import type { AccountView } from "./account-view";

type Undo =
  | { readonly kind: "balance"; readonly account: AccountView; readonly delta: bigint }
  | { readonly kind: "nonce"; readonly account: AccountView; readonly nonce: bigint | undefined }
  | {
      readonly kind: "codeHash";
      readonly account: AccountView;
      readonly codeHash: Hash | undefined;
    }
  | {
      readonly kind: "slot";
      readonly account: AccountView;
      readonly slot: bigint;
      readonly value: bigint | undefined;
    }
  | {
      readonly kind: "life";
      readonly account: AccountView;
      readonly exists: boolean | undefined;
      readonly storageCleared: boolean;
      readonly slots: Map<bigint, bigint> | null;
    };

export class UndoLog {
  readonly #entries: Undo[] = [];
  readonly #checkpoints: number[] = [];

  checkpoint(): void {
    this.#checkpoints.push(this.#entries.length);
  }

  commit(): void {
    invariant(this.#checkpoints.pop() !== undefined, "commit without a checkpoint");
  }

  revert(): void {
    const length = this.#checkpoints.pop();
    invariant(length !== undefined, "revert without a checkpoint");
    while (this.#entries.length > length) {
      const entry = this.#entries.pop();
      if (entry !== undefined) {
        undo(entry);
      }
    }
  }

  // Called before the write.

  balance(account: AccountView): void {
    this.#entries.push({ kind: "balance", account, delta: account.delta });
  }

  nonce(account: AccountView): void {
    this.#entries.push({ kind: "nonce", account, nonce: account.nonce });
  }

  codeHash(account: AccountView): void {
    this.#entries.push({ kind: "codeHash", account, codeHash: account.codeHash });
  }

  slot(account: AccountView, slot: bigint): void {
    this.#entries.push({ kind: "slot", account, slot, value: account.slots?.get(slot) });
  }

  life(account: AccountView): void {
    const { exists, storageCleared, slots } = account;
    this.#entries.push({ kind: "life", account, exists, storageCleared, slots });
  }
}

function undo(entry: Undo): void {
  const { account } = entry;
  switch (entry.kind) {
    case "balance":
      account.delta = entry.delta;
      return;
    case "nonce":
      account.nonce = entry.nonce;
      return;
    case "codeHash":
      account.codeHash = entry.codeHash;
      return;
    case "slot":
      if (entry.value === undefined) {
        account.slots?.delete(entry.slot);
        account.noteGone(entry.slot);
      } else {
        account.slots ??= new Map();
        account.slots.set(entry.slot, entry.value);
      }
      return;
    case "life":
      account.exists = entry.exists;
      account.storageCleared = entry.storageCleared;
      account.slots = entry.slots;
  }
}
