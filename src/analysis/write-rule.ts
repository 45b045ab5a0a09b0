/**
 * The one rule by which writes are judged, for transactions (write-class.ts) and for functions
 * (footprints/write-form.ts). docs/metrics.md, "Write class".
 *
 * A delta adds an amount that does not depend on the value found, and the value is used for nothing
 * else. Executing a call again on another value shows that exactly (value-probes/). Where that was not
 * possible it is said only if all writes of a variable by one function change it by the same thing, and
 * do not all set it to the same thing, and the value is not seen to be used elsewhere.
 *
 * Owns: the rule. Does not own: what a change may be due to (the callers know the arguments).
 */
import type { SlotPart } from "./slot-name";
import { VALUE_USE, type ValueUse } from "./value-use";

/** Where in a slot a variable lies. */
export type PartPlace = Pick<SlotPart, "offset" | "bytes" | "holds">;

export const WHOLE_SLOT: PartPlace = { offset: 0, bytes: 32, holds: "value" };

/** One variable changed by one call. */
export interface PartChange {
  /** the variable's own values, different */
  readonly before: bigint;
  readonly after: bigint;
  /** what equals the difference (`+ amount`), and what equals the new value (`= amount`) */
  readonly amounts: readonly string[];
  readonly assignments: readonly string[];
  /** where else the old and the new value show up */
  readonly use: ValueUse;
  /** Another function of the same transaction reads it. */
  readonly readElsewhere: boolean;
  /** Was it shown by execution that it is a delta, or that it is none? undefined: not tried. */
  readonly isDelta: boolean | undefined;
}

export type PartClass = "append" | "delta" | "overwrite" | "undetermined";

export interface PartVerdict {
  readonly class: PartClass;
  /** what all changes add; null if nothing fits all */
  readonly amount: string | null;
  /** what all changes set; null if nothing fits all */
  readonly assignment: string | null;
  /** Counts up or down by the same step each time, whatever its value is used for: ids. */
  readonly isCounter: boolean;
}

/** Uses that say nothing against a delta. */
const HARMLESS = ~VALUE_USE.hashChain;

/** What one function does to one variable; at least one change. */
export function judgeChanges(place: PartPlace, changes: readonly PartChange[]): PartVerdict {
  const [amount = null] = common(changes.map(({ amounts }) => amounts));
  const [assignment = null] = common(changes.map(({ assignments }) => assignments));
  const isCounter = hasOneStep(changes);
  const verdict = (kind: PartClass): PartVerdict => ({
    class: kind,
    amount,
    assignment,
    isCounter,
  });
  if (place.holds === "length" && changes.every(({ before, after }) => after > before)) {
    return verdict("append");
  }
  const shown = changes.map(({ isDelta }) => isDelta).filter((one) => one !== undefined);
  if (shown.length > 0) {
    return verdict(shown.includes(false) ? "overwrite" : "delta");
  }
  if (changes.length < 2 || (amount !== null && assignment !== null)) {
    return verdict("undetermined");
  }
  const usedInAll = changes.reduce((bits, { use }) => bits & use, HARMLESS);
  const isUsed = usedInAll !== 0 || changes.some(({ readElsewhere }) => readElsewhere);
  return verdict(amount !== null && !isUsed ? "delta" : "overwrite");
}

/** The same difference each time, from at least two values. */
export function hasOneStep(
  changes: readonly { readonly before: bigint; readonly after: bigint }[],
): boolean {
  const steps = new Set(changes.map(({ before, after }) => after - before));
  const befores = new Set(changes.map(({ before }) => before));
  return steps.size === 1 && befores.size >= 2;
}

/** A part's value within the word of its slot. */
export function partValue({ offset, bytes }: PartPlace, word: bigint): bigint {
  return (word >> BigInt(8 * offset)) & ((1n << BigInt(8 * bytes)) - 1n);
}

/** `+ 5`, `- 3`: a difference that needs no other explanation. */
export function differenceText(difference: bigint): string {
  return difference < 0n ? `- ${-difference}` : `+ ${difference}`;
}

/** What is in every list, in the order of the first. */
function common(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = lists;
  return first.filter((text) => others.every((list) => list.includes(text)));
}
