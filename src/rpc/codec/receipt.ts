/** A receipt as eth_getTransactionReceipt shows it. */
import type { ChainBlock } from "../../chain/chain";
import { invariant } from "../../errors/base-error";
import type { Dialect } from "../dialect";
import { isAtLeast } from "../hardforks";
import { receiptLogToJson } from "./log";
import { quantity } from "./quantity";
import { defined } from "./transaction";

export function receiptToJson(
  block: ChainBlock,
  index: number,
  hardfork: string,
  dialect: Dialect,
): object {
  const receipt = block.receipts[index];
  const transaction = block.transactions[index];
  invariant(receipt !== undefined && transaction !== undefined, "a receipt per transaction");
  const { outcome } = receipt;
  const { input } = transaction;
  return defined({
    blockHash: block.header.hash,
    blockNumber: quantity(block.header.number),
    transactionHash: input.hash,
    transactionIndex: quantity(index),
    type: isAtLeast(hardfork, "berlin") ? quantity(input.type) : undefined,
    from: input.from,
    to: input.to,
    cumulativeGasUsed: quantity(receipt.cumulativeGasUsed),
    gasUsed: quantity(outcome.gasUsed),
    contractAddress: outcome.status === 1 && input.to === null ? outcome.createdAddress : null,
    logs: outcome.logs.map((log, position) =>
      receiptLogToJson(
        { log, block, transactionIndex: index, logIndex: receipt.firstLogIndex + position },
        dialect,
      ),
    ),
    logsBloom: receipt.logsBloom,
    status: quantity(outcome.status),
    effectiveGasPrice: isAtLeast(hardfork, "london")
      ? quantity(outcome.effectiveGasPrice)
      : undefined,
  });
}
