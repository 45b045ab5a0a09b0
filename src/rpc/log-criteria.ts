/** From the filter object of a request to criteria with block numbers, and to the logs that match. */
import type { BlockSelector, PlacedLog } from "../chain/chain";
import type { RpcContext } from "./context";
import { argumentError } from "./errors/words";
import type { LogCriteria } from "./filters";
import type { LogFilterParams } from "./params/log-filter";
import { validateBlockTag } from "./validation";

/** Throws ProviderError for an unknown block hash, or a hash beside a range. */
export function logCriteria(context: RpcContext, params: LogFilterParams): LogCriteria {
  return {
    ...blockRange(context, params),
    addresses: params.address ?? [],
    topics: (params.topics ?? []).map((options) => options ?? null),
  };
}

/** Logs of the blocks so far. A position with an empty list of topics matches nothing, as stock. */
export function matchingLogs({ chain }: RpcContext, criteria: LogCriteria): readonly PlacedLog[] {
  return criteria.topics.some((options) => options?.length === 0)
    ? []
    : chain.logs({ ...criteria, toBlock: criteria.toBlock ?? chain.latestNumber });
}

function blockRange(
  context: RpcContext,
  { fromBlock, toBlock, blockHash }: LogFilterParams,
): Pick<LogCriteria, "fromBlock" | "toBlock"> {
  if (blockHash !== undefined) {
    if (fromBlock !== undefined || toBlock !== undefined) {
      throw argumentError("blockHash is mutually exclusive with fromBlock/toBlock");
    }
    const number = numberOf(context, { hash: blockHash });
    return { fromBlock: number ?? 0n, toBlock: number };
  }
  const end = toBlock === undefined ? undefined : numberOf(context, toBlock);
  const start = fromBlock === undefined ? undefined : numberOf(context, fromBlock);
  return { fromBlock: start ?? context.chain.latestNumber, toBlock: end };
}

/** undefined = wherever the chain is. */
function numberOf(context: RpcContext, selector: BlockSelector): bigint | undefined {
  validateBlockTag(context, selector);
  if (typeof selector === "string") {
    return selector === "earliest" ? 0n : undefined;
  }
  if ("number" in selector) {
    return selector.number;
  }
  const block = context.chain.block(selector);
  if (block === undefined) {
    throw argumentError("blockHash cannot be found");
  }
  return block.header.number;
}
