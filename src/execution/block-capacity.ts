/**
 * Room in a block: gas and blob gas (yellow paper, section 6; EIP-4844). Checked when a transaction
 * takes its place, because it depends on what lower transactions used.
 */
import { blobGasLimit, blobGasOf } from "./blob-gas";
import type { BlockInput } from "./block-executor";
import { type ForkRules, forkRules } from "./fork-rules";
import type { InvalidTransaction } from "./invalid-transaction";
import type { TransactionOutcome } from "./outcome";
import type { BlockEnvironment, TransactionInput } from "./transaction";

export class BlockCapacity {
  /** gas */
  #gasAvailable: bigint;
  /** blob gas */
  #blobGasAvailable: bigint;

  constructor(environment: BlockEnvironment, gasAvailable: bigint) {
    const rules: ForkRules = forkRules(environment.rules);
    this.#gasAvailable = gasAvailable;
    this.#blobGasAvailable = blobGasLimit(rules);
  }

  /** Null if the transaction fits by its gas limit and its blobs. */
  check(transaction: TransactionInput): InvalidTransaction | null {
    const { gasLimit } = transaction;
    if (gasLimit > this.#gasAvailable) {
      return { kind: "ExceedsBlockGas", available: this.#gasAvailable, gasLimit };
    }
    const requested = blobGasOf(transaction);
    if (requested > this.#blobGasAvailable) {
      return { kind: "BlobGasExceeded", available: this.#blobGasAvailable, requested };
    }
    return null;
  }

  /** Takes what the transaction really used. */
  take({ gasUsed, blobGasUsed }: TransactionOutcome): void {
    this.#gasAvailable -= gasUsed;
    this.#blobGasAvailable -= blobGasUsed;
  }
}

/**
 * gas: the least that any transaction takes from a block: 21000, of which a refund gives back half
 * at most (before EIP-3529).
 */
const LEAST_GAS_USED = 10_500n;

/**
 * The transactions up to the first that cannot have room however little the ones before it use:
 * what comes after it will not be in this block.
 */
export function reachablePrefix({
  transactions,
  gasAvailable,
}: BlockInput): readonly TransactionInput[] {
  const end = transactions.findIndex(
    ({ gasLimit }, index) => gasLimit > gasAvailable - BigInt(index) * LEAST_GAS_USED,
  );
  return end === -1 ? transactions : transactions.slice(0, end);
}
