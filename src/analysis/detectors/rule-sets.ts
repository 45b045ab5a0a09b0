/**
 * Kinds of chains by what makes a transaction wait (product.md C, 2026): a finding that costs on one
 * may cost nothing on another. No figures: those belong to chain profiles.
 */
export const RULE_SETS_VERSION = 1;

export const RULE_SETS = {
  version: "optimistic, compares versions: any write of what was read",
  value: "optimistic, compares values: a write that changes what was read",
  accountLocks: "locks whole accounts: any use beside a write",
  deltaAware: "deltas commute: as versions, but for amounts added",
  accessList: "block access list (EIP-7928): validators wait for nothing, builders as versions",
} as const;

export type RuleSetId = keyof typeof RULE_SETS;

/** Validators that are given every value written before a transaction wait for nobody. */
const ALWAYS_FREE: readonly RuleSetId[] = ["accessList"];

/** Where nothing waits, beyond the kinds that never do. */
export function freeOn(...kinds: readonly RuleSetId[]): readonly RuleSetId[] {
  const all = new Set<RuleSetId>([...kinds, ...ALWAYS_FREE]);
  return (Object.keys(RULE_SETS) as RuleSetId[]).filter((id) => all.has(id)); // keys of that object
}
