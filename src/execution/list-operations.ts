/**
 * What a transaction does to the block-level access list (EIP-7928, experimental), in the order in which it
 * does it. The list itself is made of the operations of final incarnations in block order
 * (engine/block-access-list.ts): what one transaction records depends on no other, and no thread has to know
 * the list.
 *
 * Owns: the operations, and which of them say nothing new. Does not own: what the list makes of them.
 *
 * Invariant: balances are recorded as changes, so that recording reads nothing that the transaction does not.
 */
import type { Address } from "../state/hex";

export type ListOperation =
  /** of a frame */
  | { readonly kind: "checkpoint" }
  | { readonly kind: "commit" }
  | { readonly kind: "revert" }
  /** The account was accessed. */
  | { readonly kind: "account"; readonly address: Address }
  | { readonly kind: "read"; readonly address: Address; readonly slot: bigint }
  | {
      readonly kind: "write";
      readonly address: Address;
      readonly slot: bigint;
      readonly value: bigint;
      /** the slot's value when the transaction began */
      readonly original: bigint;
    }
  /** wei; 0 where the list takes a balance down although nothing moved */
  | { readonly kind: "balance"; readonly address: Address; readonly delta: bigint }
  | { readonly kind: "nonce"; readonly address: Address; readonly value: bigint }
  | {
      readonly kind: "code";
      readonly address: Address;
      readonly code: Uint8Array;
      /** null: a contract is made, and had none */
      readonly before: Uint8Array | null;
    }
  /** At the end of the transaction, of accounts that it made and destroyed. */
  | { readonly kind: "cleared"; readonly address: Address };

/** Takes the operations of one transaction or system call. */
export class ListRecorder {
  readonly #operations: ListOperation[] = [];
  /** accounts and slots that are in the list already: an access leaves it only with its frame's changes */
  readonly #accounts = new Set<Address>();
  readonly #slots = new Set<string>();

  get operations(): readonly ListOperation[] {
    return this.#operations;
  }

  checkpoint(): void {
    this.#operations.push({ kind: "checkpoint" });
  }

  commit(): void {
    this.#endFrame("commit");
  }

  revert(): void {
    this.#endFrame("revert");
  }

  account(address: Address): void {
    if (this.#isNewAccount(address)) {
      this.#operations.push({ kind: "account", address });
    }
  }

  read(address: Address, slot: bigint): void {
    if (this.#isNewSlot(address, slot)) {
      this.#operations.push({ kind: "read", address, slot });
    }
  }

  write(address: Address, slot: bigint, value: bigint, original: bigint): void {
    this.#isNewSlot(address, slot);
    this.#operations.push({ kind: "write", address, slot, value, original });
  }

  /** @param delta wei */
  balance(address: Address, delta: bigint): void {
    this.#accounts.add(address);
    this.#operations.push({ kind: "balance", address, delta });
  }

  nonce(address: Address, value: bigint): void {
    this.#accounts.add(address);
    this.#operations.push({ kind: "nonce", address, value });
  }

  code(address: Address, code: Uint8Array, before: Uint8Array | null): void {
    this.#accounts.add(address);
    this.#operations.push({ kind: "code", address, code, before });
  }

  cleared(addresses: readonly Address[]): void {
    for (const address of addresses) {
      this.#operations.push({ kind: "cleared", address });
    }
  }

  /** A frame in which nothing new was recorded is left out. */
  #endFrame(kind: "commit" | "revert"): void {
    if (this.#operations.at(-1)?.kind === "checkpoint") {
      this.#operations.pop();
    } else {
      this.#operations.push({ kind });
    }
  }

  #isNewAccount(address: Address): boolean {
    const isNew = !this.#accounts.has(address);
    this.#accounts.add(address);
    return isNew;
  }

  #isNewSlot(address: Address, slot: bigint): boolean {
    this.#accounts.add(address);
    const key = `${address}${slot.toString(16)}`;
    const isNew = !this.#slots.has(key);
    this.#slots.add(key);
    return isNew;
  }
}
