/**
 * Reading a state, synchronously: the one way that executions, calls and queries look at accounts.
 * Absent accounts read as zero balance, zero nonce, empty code, zero slots.
 */
import type { Address, Hash } from "./hex";

export interface StateReader {
  /** True if the account is in the trie (an empty account can be, before EIP-161 or by fiat). */
  exists(address: Address): boolean;
  /** wei */
  balance(address: Address): bigint;
  nonce(address: Address): bigint;
  codeHash(address: Address): Hash;
  /** Bytes of a code by its hash; empty for EMPTY_CODE_HASH. Throws if the hash is unknown. */
  code(codeHash: Hash): Uint8Array;
  storage(address: Address, slot: bigint): bigint;
  /** True if any slot of the account is non-zero (needed by EIP-7610). */
  hasStorage(address: Address): boolean;
}
