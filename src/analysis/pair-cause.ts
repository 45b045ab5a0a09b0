/**
 * Why two calls conflict on a variable (product terms). docs/metrics.md, "Function matrix".
 *
 * Owns: the causes and which of them a pair has. Does not own: the pairs (function-matrix.ts).
 */
import type { WorkloadTransaction } from "./workload";

/**
 * - `INFRA`: a balance that only the fee changed;
 * - `GUARD`: whoever writes puts the old value back;
 * - `FALSE_SHARING`: neither changes bytes of the packed slot that the other changes or uses;
 * - `SENDER`: the same key, and the same sender made both calls;
 * - `KEYED`: the same key;
 * - `READ_HOT`: no key, and one of the two only reads;
 * - `STRUCTURAL`: no key: every call does it.
 */
export const MATRIX_CAUSES = [
  "INFRA",
  "GUARD",
  "FALSE_SHARING",
  "SENDER",
  "KEYED",
  "READ_HOT",
  "STRUCTURAL",
] as const;
export type MatrixCause = (typeof MATRIX_CAUSES)[number];

/** A transaction that uses a location. */
export interface SlotUser {
  /** place among the transactions compared */
  readonly index: number;
  readonly transaction: WorkloadTransaction;
  readonly read: boolean;
  readonly write: boolean;
  /** Bytes of a packed slot that it uses, one bit each; null = not known. */
  readonly usedBytes?: number | null;
}

/** What is known of the location. */
export interface SharedPlace {
  readonly location: number;
  readonly keyed: boolean;
  /** several variables lie in the slot */
  readonly packed: boolean;
  readonly isFee: boolean;
}

export function pairCause(lower: SlotUser, higher: SlotUser, place: SharedPlace): MatrixCause {
  const writers = [lower, higher].filter(({ write }) => write);
  if (place.isFee) {
    return "INFRA";
  }
  if (writers.every(({ transaction }) => transaction.silentWrites.has(place.location))) {
    return "GUARD";
  }
  if (place.packed && bytesAreApart(lower, higher, place.location)) {
    return "FALSE_SHARING";
  }
  if (place.keyed) {
    return lower.transaction.sender === higher.transaction.sender ? "SENDER" : "KEYED";
  }
  return writers.length === 1 ? "READ_HOT" : "STRUCTURAL";
}

/**
 * No byte that one changes is changed or used by the other. Where it is not known what a transaction
 * uses, a writer is taken to use what it changes, and who only reads to use everything.
 */
export function bytesAreApart(lower: SlotUser, higher: SlotUser, location: number): boolean {
  const [a, b] = [changedBytes(lower, location), changedBytes(higher, location)];
  return (a & (b | usedBytes(higher, b))) === 0 && (b & (a | usedBytes(lower, a))) === 0;
}

const ALL_BYTES = ~0;

function usedBytes({ usedBytes: known }: SlotUser, changed: number): number {
  return known ?? (changed === 0 ? ALL_BYTES : changed);
}

function changedBytes({ transaction }: SlotUser, location: number): number {
  const change = transaction.changes.get(location);
  return change === undefined ? 0 : bytesOf(change.before ^ change.after);
}

/** One bit for each byte that is not zero. */
function bytesOf(bits: bigint): number {
  let found = 0;
  for (let byte = 0; byte < 32; byte++) {
    if (((bits >> BigInt(8 * byte)) & 0xffn) !== 0n) {
      found |= 1 << byte;
    }
  }
  return found;
}

/** Causes of the pairs of two functions on one variable. */
export class PairCauses {
  readonly example: readonly [number, number];
  readonly #counts = new Map<MatrixCause, number>();
  pairs = 0;

  constructor(example: readonly [number, number]) {
    this.example = example;
  }

  add(lower: SlotUser, higher: SlotUser, place: SharedPlace): void {
    const cause = pairCause(lower, higher, place);
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + 1);
    this.pairs++;
  }

  mostFrequent(): MatrixCause {
    const most = Math.max(...this.#counts.values());
    return MATRIX_CAUSES.find((cause) => this.#counts.get(cause) === most) ?? "STRUCTURAL";
  }
}
