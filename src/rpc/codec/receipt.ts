/** A receipt as eth_getTransactionReceipt shows it. */
import type { ChainBlock, Receipt } from "../../chain/chain";
import { logsOfReceipt } from "../../chain/log-filter";
import { invariant } from "../../errors/base-error";
import type { Dialect } from "../dialect";
import { isAtLeast } from "../hardforks";
import { receiptLogToJson } from "./log";
import { quantity } from "./quantity";
import { defined } from "./transaction";

export function receiptToJson(
  block: Pick<ChainBlock, "header" | "transactions">,
  receipt: Receipt,
  hardfork: string,
  dialect: Dialect,
): object {
  const index = receipt.transactionIndex;
  const transaction = block.transactions[index];
  invariant(transaction !== undefined, "a receipt's transaction is in its block");
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
    logs: logsOfReceipt(block, receipt).map((log) => receiptLogToJson(log, dialect)),
    logsBloom: receipt.logsBloom,
    status: quantity(outcome.status),
    effectiveGasPrice: isAtLeast(hardfork, "london")
      ? quantity(outcome.effectiveGasPrice)
      : undefined,
  });
}
