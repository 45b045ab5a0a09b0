/**
 * The order of hardforks, under Hardhat's names, and what the chain itself needs of each (the engine
 * has its own table).
 *
 * Owns: names, order, block reward, difficulty bomb, blob schedule. Does not own: opcode rules.
 */
import { invariant } from "../errors/base-error";

/** Oldest first; Hardhat's names. */
const ORDER = [
  "chainstart",
  "homestead",
  "dao",
  "tangerineWhistle",
  "spuriousDragon",
  "byzantium",
  "constantinople",
  "petersburg",
  "istanbul",
  "muirGlacier",
  "berlin",
  "london",
  "arrowGlacier",
  "grayGlacier",
  "merge",
  "shanghai",
  "cancun",
  "prague",
  "osaka",
] as const;

export type HardforkName = (typeof ORDER)[number];

/** Throws InvariantError for a name that is not Hardhat's: the config was validated before. */
export function hardforkName(name: string): HardforkName {
  const found = ORDER.find((candidate) => candidate === name);
  invariant(found !== undefined, `unknown hardfork "${name}"`);
  return found;
}

/** True if `hardfork` has all rules of `minimum`. */
export function isAtLeast(hardfork: HardforkName, minimum: HardforkName): boolean {
  return ORDER.indexOf(hardfork) >= ORDER.indexOf(minimum);
}

/** The name that @ethereumjs/common knows it by. */
export function ethereumjsHardfork(hardfork: HardforkName): string {
  return hardfork === "merge" ? "paris" : hardfork;
}

const ETHER = 10n ** 18n;

/** Wei that the coinbase of every mined block gets (EIP-649, EIP-1234; none from Paris on). */
export function blockReward(hardfork: HardforkName): bigint {
  if (isAtLeast(hardfork, "merge")) {
    return 0n;
  }
  if (isAtLeast(hardfork, "constantinople")) {
    return 2n * ETHER;
  }
  return isAtLeast(hardfork, "byzantium") ? 3n * ETHER : 5n * ETHER;
}

/** Blocks by which the difficulty bomb is delayed (EIP-649, 1234, 2384, 4345, 5133). */
export function bombDelay(hardfork: HardforkName): bigint {
  if (isAtLeast(hardfork, "grayGlacier")) {
    return 11_400_000n;
  }
  if (isAtLeast(hardfork, "arrowGlacier")) {
    return 10_700_000n;
  }
  if (isAtLeast(hardfork, "muirGlacier")) {
    return 9_000_000n;
  }
  if (isAtLeast(hardfork, "constantinople")) {
    return 5_000_000n;
  }
  return isAtLeast(hardfork, "byzantium") ? 3_000_000n : 0n;
}

/** Blobs per block (EIP-4844, EIP-7691). */
export interface BlobSchedule {
  readonly target: bigint;
  readonly max: bigint;
  readonly baseFeeUpdateFraction: bigint;
}

/** null before Cancun. */
export function blobSchedule(hardfork: HardforkName): BlobSchedule | null {
  if (isAtLeast(hardfork, "prague")) {
    return { target: 6n, max: 9n, baseFeeUpdateFraction: 5_007_716n };
  }
  return isAtLeast(hardfork, "cancun")
    ? { target: 3n, max: 6n, baseFeeUpdateFraction: 3_338_477n }
    : null;
}
