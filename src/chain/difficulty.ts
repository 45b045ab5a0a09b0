/**
 * Ethash difficulty of a block before the merge (yellow paper section 4.3.4, EIP-100), for blocks
 * without uncles: our chain never has any.
 */
import type { BlockHeader } from "./chain";
import { bombDelay, type HardforkName, isAtLeast } from "./hardfork";

const MINIMUM_DIFFICULTY = 0x20000n;
const BOUND_DIVISOR = 2048n;
const BOMB_PERIOD = 100_000n;

/** Difficulty of the first block of a chain; 0 from the merge on. */
export function genesisDifficulty(hardfork: HardforkName): bigint {
  return isAtLeast(hardfork, "merge") ? 0n : 1n;
}

/** `timestamp` in seconds, not before the parent's. */
export function nextDifficulty(
  hardfork: HardforkName,
  parent: BlockHeader,
  timestamp: bigint,
): bigint {
  if (isAtLeast(hardfork, "merge")) {
    return 0n;
  }
  const step = parent.difficulty / BOUND_DIVISOR;
  const periods = (timestamp - parent.timestamp) / 9n;
  const adjustment = 1n - (periods > 100n ? 100n : periods);
  const bombAge = parent.number + 1n - bombDelay(hardfork);
  const bombExponent = bombAge < 0n ? -1n : bombAge / BOMB_PERIOD - 2n;
  const bomb = bombExponent >= 0n ? 2n ** bombExponent : 0n;
  const difficulty = parent.difficulty + adjustment * step + bomb;
  return difficulty > MINIMUM_DIFFICULTY ? difficulty : MINIMUM_DIFFICULTY;
}
