/**
 * Rules of admission to the mempool that concern one or two transactions and their sender only.
 */
import { upfrontCost } from "../execution/transaction-validity";
import type { StateReader } from "../state/state-reader";
import type { ChainTransaction, PoolRejection } from "./chain";

/** EIP-7825's cap first, then the block's limit, as in stock. */
export function checkGasLimit(
  { input: { gasLimit } }: ChainTransaction,
  cap: bigint | null,
  blockGasLimit: bigint,
): PoolRejection | null {
  if (cap !== null && gasLimit > cap) {
    return { kind: "ExceedsTransactionGasCap", cap, gasLimit };
  }
  return gasLimit > blockGasLimit
    ? { kind: "ExceedsBlockGasLimit", gasLimit, blockGasLimit }
    : null;
}

/** Against the sender's nonce now, then its balance in the state. */
export function checkSender(
  { input }: ChainTransaction,
  nonce: bigint,
  state: Pick<StateReader, "balance">,
): PoolRejection | null {
  if (input.nonce < nonce) {
    return { kind: "NonceTooLow", expected: nonce, actual: input.nonce };
  }
  const required = upfrontCost(input);
  const balance = state.balance(input.from);
  return required > balance ? { kind: "InsufficientFunds", required, balance } : null;
}

/** May a pooled transaction stay, now that the sender has this nonce and its balance in the state? */
export function isStillValid(
  transaction: ChainTransaction,
  nonce: bigint,
  state: Pick<StateReader, "balance">,
  blockGasLimit: bigint,
): boolean {
  return (
    transaction.input.gasLimit <= blockGasLimit && checkSender(transaction, nonce, state) === null
  );
}

/** Both fees must rise by a tenth, rounded up. */
export function checkReplacement(
  old: ChainTransaction,
  next: ChainTransaction,
): PoolRejection | null {
  const { nonce } = old.input;
  const fee = raised(old.input.maxFeePerGas);
  if (next.input.maxFeePerGas < fee) {
    return { kind: "ReplacementUnderpriced", field: "fee", required: fee, nonce };
  }
  const priorityFee = raised(old.input.maxPriorityFeePerGas);
  return next.input.maxPriorityFeePerGas < priorityFee
    ? { kind: "ReplacementUnderpriced", field: "priorityFee", required: priorityFee, nonce }
    : null;
}

function raised(fee: bigint): bigint {
  return (fee * 110n + 99n) / 100n;
}
