/** How far behind the latest block a chain is taken to be safe from reorganisations, as in stock. */

/** Blocks; Hardhat's numbers. */
const DEPTHS: ReadonlyMap<bigint, bigint> = new Map([
  [1n, 32n], // an epoch of mainnet
  [3n, 100n],
  [4n, 32n],
  [5n, 32n],
  [42n, 32n],
  [100n, 38n],
]);
const DEFAULT_DEPTH = 128n;

function depthOf(chainId: bigint): bigint {
  return DEPTHS.get(chainId) ?? DEFAULT_DEPTH;
}

/**
 * The block to fork from where the config names none. A chain shorter than its own safe depth is
 * a development network: its latest block.
 */
export function defaultForkBlock(chainId: bigint, latest: bigint): bigint {
  const depth = depthOf(chainId);
  return latest < depth ? latest : latest - depth;
}

/** True if the block will stay what it is: what is known of it may be kept on disk. */
export function isSafeBlock(chainId: bigint, latest: bigint, block: bigint): boolean {
  return block + depthOf(chainId) <= latest;
}

/** What stock says about a block that is not safe; null if it is. */
export function unsafeBlockWarning(chainId: bigint, latest: bigint, block: bigint): string | null {
  const recommended = defaultForkBlock(chainId, latest);
  if (block <= recommended) {
    return null;
  }
  const required = depthOf(chainId) + 1n;
  const missing = required - (latest - block + 1n);
  return (
    `You are forking from block ${block} which has less than ${required} confirmations, and will affect Hardhat Network's performance. ` +
    `Please use block number ${recommended} or wait for the block to get ${missing} more confirmations.`
  );
}
