/**
 * A log as eth_getLogs, filters and subscriptions show it, and as receipts do: the same fields in
 * another order. Lists are copies: results are the caller's own.
 */
import type { ChainBlock } from "../../chain/chain";
import type { Log } from "../../execution/outcome";
import type { Dialect } from "../dialect";
import { quantity } from "./quantity";
import { defined } from "./transaction";

export interface PlacedLog {
  readonly log: Log;
  readonly block: ChainBlock;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

export function logToJson(placed: PlacedLog, dialect: Dialect): object {
  const { address, data, topics } = placed.log;
  const { transactionHash, blockHash, blockNumber, blockTimestamp } = blockFields(placed, dialect);
  const { logIndex, transactionIndex } = indices(placed);
  return defined({
    removed: false,
    logIndex,
    transactionIndex,
    transactionHash,
    blockHash,
    blockNumber,
    blockTimestamp,
    address,
    data,
    topics: [...topics],
  });
}

export function receiptLogToJson(placed: PlacedLog, dialect: Dialect): object {
  const { address, data, topics } = placed.log;
  return defined({
    address,
    topics: [...topics],
    data,
    ...blockFields(placed, dialect),
    ...indices(placed),
    removed: false,
  });
}

/** All logs of a block in order. */
export function logsOfBlock(block: ChainBlock): readonly PlacedLog[] {
  return block.receipts.flatMap((receipt) =>
    receipt.outcome.logs.map((log, index) => ({
      log,
      block,
      transactionIndex: receipt.transactionIndex,
      logIndex: receipt.firstLogIndex + index,
    })),
  );
}

function blockFields({ block, transactionIndex }: PlacedLog, dialect: Dialect) {
  return {
    transactionHash: block.transactions[transactionIndex]?.input.hash,
    blockHash: block.header.hash,
    blockNumber: quantity(block.header.number),
    blockTimestamp: dialect.logsHaveTimestamp ? quantity(block.header.timestamp) : undefined,
  };
}

function indices({ logIndex, transactionIndex }: PlacedLog) {
  return { logIndex: quantity(logIndex), transactionIndex: quantity(transactionIndex) };
}
