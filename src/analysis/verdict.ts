/**
 * One word for a function: does it run in parallel? docs/metrics.md, "Verdict".
 *
 * Judged among calls on the same instance of the contract, because calls on two instances say
 * nothing of its code.
 *
 * Owns: the rule. Does not own: the words a report prints (report/).
 */
import type { Rollup } from "./function-rollup";

/**
 * - `parallel`: at least `PARALLEL_THRESHOLD` of what could run at the same time does;
 * - `keyBound`: only calls that choose the same key (mapping entry, array element, account) wait;
 * - `serial`: calls wait on something that all of them share;
 * - `unmeasured`: no window holds two calls on the same instance.
 */
export type VerdictKind = "parallel" | "keyBound" | "serial" | "unmeasured";

/** P from which on a function is called parallel. */
export const PARALLEL_THRESHOLD = 0.9;

export function judge(
  rollup: Pick<Rollup, "parallelismPerInstance" | "parallelismIgnoringKeys">,
): VerdictKind {
  const { parallelismPerInstance: measured, parallelismIgnoringKeys: withoutKeys } = rollup;
  if (measured === null) {
    return "unmeasured";
  }
  if (measured >= PARALLEL_THRESHOLD) {
    return "parallel";
  }
  return withoutKeys !== null && withoutKeys >= PARALLEL_THRESHOLD ? "keyBound" : "serial";
}
