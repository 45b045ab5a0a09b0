/**
 * The accounts whose transactions the network signs: owned ones, by their keys, and impersonated
 * ones, without.
 *
 * Owns: keys and the set of impersonated addresses. Does not own: balances.
 */
import type { ChainTransaction, GenesisAccount } from "../chain/chain";
import {
  impersonateTransaction,
  signTransactionFrom,
  type UnsignedTransaction,
} from "../chain/transaction-codec";
import { addressOf, type EcdsaSignature, sign } from "../crypto/secp256k1";
import { hexToBytes } from "../state/bytes";
import type { Address } from "../state/hex";
import { checksummed } from "./checksum";
import { inputError } from "./errors/words";

export class Accounts {
  readonly #keys: ReadonlyMap<Address, Uint8Array>;
  readonly #impersonated = new Set<Address>();

  constructor(accounts: readonly GenesisAccount[]) {
    this.#keys = new Map(
      accounts.map(({ privateKey }) => {
        const key = hexToBytes(privateKey);
        return [addressOf(key), key];
      }),
    );
  }

  get owned(): readonly Address[] {
    return [...this.#keys.keys()];
  }

  /** Sender of calls that name none: the first owned account, or the zero address. */
  get defaultCaller(): Address {
    return this.owned[0] ?? `0x${"00".repeat(20)}`;
  }

  impersonate(address: Address): void {
    this.#impersonated.add(address);
  }

  /** False if the address was not impersonated. */
  stopImpersonating(address: Address): boolean {
    return this.#impersonated.delete(address);
  }

  /** Throws ProviderError "Unknown account" unless the address is owned. */
  signHash(address: Address, hash: Uint8Array): EcdsaSignature {
    return sign(hash, this.keyOf(address));
  }

  /** Throws ProviderError "Unknown account" unless the address is owned. */
  keyOf(address: Address): Uint8Array {
    const key = this.#keys.get(address);
    if (key === undefined) {
      throw inputError(`Unknown account ${checksummed(address)}`);
    }
    return key;
  }

  /** Throws ProviderError "Unknown account". */
  signTransaction(unsigned: UnsignedTransaction, from: Address): ChainTransaction {
    return this.#impersonated.has(from)
      ? impersonateTransaction(unsigned, from)
      : signTransactionFrom(unsigned, this.keyOf(from), from);
  }
}
