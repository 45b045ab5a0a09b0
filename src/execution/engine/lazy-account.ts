/**
 * An ethereumjs Account that reads only the field it is asked for, from the view, when it is asked:
 * ethereumjs loads whole accounts everywhere, and reading them whole would make every transaction
 * conflict with every other that touches the account.
 *
 * A nonce that is set pends until the account is put. The balance cannot be set: value moves through
 * credit and debit (view-evm.ts, selfdestruct.ts).
 */
import { Account, KECCAK256_RLP } from "@ethereumjs/util";
import { InvariantError } from "../../errors/base-error";
import { hexToBytes } from "../../state/bytes";
import { type Address, EMPTY_CODE_HASH } from "../../state/hex";
import type { MessageContext } from "./message-context";

/** Any root but that of the empty trie: ethereumjs only asks whether it is that one (EIP-7610). */
const SOME_STORAGE_ROOT = new Uint8Array(32).fill(1);

export class LazyAccount extends Account {
  readonly #context: MessageContext;
  readonly #address: Address;
  #pendingNonce: bigint | undefined = undefined;

  constructor(context: MessageContext, address: Address) {
    super(null, null, null, null, null, null);
    this.#context = context;
    this.#address = address;
  }

  override get nonce(): bigint {
    return this.#pendingNonce ?? this.#context.view.nonce(this.#address);
  }

  override set nonce(value: bigint) {
    this.#pendingNonce = value;
  }

  override get balance(): bigint {
    const { balanceBound, view } = this.#context;
    if (balanceBound === null) {
      return view.balance(this.#address);
    }
    return view.balanceAtLeast(this.#address, balanceBound) ? balanceBound : -1n;
  }

  override set balance(_value: bigint) {
    throw new InvariantError("the EVM sets a balance instead of moving value");
  }

  override get codeHash(): Uint8Array {
    return hexToBytes(this.#context.view.codeHash(this.#address));
  }

  override get storageRoot(): Uint8Array {
    return this.#context.view.hasStorage(this.#address) ? SOME_STORAGE_ROOT : KECCAK256_RLP;
  }

  override isContract(): boolean {
    return this.#context.view.codeHash(this.#address) !== EMPTY_CODE_HASH;
  }

  override isEmpty(): boolean {
    return this.#context.view.isEmpty(this.#address);
  }

  /** Writes what pends; the account reads from the view again. */
  flush(): void {
    if (this.#pendingNonce !== undefined) {
      this.#context.view.setNonce(this.#address, this.#pendingNonce);
      this.#pendingNonce = undefined;
    }
  }
}
