/**
 * The state view in the shape that @ethereumjs/evm asks for: promises that are already resolved.
 *
 * Owns: translation of addresses, slots and accounts. Does not own: checkpoints (message-journal.ts
 * makes them), state roots and storage dumps, which no message needs.
 */
import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import type { Account, Address } from "@ethereumjs/util";
import { InvariantError } from "../../errors/base-error";
import { bigIntToMinimalBytes, bytesToBigInt, bytesToHex } from "../../state/bytes";
import { LazyAccount } from "./lazy-account";
import type { MessageContext } from "./message-context";

const DONE = Promise.resolve();
const ABSENT = Promise.resolve(undefined);

export class ViewStateManager implements StateManagerInterface {
  readonly #context: MessageContext;

  constructor(context: MessageContext) {
    this.#context = context;
  }

  readonly originalStorageCache = {
    get: (address: Address, key: Uint8Array): Promise<Uint8Array> => {
      const value = this.#context.view.originalStorage(
        bytesToHex(address.bytes),
        bytesToBigInt(key),
      );
      return Promise.resolve(bigIntToMinimalBytes(value));
    },
    clear: (): void => undefined,
  };

  /**
   * Absence is observable only before EIP-161; from it on ethereumjs asks `isEmpty` wherever it
   * asks for absence.
   */
  getAccount(address: Address): Promise<Account | undefined> {
    const hex = bytesToHex(address.bytes);
    if (!this.#context.rules.clearsEmptyAccounts && !this.#context.view.exists(hex)) {
      return ABSENT;
    }
    return Promise.resolve(new LazyAccount(this.#context, hex));
  }

  /** Reached through the journal, which notes the touch. */
  putAccount(address: Address, account?: Account): Promise<void> {
    const { view, rules } = this.#context;
    const hex = bytesToHex(address.bytes);
    if (!rules.clearsEmptyAccounts) {
      view.create(hex);
    }
    if (account instanceof LazyAccount) {
      account.flush();
    } else if (account !== undefined && account.nonce > 0n) {
      view.setNonce(hex, account.nonce);
    }
    return DONE;
  }

  getCode(address: Address): Promise<Uint8Array> {
    return Promise.resolve(this.#context.view.code(bytesToHex(address.bytes)));
  }

  getCodeSize(address: Address): Promise<number> {
    return Promise.resolve(this.#context.view.code(bytesToHex(address.bytes)).length);
  }

  putCode(address: Address, code: Uint8Array): Promise<void> {
    this.#context.view.setCode(bytesToHex(address.bytes), code);
    return DONE;
  }

  getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    const value = this.#context.view.storage(bytesToHex(address.bytes), bytesToBigInt(key));
    return Promise.resolve(bigIntToMinimalBytes(value));
  }

  putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#context.view.setStorage(
      bytesToHex(address.bytes),
      bytesToBigInt(key),
      bytesToBigInt(value),
    );
    return DONE;
  }

  clearStorage(address: Address): Promise<void> {
    this.#context.view.clearStorage(bytesToHex(address.bytes));
    return DONE;
  }

  checkpoint(): Promise<void> {
    this.#context.view.checkpoint();
    return DONE;
  }

  commit(): Promise<void> {
    this.#context.view.commit();
    return DONE;
  }

  revert(): Promise<void> {
    this.#context.view.revert();
    return DONE;
  }

  // What @ethereumjs/vm needs and a message never does.

  deleteAccount(_address: Address): Promise<void> {
    throw new InvariantError("the EVM deletes an account within a message");
  }

  modifyAccountFields(_address: Address, _fields: AccountFields): Promise<void> {
    throw new InvariantError("the EVM changes account fields without reading them");
  }

  getStateRoot(): Promise<Uint8Array> {
    throw new InvariantError("the EVM asks for a state root within a message");
  }

  setStateRoot(): Promise<void> {
    throw new InvariantError("the EVM sets a state root within a message");
  }

  hasStateRoot(): Promise<boolean> {
    throw new InvariantError("the EVM asks for a state root within a message");
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    throw new InvariantError("the EVM copies its state manager within a message");
  }
}
