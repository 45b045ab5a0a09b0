/**
 * A log as eth_getLogs, filters and subscriptions show it, and as receipts do: the same fields in
 * another order. Lists are copies: results are the caller's own.
 */
import type { PlacedLog } from "../../chain/chain";
import type { Dialect } from "../dialect";
import { quantity } from "./quantity";
import { defined } from "./transaction";

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

function blockFields(placed: PlacedLog, dialect: Dialect) {
  const { blockTimestamp } = placed;
  return {
    transactionHash: placed.transactionHash,
    blockHash: placed.blockHash,
    blockNumber: quantity(placed.blockNumber),
    blockTimestamp:
      dialect.logsHaveTimestamp && blockTimestamp !== null ? quantity(blockTimestamp) : undefined,
  };
}

function indices({ logIndex, transactionIndex }: PlacedLog) {
  return { logIndex: quantity(logIndex), transactionIndex: quantity(transactionIndex) };
}
