/** Gas prices that the network suggests and fills in (wei per gas). */
import type { BlockSelector, Chain } from "../chain/chain";
import { invariant } from "../errors/base-error";
import { smaller } from "./codec/quantity";

export const DEFAULT_PRIORITY_FEE = 1_000_000_000n;
const GAS_PRICE_BEFORE_LONDON = 8_000_000_000n;

export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Fees as a request gave them. */
export interface GivenFees {
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
}

export function suggestedGasPrice(chain: Chain): bigint {
  const baseFee = chain.nextBaseFeePerGas();
  return baseFee === null ? GAS_PRICE_BEFORE_LONDON : baseFee + DEFAULT_PRIORITY_FEE;
}

/** For a transaction: room for the base fee to double. */
export function transactionFees(chain: Chain, given: GivenFees): Fees {
  const maxPriorityFeePerGas = priorityFee(given);
  return {
    maxFeePerGas: given.maxFeePerGas ?? 2n * londonBaseFee(chain) + maxPriorityFeePerGas,
    maxPriorityFeePerGas,
  };
}

/** For an estimate: what the block asks for; on the pending block as for a transaction. */
export function estimateFees(chain: Chain, selector: BlockSelector, given: GivenFees): Fees {
  if (selector === "pending") {
    return transactionFees(chain, given);
  }
  const maxPriorityFeePerGas = priorityFee(given);
  const baseFee = chain.block(selector)?.header.baseFeePerGas ?? 0n;
  return {
    maxFeePerGas: given.maxFeePerGas ?? baseFee + maxPriorityFeePerGas,
    maxPriorityFeePerGas,
  };
}

/** For a call: free unless it says otherwise. */
export function callFees(given: GivenFees): Fees {
  return {
    maxFeePerGas: given.maxFeePerGas ?? given.maxPriorityFeePerGas ?? 0n,
    maxPriorityFeePerGas: given.maxPriorityFeePerGas ?? 0n,
  };
}

function priorityFee({ maxFeePerGas, maxPriorityFeePerGas }: GivenFees): bigint {
  return (
    maxPriorityFeePerGas ??
    (maxFeePerGas === undefined
      ? DEFAULT_PRIORITY_FEE
      : smaller(DEFAULT_PRIORITY_FEE, maxFeePerGas))
  );
}

function londonBaseFee(chain: Chain): bigint {
  const baseFee = chain.nextBaseFeePerGas();
  invariant(baseFee !== null, "EIP-1559 fees are asked for from London on only");
  return baseFee;
}
