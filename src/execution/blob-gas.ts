/** The price of blob gas (EIP-4844). */
import { type ForkRules, GAS_PER_BLOB } from "./fork-rules";
import type { BlockEnvironment, TransactionInput } from "./transaction";

/** wei per blob gas */
const MIN_BLOB_BASE_FEE = 1n;

/** wei per blob gas; null where the block has no blobs. */
export function blobBaseFee(environment: BlockEnvironment, rules: ForkRules): bigint | null {
  return rules.blobs === null || environment.excessBlobGas === null
    ? null
    : fakeExponential(
        MIN_BLOB_BASE_FEE,
        environment.excessBlobGas,
        rules.blobs.baseFeeUpdateFraction,
      );
}

/** blob gas of one transaction */
export function blobGasOf(transaction: TransactionInput): bigint {
  return GAS_PER_BLOB * BigInt(transaction.blobVersionedHashes.length);
}

/** Blob gas that one block may hold. */
export function blobGasLimit(rules: ForkRules): bigint {
  return GAS_PER_BLOB * BigInt(rules.blobs?.maxPerBlock ?? 0);
}

/** factor * e ** (numerator / denominator) by Taylor expansion, exactly as EIP-4844 defines it. */
export function fakeExponential(factor: bigint, numerator: bigint, denominator: bigint): bigint {
  let output = 0n;
  let accumulated = factor * denominator;
  for (let i = 1n; accumulated > 0n; i++) {
    output += accumulated;
    accumulated = (accumulated * numerator) / (denominator * i);
  }
  return output / denominator;
}
