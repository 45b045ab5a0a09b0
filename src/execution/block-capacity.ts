/**
 * Room in a block: gas and blob gas (yellow paper, section 6; EIP-4844; EIP-8037). Checked when a transaction
 * takes its place, because it depends on what lower transactions used.
 */
import { blobGasLimit, blobGasOf } from "./blob-gas";
import type { BlockInput } from "./block-executor";
import { forkRules } from "./fork-rules";
import type { InvalidTransaction } from "./invalid-transaction";
import type { TransactionOutcome } from "./outcome";
import type { BlockEnvironment, ExecutionRules, TransactionInput } from "./transaction";

export class BlockCapacity {
  readonly #rules: ExecutionRules;
  /** gas */
  #gasAvailable: bigint;
  /** gas for growth of the state; before EIP-8037 the same as the gas available */
  #stateGasAvailable: bigint;
  /** blob gas */
  #blobGasAvailable: bigint;

  constructor(environment: BlockEnvironment, gasAvailable: bigint) {
    this.#rules = environment.rules;
    this.#gasAvailable = gasAvailable;
    this.#stateGasAvailable = gasAvailable;
    this.#blobGasAvailable = blobGasLimit(forkRules(environment.rules));
  }

  /** Null if the transaction fits by its gas limit and its blobs. */
  check(transaction: TransactionInput): InvalidTransaction | null {
    const gasLimit = regularGasLimit(transaction, this.#rules);
    if (gasLimit > this.#gasAvailable) {
      return { kind: "ExceedsBlockGas", available: this.#gasAvailable, gasLimit };
    }
    if (transaction.gasLimit > this.#stateGasAvailable) {
      return {
        kind: "ExceedsBlockGas",
        available: this.#stateGasAvailable,
        gasLimit: transaction.gasLimit,
      };
    }
    const requested = blobGasOf(transaction);
    if (requested > this.#blobGasAvailable) {
      return { kind: "BlobGasExceeded", available: this.#blobGasAvailable, requested };
    }
    return null;
  }

  /** Takes what the transaction really used. */
  take({
    gasUsed,
    blobGasUsed,
    blockGas,
  }: Pick<TransactionOutcome, "gasUsed" | "blobGasUsed" | "blockGas">): void {
    this.#gasAvailable -= blockGas?.regular ?? gasUsed;
    this.#stateGasAvailable -= blockGas?.state ?? gasUsed;
    this.#blobGasAvailable -= blobGasUsed;
  }
}

/** gas that a block's header says it used: of each kind together, the larger one (EIP-8037) */
export function blockGasUsed(outcomes: readonly TransactionOutcome[]): bigint {
  let regular = 0n;
  let state = 0n;
  for (const { gasUsed, blockGas } of outcomes) {
    regular += blockGas?.regular ?? gasUsed;
    state += blockGas?.state ?? gasUsed;
  }
  return regular > state ? regular : state;
}

/** gas: the most that is not for growth of the state */
function regularGasLimit({ gasLimit }: TransactionInput, rules: ExecutionRules): bigint {
  const cap = rules.transactionGasCap;
  return cap !== null && gasLimit > cap && forkRules(rules).isActive(8037) ? cap : gasLimit;
}

/**
 * gas: the least that any transaction takes from a block: 21000, of which a refund gives back half
 * at most (before EIP-3529); from EIP-2780 on 12000, of which a block gets nothing back (EIP-7778).
 */
const LEAST_GAS_USED = 10_500n;

/**
 * The transactions up to the first that cannot have room however little the ones before it use:
 * what comes after it will not be in this block.
 */
export function reachablePrefix({
  environment,
  transactions,
  gasAvailable,
}: BlockInput): readonly TransactionInput[] {
  const end = transactions.findIndex(
    (transaction, index) =>
      transaction.gasLimit > gasAvailable ||
      regularGasLimit(transaction, environment.rules) >
        gasAvailable - BigInt(index) * LEAST_GAS_USED,
  );
  return end === -1 ? transactions : transactions.slice(0, end);
}
