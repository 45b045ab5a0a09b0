/**
 * Changes of accounts that no transaction makes (hardhat_set*). They are part of the latest state at
 * once; a block's stateRoot shows them from the next block on. Callers hold the lock.
 */
import type { Address } from "../state/hex";
import { ChainError } from "./chain-error";
import type { ChainState } from "./chain-state";

/** wei */
export function setBalance(state: ChainState, address: Address, value: bigint): void {
  state.store.setBalance(address, value);
  state.pool.update(new Set([address]), state.store);
}

/** Throws ChainError PoolNotEmpty or NonceBelowCurrent. */
export function setNonce(state: ChainState, address: Address, value: bigint): void {
  if (!state.pool.isEmpty) {
    throw new ChainError({ kind: "PoolNotEmpty" });
  }
  const current = state.store.nonce(address);
  if (value < current) {
    throw new ChainError({ kind: "NonceBelowCurrent", current, proposed: value });
  }
  state.store.setNonce(address, value);
}
