/**
 * The checks of a submitted transaction that come before the pool's own, in the stock network's order:
 * intrinsic gas and form, then, where it is to be mined at once, nonce and fees of the next block.
 */
import { forkRules } from "../execution/fork-rules";
import { intrinsicGas } from "../execution/intrinsic-gas";
import { checkForm } from "../execution/transaction-validity";
import { nextEnvironment, pendingBaseFee } from "./block-environment";
import type { ChainTransaction, PoolRejection } from "./chain";
import type { ChainState } from "./chain-state";

/** Form of the transaction alone. Null = fine. */
export function checkTransaction(
  state: ChainState,
  { input }: ChainTransaction,
): PoolRejection | null {
  const rules = forkRules(state.rules);
  const environment = nextEnvironment(state, state.history.latest.header.timestamp);
  return checkForm(input, environment, rules, intrinsicGas(input, rules));
}

/** Nonce: must be the very next. */
export function checkAutomineNonce(
  state: ChainState,
  { input }: ChainTransaction,
): PoolRejection | null {
  const expected = state.pool.nextNonce(input.from, state.store);
  const actual = input.nonce;
  if (actual === expected) {
    return null;
  }
  return {
    kind: actual < expected ? "NonceTooLowAutomine" : "NonceTooHighAutomine",
    expected,
    actual,
  };
}

/** Fees: must do for the next block. */
export function checkAutomineFees(
  state: ChainState,
  { input }: ChainTransaction,
): PoolRejection | null {
  const { type, maxFeePerGas, maxPriorityFeePerGas } = input;
  if (maxPriorityFeePerGas < state.minGasPrice) {
    return {
      kind: "GasPriceBelowMinimum",
      gasPrice: maxPriorityFeePerGas,
      minGasPrice: state.minGasPrice,
    };
  }
  const nextBaseFeePerGas = pendingBaseFee(state);
  return nextBaseFeePerGas !== null && maxFeePerGas < nextBaseFeePerGas
    ? { kind: "FeeBelowNextBaseFee", type, maxFeePerGas, nextBaseFeePerGas }
    : null;
}
