/** A log as receipts, eth_getLogs, filters and subscriptions show it. */
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
  const { log, block } = placed;
  return defined({
    removed: false,
    logIndex: quantity(placed.logIndex),
    transactionIndex: quantity(placed.transactionIndex),
    transactionHash: block.transactions[placed.transactionIndex]?.input.hash,
    blockHash: block.header.hash,
    blockNumber: quantity(block.header.number),
    blockTimestamp: dialect.logsHaveTimestamp ? quantity(block.header.timestamp) : undefined,
    address: log.address,
    data: log.data,
    topics: log.topics,
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
