/**
 * What a function's footprint says of calls by different users, however few were observed.
 * docs/metrics.md, "Verdict from the footprint".
 *
 * Owns: the rule. Does not own: the measured verdict (../verdict.ts).
 */
import { type AccessConflict, callConflict } from "./call-conflict";
import type { Footprint } from "./footprint";

/**
 * - `parallel`: no two calls of different users wait for each other;
 * - `keyBound`: only if they choose equal keys;
 * - `serialFixable`: all wait, on writes that can be rearranged: amounts added, ids counted, arrays
 *   lengthened, guards, values that do not follow from the old one, packed neighbours;
 * - `serialInherent`: all wait on a value that follows from the one before;
 * - `serial`: all wait, and too little was observed to say which of the two;
 * - `unknown`: nothing is known of what it touches, a slot without a name may be shared, or
 *   every call failed.
 */
export type FootprintVerdictKind =
  | "parallel"
  | "keyBound"
  | "serialFixable"
  | "serialInherent"
  | "serial"
  | "unknown";

export interface FootprintVerdict {
  readonly kind: FootprintVerdictKind;
  /** what calls wait on; for keyBound what has to be equal */
  readonly on: readonly AccessConflict[];
}

export function footprintVerdict(footprint: Footprint): FootprintVerdict {
  const conflicts = callConflict(footprint, footprint).conflicts.filter(
    ({ cause }) => cause !== "SENDER" && cause !== "INFRA",
  );
  const shared = conflicts.filter(({ relation }) => relation !== "keyDependent");
  if (footprint.onlyFailed) {
    return { kind: "unknown", on: conflicts };
  }
  if (shared.length > 0) {
    return { kind: serialKind(shared), on: shared };
  }
  const keyed = conflicts.filter(({ first }) => footprint.accesses[first]?.resolved === true);
  if (keyed.length < conflicts.length) {
    return { kind: "unknown", on: conflicts };
  }
  return { kind: keyed.length > 0 ? "keyBound" : "parallel", on: keyed };
}

/** The hardest of the places decides: one that cannot be rearranged keeps the calls in a row. */
function serialKind(
  shared: readonly AccessConflict[],
): "serialFixable" | "serialInherent" | "serial" {
  const forms = shared
    .filter(({ cause }) => cause !== "FALSE_SHARING")
    .flatMap(({ forms }) => forms);
  if (forms.some((form) => form.class === "overwrite" && !form.independent && !form.counter)) {
    return "serialInherent";
  }
  return forms.some((form) => form.class === "undetermined") ? "serial" : "serialFixable";
}
