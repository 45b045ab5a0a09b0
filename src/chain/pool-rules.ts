/**
 * Rules of admission to the mempool that concern one or two transactions only.
 */
import { blobGasOf } from "../execution/blob-gas";
import type { ChainTransaction, PoolRejection } from "./chain";

/** wei that the sender must be able to pay at most */
export function upfrontCost({ input }: ChainTransaction): bigint {
  return (
    input.gasLimit * input.maxFeePerGas + input.value + blobGasOf(input) * input.maxFeePerBlobGas
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
