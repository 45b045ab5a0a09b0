/**
 * Receipts of a block: what is kept of an outcome, and its encoding (yellow paper section 4.4.1,
 * EIP-658, EIP-2718).
 */
import type { TransactionOutcome } from "../execution/outcome";
import { bigIntToMinimalBytes, hexToBytes } from "../state/bytes";
import { EMPTY_WRITE_SET } from "../state/write-set";
import type { ExecutedTransaction } from "./block-execution";
import { logsBloom } from "./bloom";
import type { Receipt } from "./chain";
import { typedEnvelope } from "./typed-envelope";

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
 */
export function makeReceipts(executed: readonly Pick<ExecutedTransaction, "outcome">[]): Receipt[] {
  let cumulativeGasUsed = 0n;
  let firstLogIndex = 0;
  return executed.map(({ outcome }, transactionIndex) => {
    cumulativeGasUsed += outcome.gasUsed;
    const receipt: Receipt = {
      transactionIndex,
      cumulativeGasUsed,
      outcome: slimOutcome(outcome),
      logsBloom: logsBloom(outcome.logs),
      firstLogIndex,
    };
    firstLogIndex += outcome.logs.length;
    return receipt;
  });
}

/** EIP-2718 encoding of a receipt since Byzantium. */
export function encodeReceipt(type: number, receipt: Receipt): Uint8Array {
  const { outcome, cumulativeGasUsed } = receipt;
  return typedEnvelope(type, [
    outcome.status === 1 ? Uint8Array.of(1) : new Uint8Array(0),
    bigIntToMinimalBytes(cumulativeGasUsed),
    hexToBytes(receipt.logsBloom),
    outcome.logs.map(({ address, topics, data }) => [
      hexToBytes(address),
      topics.map(hexToBytes),
      hexToBytes(data),
    ]),
  ]);
}

function slimOutcome(outcome: TransactionOutcome): TransactionOutcome {
  const { consoleLogs: _consoleLogs, ...kept } = outcome;
  return { ...kept, reads: [], writes: EMPTY_WRITE_SET, trace: NOTHING_TRACED };
}
