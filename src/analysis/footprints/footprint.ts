/**
 * What a function touches, symbolically: `balances[msg.sender] rw, balances[to] rw`.
 * docs/metrics.md, "Footprint".
 *
 * Owns: the shape. Does not own: how it is inferred (infer-footprints.ts), its text
 * (footprint-text.ts), what follows from it (call-conflict.ts).
 */
import type { LocationKind } from "../../state/location";
import type { KeySource } from "./key-source";

/**
 * - `agreed`: one source explains every observation, at least two, and no other does;
 * - `observedOnce`: one observation only;
 * - `ambiguous`: several sources explain every observation, all are listed;
 * - `unknown`: none does.
 */
export type KeyStatus = "agreed" | "observedOnce" | "ambiguous" | "unknown";

export interface Key {
  readonly status: KeyStatus;
  /** the plainest first; empty if unknown */
  readonly candidates: readonly KeySource[];
}

/**
 * - `silent`: puts back the value that was there (a reentrancy guard);
 * - `delta`: adds or subtracts an amount that does not depend on the value found, which no other
 *   function of the call reads;
 * - `append`: lengthens an array;
 * - `overwrite`: any other;
 * - `undetermined`: too few observations to tell a delta from an overwrite.
 */
export type WriteClass = "silent" | "delta" | "append" | "overwrite" | "undetermined";

export interface WriteForm {
  readonly class: WriteClass;
  /** `+ amount`, `- value`, `= msg.sender`; null if not known */
  readonly text: string | null;
  /** An overwrite whose new value is explained without the old one. */
  readonly independent: boolean;
  /** Counts by the same step each time; its value may be used, as ids are. */
  readonly counter: boolean;
}

export type Frequency = "every" | "some" | "never";

export interface FootprintAccess {
  readonly kind: LocationKind;
  /** contract of the storage; empty for balances */
  readonly contract: string;
  /** `balances[*]`; all members of a packed slot */
  readonly variable: string;
  /** In the storage of the called contract itself. */
  readonly own: boolean;
  /** whose storage or balance */
  readonly owner: Key;
  /** one for each `[*]` of the variable */
  readonly keys: readonly Key[];
  readonly read: Frequency;
  readonly write: Frequency;
  /** null if never written */
  readonly form: WriteForm | null;
  /** members of a packed slot that some call changed (`reserve0`); empty if the slot holds one variable */
  readonly changedMembers: readonly string[];
  /** members of a packed slot whose value some call uses; null if that is not known */
  readonly usedMembers: readonly string[] | null;
  readonly packed: boolean;
  /** calls of the sample that made it */
  readonly calls: number;
  /** False for a slot without a name. */
  readonly resolved: boolean;
}

export interface Footprint {
  /** fully qualified name, or the address where it is unknown */
  readonly contract: string;
  readonly signature: string;
  /** calls of the whole run */
  readonly calls: number;
  /** calls that were looked at; those that failed only if all did */
  readonly sampled: number;
  /** of these, calls whose arguments are not known */
  readonly undecoded: number;
  /** No call succeeded: what it does where it does not fail is not known. */
  readonly onlyFailed: boolean;
  readonly accesses: readonly FootprintAccess[];
}
