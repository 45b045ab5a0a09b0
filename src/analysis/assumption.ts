/**
 * Assumptions about variables, as a user writes them: `totalSupply=sharded:16`. docs/metrics.md,
 * "What if".
 *
 * Owns: the text and which variable it means. Does not own: what follows (what-if.ts).
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { nearNames } from "./near-names";
import type { SlotGroup } from "./slot-groups";

export type Treatment =
  | { readonly kind: "sharded"; readonly shards: number }
  | { readonly kind: "delta" | "per-sender" | "removed" };

/** What is assumed of a variable, by its name. */
export interface NamedAssumption {
  readonly variable: string;
  readonly treatment: Treatment;
}

/** What is assumed of a group of slots. */
export interface Assumption {
  readonly group: number;
  readonly treatment: Treatment;
}

const EXPECTED = "VARIABLE=sharded:N (N from 2 to 4096), =delta, =per-sender or =removed";
const MAX_SHARDS = 4096;

/** `sharded:16` */
export function treatmentText(treatment: Treatment): string {
  return treatment.kind === "sharded" ? `sharded:${treatment.shards}` : treatment.kind;
}

/**
 * Reads a list of assumptions, separated by commas; names of packed slots have commas themselves.
 * Throws ParallelError ASSUMPTION_INVALID.
 */
export function parseAssumptions(text: string): NamedAssumption[] {
  const found: NamedAssumption[] = [];
  const pattern = /\s*([^=]+?)\s*=\s*([a-z-]+(?::\d+)?)\s*(?:,|$)/y;
  while (pattern.lastIndex < text.length) {
    const [, variable, word] = pattern.exec(text) ?? [];
    const treatment = word === undefined ? null : treatmentOf(word);
    if (variable === undefined || treatment === null) {
      throw new ParallelError(ERRORS.ASSUMPTION_INVALID, { text, expected: EXPECTED });
    }
    found.push({ variable, treatment });
  }
  if (found.length === 0) {
    throw new ParallelError(ERRORS.ASSUMPTION_INVALID, { text: '""', expected: EXPECTED });
  }
  return found;
}

function treatmentOf(word: string): Treatment | null {
  const [kind, number] = word.split(":");
  if (kind === "sharded") {
    const shards = Number(number);
    return shards >= 2 && shards <= MAX_SHARDS ? { kind, shards } : null;
  }
  const isKnown = kind === "delta" || kind === "per-sender" || kind === "removed";
  return isKnown && number === undefined ? { kind } : null;
}

/** `Token.balances[*]`, `Pool (ether balance)`: as reports print it. */
export function variableName({
  contract,
  variable,
}: Pick<SlotGroup, "contract" | "variable">): string {
  const short = contract.slice(contract.lastIndexOf(":") + 1);
  return `${short}${variable.startsWith("(") ? " " : "."}${variable}`;
}

/**
 * The groups that the names mean: `Token.totalSupply`, or `totalSupply` where one contract has it.
 * Throws ParallelError ASSUMPTION_UNKNOWN_VARIABLE, ASSUMPTION_AMBIGUOUS, ASSUMPTION_REPEATED.
 */
export function resolveAssumptions(
  assumptions: readonly NamedAssumption[],
  groups: readonly SlotGroup[],
): Assumption[] {
  const taken = new Set<number>();
  return assumptions.map(({ variable, treatment }) => {
    const group = groupCalled(variable, groups);
    if (taken.has(group)) {
      throw new ParallelError(ERRORS.ASSUMPTION_REPEATED, { variable });
    }
    taken.add(group);
    return { group, treatment };
  });
}

function groupCalled(name: string, groups: readonly SlotGroup[]): number {
  const spellings: readonly ((group: SlotGroup) => string)[] = [
    ({ contract, variable }) => `${contract}.${variable}`,
    variableName,
    ({ variable }) => variable,
  ];
  for (const spelling of spellings) {
    const [first, ...others] = groups.filter((group) => spelling(group) === name);
    if (first !== undefined && others.length === 0) {
      return first.id;
    }
    if (first !== undefined) {
      throw new ParallelError(ERRORS.ASSUMPTION_AMBIGUOUS, {
        variable: name,
        names: [first, ...others].map((group) => `${group.contract}.${group.variable}`).join(", "),
      });
    }
  }
  const near = nearNames(name, [...new Set(groups.map(variableName))]);
  throw new ParallelError(ERRORS.ASSUMPTION_UNKNOWN_VARIABLE, {
    variable: name,
    near: near.length === 0 ? "this run touched no variable" : `near it are ${near.join(", ")}`,
  });
}
