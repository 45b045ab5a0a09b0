/**
 * The rules of one fork as the transaction processing asks for them: plain booleans and numbers.
 *
 * Owns: which rule applies. Does not own: opcodes and their gas (the engine), blocks' schedules.
 * Numbers are those of the yellow paper (appendix G) and of the EIPs named beside them.
 */
import { invariant } from "../errors/base-error";
import { activeEips, HARDFORKS, type Hardfork, hardforkPosition } from "./hardforks";
import type { ExecutionRules } from "./transaction";

export interface BlobRules {
  /** blobs */
  readonly maxPerBlock: number;
  /** blobs */
  readonly maxPerTransaction: number;
  readonly baseFeeUpdateFraction: bigint;
}

export interface ForkRules {
  readonly hardfork: string;
  isActive(eip: number): boolean;
  isAtLeast(hardfork: Hardfork): boolean;
  /** EIP-161: touched empty accounts go; accounts exist exactly if they are not empty. */
  readonly clearsEmptyAccounts: boolean;
  /** EIP-658: receipts carry a status instead of a state root. */
  readonly hasReceiptStatus: boolean;
  /** Refunds are at most gas used / this (EIP-3529: 5, before: 2). */
  readonly maxRefundQuotient: bigint;
  /** Absent before EIP-4844. */
  readonly blobs: BlobRules | null;
}

/** gas of one blob (EIP-4844) */
export const GAS_PER_BLOB = 131_072n;

/** maximum, base fee update fraction: EIP-4844 (Cancun), EIP-7691 (Prague), EIP-7892 (later). */
const BLOB_SCHEDULES: readonly { from: Hardfork; max: number; fraction: bigint }[] = [
  { from: "bpo2", max: 21, fraction: 11_684_671n },
  { from: "bpo1", max: 15, fraction: 8_346_193n },
  { from: "prague", max: 9, fraction: 5_007_716n },
  { from: "cancun", max: 6, fraction: 3_338_477n },
];

/** EIP-7594 */
const MAX_BLOBS_PER_TRANSACTION = 6;

const cache = new Map<string, ForkRules>();
const cacheByIdentity = new WeakMap<ExecutionRules, ForkRules>();

/** The rules of the fork, cached. Throws ParallelError UNSUPPORTED_HARDFORK. */
export function forkRules(rules: ExecutionRules): ForkRules {
  const known = cacheByIdentity.get(rules);
  if (known !== undefined) {
    return known;
  }
  const key = rulesKey(rules);
  let result = cache.get(key);
  if (result === undefined) {
    result = createForkRules(rules);
    cache.set(key, result);
  }
  cacheByIdentity.set(rules, result);
  return result;
}

/** Equal for rules that say the same (rules are cloned on their way to a worker). */
export function rulesKey(rules: ExecutionRules): string {
  const { target, max, baseFeeUpdateFraction } = rules.blobSchedule ?? {};
  return [
    rules.chainId,
    rules.hardfork,
    (rules.eips ?? []).join("+"),
    rules.allowUnlimitedContractSize,
    rules.transactionGasCap,
    target,
    max,
    baseFeeUpdateFraction,
  ].join(",");
}

function createForkRules(rules: ExecutionRules): ForkRules {
  const position = hardforkPosition(rules.hardfork);
  const active = new Set([...activeEips(position), ...(rules.eips ?? [])]);
  const reached = new Set(HARDFORKS.slice(0, position + 1));
  const isAtLeast = (hardfork: Hardfork): boolean => reached.has(hardfork);
  const isActive = (eip: number): boolean => active.has(eip);
  return {
    hardfork: rules.hardfork,
    isActive,
    isAtLeast,
    clearsEmptyAccounts: isAtLeast("spuriousDragon"),
    hasReceiptStatus: isAtLeast("byzantium"),
    maxRefundQuotient: isActive(3529) ? 5n : 2n,
    blobs: isActive(4844) ? blobRules(rules, isAtLeast, isActive) : null,
  };
}

function blobRules(
  rules: ExecutionRules,
  isAtLeast: (hardfork: Hardfork) => boolean,
  isActive: (eip: number) => boolean,
): BlobRules {
  const schedule = BLOB_SCHEDULES.find(({ from }) => isAtLeast(from));
  const max = rules.blobSchedule?.max ?? schedule?.max;
  const fraction =
    rules.blobSchedule === undefined
      ? schedule?.fraction
      : BigInt(rules.blobSchedule.baseFeeUpdateFraction);
  invariant(
    max !== undefined && fraction !== undefined,
    `no blob schedule for hardfork ${rules.hardfork}`,
  );
  return {
    maxPerBlock: max,
    maxPerTransaction: isActive(7594) ? MAX_BLOBS_PER_TRANSACTION : max,
    baseFeeUpdateFraction: fraction,
  };
}
