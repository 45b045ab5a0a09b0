/**
 * Receipts of a block: what is kept of an outcome, and its encoding (yellow paper section 4.4.1,
 * EIP-658, EIP-2718).
 */
import { type TransactionOutcome, withSets } from "../execution/outcome";
import { bloomOfBody, type ReceiptBodies, receiptBodies } from "../execution/receipt-bodies";
import { completeReceipt } from "../execution/receipt-head";
import { bytesToHex } from "../state/bytes";
import type { Hash } from "../state/hex";
import { orderedTrieRoot } from "../state/trie/trie-root";
import { EMPTY_WRITE_SET } from "../state/write-set";
import type { ExecutedTransaction } from "./block-execution";
import { EMPTY_BLOOM } from "./bloom";
import type { Receipt } from "./chain";

const NOTHING_TRACED: TransactionOutcome["trace"] = {
  frames: [],
  accesses: [],
  preimages: [],
  transient: [],
};

/**
 * Receipts in block order. Their outcomes are without reads, writes, trace and console.log calldata,
 * which go out through the blockRecord and newBlock events: a chain keeps every receipt for its whole
 * life.
 * @param bodies of these transactions' receipts, if they are there already
 */
export function makeReceipts(
  executed: readonly Pick<ExecutedTransaction, "outcome">[],
  bodies: ReceiptBodies = receiptBodies(executed.map(({ outcome }) => outcome.logs)),
): Receipt[] {
  let cumulativeGasUsed = 0n;
  let firstLogIndex = 0;
  return executed.map(({ outcome }, transactionIndex) => {
    cumulativeGasUsed += outcome.gasUsed;
    const receipt: Receipt = {
      transactionIndex,
      cumulativeGasUsed,
      outcome: slimOutcome(outcome),
      logsBloom:
        outcome.logs.length === 0 ? EMPTY_BLOOM : bytesToHex(bloomOfBody(bodies, transactionIndex)),
      firstLogIndex,
    };
    firstLogIndex += outcome.logs.length;
    return receipt;
  });
}

/** EIP-2718 encoding of a receipt since Byzantium. */
export function encodeReceipt(type: number, { outcome, cumulativeGasUsed }: Receipt): Uint8Array {
  return completeReceipt(receiptBodies([outcome.logs]), 0, type, outcome.status, cumulativeGasUsed);
}

/**
 * Root of the receipts' trie (yellow paper, section 4.3).
 * @param types of the transactions
 * @param bodies of these receipts
 */
export function receiptsRoot(
  types: readonly number[],
  receipts: readonly Pick<Receipt, "outcome" | "cumulativeGasUsed">[],
  bodies: ReceiptBodies,
): Hash {
  return bytesToHex(
    orderedTrieRoot(
      receipts.map(({ outcome: { status }, cumulativeGasUsed }, index) =>
        completeReceipt(bodies, index, types[index] ?? 0, status, cumulativeGasUsed),
      ),
    ),
  );
}

const NO_SETS = { reads: [], writes: EMPTY_WRITE_SET, trace: NOTHING_TRACED };

function slimOutcome(outcome: TransactionOutcome): TransactionOutcome {
  return withSets(outcome, NO_SETS, null);
}
