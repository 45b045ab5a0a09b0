/**
 * What a detector says of a variable, a function or a sender (product terms D1 to D16).
 * docs/metrics.md, "Findings".
 *
 * Owns: the shape. Does not own: when it is said (the detectors), order (detect.ts).
 */
import type { RuleSetId } from "./rule-sets";

export type FindingId = `D${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16}`;

/**
 * - `fixable`: the contract can do the same without it;
 * - `inherent`: it is what the contract does; another design is another product;
 * - `infra`: not the contract's.
 */
export type FindingLabel = "inherent" | "fixable" | "infra";

/** `high`: the log shows it; `medium`: the log fits and a usual name supports it. */
export type Confidence = "high" | "medium";

/** The words of a finding, the same wherever its pattern occurs. */
export interface Advice {
  readonly remedy: string;
  readonly caution: string;
  readonly label: FindingLabel;
}

export interface Finding extends Advice {
  readonly id: FindingId;
  /** slot group; null if it is not about a variable */
  readonly group: number | null;
  /** function rows */
  readonly functions: readonly number[];
  /** transactions that do it */
  readonly transactions: number;
  readonly message: string;
  readonly confidence: Confidence;
  /** CP without it, gas; null where the run's own rules do not wait for it */
  readonly criticalPathWithout: number | null;
  /** Kinds of chains on which it makes nobody wait. */
  readonly freeOn: readonly RuleSetId[];
  /** Where code makes the access: hash and position, to be turned into file and line. */
  readonly places: readonly CodePlace[];
}

export interface CodePlace {
  readonly codeHash: `0x${string}`;
  readonly pc: number;
}
