/**
 * Matching logs against eth_getLogs filters, over blocks, with the block's bloom as first sieve.
 */
import { invariant } from "../errors/base-error";
import type { Log } from "../execution/outcome";
import type { Address, Hash } from "../state/hex";
import { type BloomBits, bloomBits, EMPTY_BLOOM, mayContain } from "./bloom";
import type { ChainBlock, PlacedLog, Receipt } from "./chain";
import type { RemoteLog } from "./fork/remote-block";

export interface LogFilter {
  /** empty = any */
  readonly addresses: readonly Address[];
  /** by position: null = any, else one of */
  readonly topics: readonly (readonly Hash[] | null)[];
}

/** Logs of the blocks that pass the filter, in order. */
export function findLogs(blocks: Iterable<ChainBlock>, filter: LogFilter): PlacedLog[] {
  const sieve = bloomSieve(filter);
  const addresses = new Set(filter.addresses);
  const found: PlacedLog[] = [];
  for (const block of blocks) {
    if (block.header.logsBloom === EMPTY_BLOOM || !passes(block, sieve)) {
      continue;
    }
    for (const placed of logsOfBlock(block)) {
      if (matches(placed.log, addresses, filter.topics)) {
        found.push(placed);
      }
    }
  }
  return found;
}

/** All logs of a block in order. */
export function logsOfBlock(block: ChainBlock): PlacedLog[] {
  return block.receipts.flatMap((receipt) => logsOfReceipt(block, receipt));
}

export function logsOfReceipt(
  { header, transactions }: Pick<ChainBlock, "header" | "transactions">,
  { transactionIndex, firstLogIndex, outcome }: Receipt,
): PlacedLog[] {
  const transactionHash = transactions[transactionIndex]?.input.hash;
  invariant(transactionHash !== undefined, "a receipt's transaction is in its block");
  return outcome.logs.map((log, i) => ({
    log,
    blockHash: header.hash,
    blockNumber: header.number,
    blockTimestamp: header.timestamp,
    transactionHash,
    transactionIndex,
    logIndex: firstLogIndex + i,
  }));
}

/** A log that a fork's remote found. */
export function placedRemoteLog(log: RemoteLog): PlacedLog {
  const { address, topics, data, ...place } = log;
  return { ...place, log: { address, topics, data }, blockTimestamp: null };
}

/** For each criterion the bits of its alternatives. */
function bloomSieve(filter: LogFilter): BloomBits[][] {
  const criteria: (readonly (Address | Hash)[])[] = [
    filter.addresses,
    ...filter.topics.map((alternatives) => alternatives ?? []),
  ];
  return criteria
    .filter((alternatives) => alternatives.length > 0)
    .map((alternatives) => alternatives.map(bloomBits));
}

function passes(block: ChainBlock, sieve: readonly BloomBits[][]): boolean {
  return sieve.every((alternatives) =>
    alternatives.some((bits) => mayContain(block.header.logsBloom, bits)),
  );
}

function matches(
  log: Log,
  addresses: ReadonlySet<Address>,
  topics: readonly (readonly Hash[] | null)[],
): boolean {
  if (addresses.size > 0 && !addresses.has(log.address)) {
    return false;
  }
  return topics.every((alternatives, i) => {
    const topic = log.topics[i];
    if (topic === undefined) {
      // a position beyond the log's topics: not even a wildcard matches it
      return false;
    }
    return alternatives === null || alternatives.length === 0 || alternatives.includes(topic);
  });
}
