/**
 * What the next block costs: base fee per gas (EIP-1559), excess blob gas and base fee per blob gas
 * (EIP-4844, 7691, 7918).
 */
import { invariant } from "../errors/base-error";
import { fakeExponential } from "../execution/blob-gas";
import { GAS_PER_BLOB } from "../execution/fork-rules";
import type { BlockHeader } from "./chain";
import { blobSchedule, type HardforkName, isAtLeast } from "./hardfork";

const ELASTICITY_MULTIPLIER = 2n;
const BASE_FEE_MAX_CHANGE_DENOMINATOR = 8n;
/** wei per gas of the first block of a chain (EIP-1559 INITIAL_BASE_FEE) */
export const INITIAL_BASE_FEE = 1_000_000_000n;

/** gas: what a blob is taken to cost in execution (EIP-7918) */
const BLOB_BASE_COST = 8_192n;
const MIN_BASE_FEE_PER_BLOB_GAS = 1n;

/** wei per gas of the block after `parent`, which must be a London block. */
export function nextBaseFee(
  parent: Pick<BlockHeader, "baseFeePerGas" | "gasLimit" | "gasUsed">,
): bigint {
  const { baseFeePerGas: base, gasUsed } = parent;
  invariant(base !== undefined, "the base fee follows from a parent that has one");
  const target = parent.gasLimit / ELASTICITY_MULTIPLIER;
  if (gasUsed === target) {
    return base;
  }
  if (gasUsed > target) {
    const delta = (base * (gasUsed - target)) / target / BASE_FEE_MAX_CHANGE_DENOMINATOR;
    return base + (delta > 1n ? delta : 1n);
  }
  return base - (base * (target - gasUsed)) / target / BASE_FEE_MAX_CHANGE_DENOMINATOR;
}

/** Excess blob gas of the block after `parent`; 0 after a parent from before Cancun. */
export function nextExcessBlobGas(hardfork: HardforkName, parent: BlockHeader): bigint {
  const schedule = blobSchedule(hardfork);
  invariant(schedule !== null, "excess blob gas begins with Cancun");
  const { excessBlobGas: excess, blobGasUsed: used } = parent;
  if (excess === undefined || used === undefined) {
    return 0n;
  }
  const total = excess + used;
  const target = schedule.target * GAS_PER_BLOB;
  if (total < target) {
    return 0n;
  }
  // EIP-7918: while blobs are cheaper than their share of execution, the excess does not shrink
  if (
    isAtLeast(hardfork, "osaka") &&
    BLOB_BASE_COST * (parent.baseFeePerGas ?? 0n) > GAS_PER_BLOB * blobBaseFee(hardfork, excess)
  ) {
    return excess + (used * (schedule.max - schedule.target)) / schedule.max;
  }
  return total - target;
}

/** wei per blob gas in a block with this excess. */
export function blobBaseFee(hardfork: HardforkName, excessBlobGas: bigint): bigint {
  const schedule = blobSchedule(hardfork);
  invariant(schedule !== null, "blobs begin with Cancun");
  return fakeExponential(MIN_BASE_FEE_PER_BLOB_GAS, excessBlobGas, schedule.baseFeeUpdateFraction);
}
