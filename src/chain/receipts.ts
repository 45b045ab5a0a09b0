/**
 * Receipts of a block: what is kept of an outcome, and its encoding (yellow paper section 4.4.1,
 * EIP-658, EIP-2718).
 */

import { type EncodedLogs, encodeLogs } from "../execution/encoded-logs";
import { EMPTY_TRACE } from "../execution/frame-trace";
import {
  encodedLogs,
  type LazyParts,
  type Log,
  type TransactionOutcome,
  withLazyParts,
  withSets,
} from "../execution/outcome";
import {
  bloomOfBody,
  logsOfBody,
  type ReceiptBodies,
  receiptBodies,
} from "../execution/receipt-bodies";
import { receiptsRootOf } from "../execution/receipts-root";
import { bytesToHex } from "../state/bytes";
import type { Hash, Hex } from "../state/hex";
import type { ReadSet } from "../state/read-set";
import { EMPTY_WRITE_SET, type WriteSet } from "../state/write-set";
import type { ExecutedTransaction } from "./block-execution";
import { EMPTY_BLOOM } from "./bloom";
import type { Receipt } from "./chain";

const NO_SETS = { reads: [], writes: EMPTY_WRITE_SET, trace: EMPTY_TRACE };

/**
 * Receipts in block order, with the bodies that their encodings are completed from. Their outcomes are
 * without reads, writes, trace and console.log calldata, which go out through the blockRecord and
 * newBlock events: a chain keeps every receipt for its whole life.
 * Logs and blooms stay in the bodies until somebody asks for them.
 * @param made bodies of these transactions' receipts, if they are there already
 */
export function makeReceipts(
  executed: readonly Pick<ExecutedTransaction, "outcome">[],
  made: ReceiptBodies | null = null,
): { readonly receipts: Receipt[]; readonly bodies: ReceiptBodies } {
  const bodies = made ?? receiptBodies(executed.map(({ outcome }) => encodedLogs(outcome)));
  let cumulativeGasUsed = 0n;
  let firstLogIndex = 0;
  const receipts = executed.map(({ outcome }, transactionIndex) => {
    cumulativeGasUsed += outcome.gasUsed;
    const logCount = bodies.logCounts[transactionIndex] ?? 0;
    const receipt = new MadeReceipt(
      transactionIndex,
      cumulativeGasUsed,
      logCount === 0
        ? withSets(outcome, [], NO_SETS, null)
        : withLazyParts(outcome, new LogsInBody(bodies, transactionIndex), EMPTY_TRACE, null),
      firstLogIndex,
      logCount === 0 ? null : bodies,
    );
    firstLogIndex += logCount;
    return receipt;
  });
  return { receipts, bodies };
}

/** A receipt whose bloom stays in the bodies. */
class MadeReceipt implements Receipt {
  readonly transactionIndex: number;
  readonly cumulativeGasUsed: bigint;
  readonly outcome: TransactionOutcome;
  readonly firstLogIndex: number;
  /** null = there are no logs */
  readonly #bodies: ReceiptBodies | null;

  constructor(
    transactionIndex: number,
    cumulativeGasUsed: bigint,
    outcome: TransactionOutcome,
    firstLogIndex: number,
    bodies: ReceiptBodies | null,
  ) {
    this.transactionIndex = transactionIndex;
    this.cumulativeGasUsed = cumulativeGasUsed;
    this.outcome = outcome;
    this.firstLogIndex = firstLogIndex;
    this.#bodies = bodies;
  }

  get logsBloom(): Hex {
    return this.#bodies === null
      ? EMPTY_BLOOM
      : bytesToHex(bloomOfBody(this.#bodies, this.transactionIndex));
  }
}

/** Sets that a receipt does not keep, and logs that it keeps encoded. */
class LogsInBody implements LazyParts {
  readonly #bodies: ReceiptBodies;
  readonly #index: number;
  #logs: readonly Log[] | null = null;

  constructor(bodies: ReceiptBodies, index: number) {
    this.#bodies = bodies;
    this.#index = index;
  }

  logs(): readonly Log[] {
    this.#logs ??= logsOfBody(this.#bodies, this.#index);
    return this.#logs;
  }

  encodedLogs(): EncodedLogs {
    return encodeLogs(this.logs());
  }

  reads(): ReadSet {
    return [];
  }

  writes(): WriteSet {
    return EMPTY_WRITE_SET;
  }
}

/**
 * Root of the receipts' trie (yellow paper, section 4.3).
 * @param types of the transactions
 * @param bodies of these receipts
 */
export function receiptsRoot(
  types: readonly number[],
  receipts: readonly Pick<Receipt, "outcome">[],
  bodies: ReceiptBodies,
): Hash {
  const heads = receipts.map(({ outcome: { status, gasUsed } }, index) => {
    return { type: types[index] ?? 0, status, gasUsed };
  });
  return bytesToHex(receiptsRootOf(bodies, heads));
}
