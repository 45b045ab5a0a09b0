/**
 * Matching logs against eth_getLogs filters, over blocks, with the block's bloom as first sieve.
 */
import type { Log } from "../execution/outcome";
import type { Address, Hash } from "../state/hex";
import { type BloomBits, bloomBits, EMPTY_BLOOM, mayContain } from "./bloom";
import type { ChainBlock } from "./chain";

export interface LogFilter {
  /** empty = any */
  readonly addresses: readonly Address[];
  /** by position: null = any, else one of */
  readonly topics: readonly (readonly Hash[] | null)[];
}

export interface FoundLog {
  readonly log: Log;
  readonly block: ChainBlock;
  readonly transactionIndex: number;
  /** index in the block */
  readonly logIndex: number;
}

/** Logs of the blocks that pass the filter, in order. */
export function findLogs(blocks: Iterable<ChainBlock>, filter: LogFilter): FoundLog[] {
  const sieve = bloomSieve(filter);
  const addresses = new Set(filter.addresses);
  const found: FoundLog[] = [];
  for (const block of blocks) {
    if (block.header.logsBloom === EMPTY_BLOOM || !passes(block, sieve)) {
      continue;
    }
    for (const receipt of block.receipts) {
      receipt.outcome.logs.forEach((log, i) => {
        if (matches(log, addresses, filter.topics)) {
          found.push({
            log,
            block,
            transactionIndex: receipt.transactionIndex,
            logIndex: receipt.firstLogIndex + i,
          });
        }
      });
    }
  }
  return found;
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
