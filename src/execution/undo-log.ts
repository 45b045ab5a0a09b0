/**
 * The frame journal of an incarnation: what each write replaced, so that a revert costs what the
 * frame changed.
 *
 * Owns: old values and checkpoints. Does not own: reads (they survive a revert).
 * Invariant: without a checkpoint there is nothing to go back to, and nothing is kept.
 */
import { invariant } from "../errors/base-error";
import type { Hash } from "../state/hex";
import type { AccountView, SlotView } from "./account-view";

type Undo =
  | { readonly kind: "balance"; readonly account: AccountView; readonly delta: bigint }
  | { readonly kind: "nonce"; readonly account: AccountView; readonly nonce: bigint | undefined }
  | {
      readonly kind: "codeHash";
      readonly account: AccountView;
      readonly codeHash: Hash | undefined;
    }
  | { readonly kind: "slot"; readonly slot: SlotView; readonly own: bigint | undefined }
  | {
      readonly kind: "life";
      readonly account: AccountView;
      readonly exists: boolean | undefined;
      readonly storageCleared: boolean;
      /** own writes that are about to be dropped */
      readonly written: readonly (readonly [SlotView, bigint])[];
    };

export class UndoLog {
  readonly #entries: Undo[] = [];
  readonly #checkpoints: number[] = [];

  checkpoint(): void {
    this.#checkpoints.push(this.#entries.length);
  }

  commit(): void {
    invariant(this.#checkpoints.pop() !== undefined, "commit without a checkpoint");
    if (this.#checkpoints.length === 0) {
      this.#entries.length = 0;
    }
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
    if (this.#isNeeded) {
      this.#entries.push({ kind: "balance", account, delta: account.delta });
    }
  }

  nonce(account: AccountView): void {
    if (this.#isNeeded) {
      this.#entries.push({ kind: "nonce", account, nonce: account.nonce });
    }
  }

  codeHash(account: AccountView): void {
    if (this.#isNeeded) {
      this.#entries.push({ kind: "codeHash", account, codeHash: account.codeHash });
    }
  }

  slot(slot: SlotView): void {
    if (this.#isNeeded) {
      this.#entries.push({ kind: "slot", slot, own: slot.own });
    }
  }

  /** @param clearsStorage the account's own writes to storage are dropped */
  life(account: AccountView, clearsStorage: boolean): void {
    if (this.#isNeeded) {
      const { exists, storageCleared } = account;
      const written = clearsStorage ? writtenSlots(account) : [];
      this.#entries.push({ kind: "life", account, exists, storageCleared, written });
    }
  }

  get #isNeeded(): boolean {
    return this.#checkpoints.length > 0;
  }
}

function writtenSlots(account: AccountView): [SlotView, bigint][] {
  const written: [SlotView, bigint][] = [];
  for (const slot of account.slots()) {
    if (slot.own !== undefined) {
      written.push([slot, slot.own]);
    }
  }
  return written;
}

function undo(entry: Undo): void {
  switch (entry.kind) {
    case "balance":
      entry.account.delta = entry.delta;
      return;
    case "nonce":
      entry.account.nonce = entry.nonce;
      return;
    case "codeHash":
      entry.account.codeHash = entry.codeHash;
      return;
    case "slot":
      entry.slot.own = entry.own;
      return;
    case "life": {
      const { account } = entry;
      account.exists = entry.exists;
      account.storageCleared = entry.storageCleared;
      for (const [slot, own] of entry.written) {
        slot.own = own;
      }
    }
  }
}
