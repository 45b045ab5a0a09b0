/**
 * Receipts of a block: what is kept of an outcome, and its encoding (yellow paper section 4.4.1,
 * EIP-658, EIP-2718).
 */

import { type EncodedLogs, encodeLogs } from "../execution/encoded-logs";
import { EMPTY_TRACE } from "../execution/frame-trace";
import {
  encodedLogs,
  keptOutcome,
  type LazyParts,
  type Log,
  type TransactionOutcome,
} from "../execution/outcome";
import {
  bloomOfBody,
  logsOfBody,
  type ReceiptBodies,
  receiptBodies,
} from "../execution/receipt-bodies";
import { receiptsRootOf } from "../execution/receipts-root";
import { BytePool } from "../state/byte-pool";
import { bytesToHex } from "../state/bytes";
import type { Hash, Hex } from "../state/hex";
import type { ReadSet } from "../state/read-set";
import { EMPTY_WRITE_SET, type WriteSet } from "../state/write-set";
import type { ExecutedTransaction } from "./block-execution";
import { EMPTY_BLOOM } from "./bloom";
import type { Receipt } from "./chain";

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
    const receipt = new MadeReceipt(
      transactionIndex,
      cumulativeGasUsed,
      outcome,
      firstLogIndex,
      bodies,
    );
    firstLogIndex += bodies.logCounts[transactionIndex] ?? 0;
    return receipt;
  });
  return { receipts, bodies };
}

/** Return data of transactions, which live as long as the chain. */
const pool = new BytePool();

/** A receipt whose logs and bloom stay in the bodies; its outcome takes them from there through it. */
class MadeReceipt implements Receipt, LazyParts {
  readonly transactionIndex: number;
  readonly cumulativeGasUsed: bigint;
  readonly outcome: TransactionOutcome;
  readonly firstLogIndex: number;
  readonly #bodies: ReceiptBodies;
  #logs: readonly Log[] | null = null;

  constructor(
    transactionIndex: number,
    cumulativeGasUsed: bigint,
    outcome: TransactionOutcome,
    firstLogIndex: number,
    bodies: ReceiptBodies,
  ) {
    this.transactionIndex = transactionIndex;
    this.cumulativeGasUsed = cumulativeGasUsed;
    this.firstLogIndex = firstLogIndex;
    this.#bodies = bodies;
    this.outcome = keptOutcome(outcome, this, EMPTY_TRACE, pool.copy(outcome.returnData));
  }

  get logsBloom(): Hex {
    return this.#bodies.logCounts[this.transactionIndex] === 0
      ? EMPTY_BLOOM
      : bytesToHex(bloomOfBody(this.#bodies, this.transactionIndex));
  }

  logs(): readonly Log[] {
    this.#logs ??= logsOfBody(this.#bodies, this.transactionIndex);
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
