/**
 * How fast something is thought to be, from measurements that other work on the machine can only make slower.
 *
 * Owns: the estimate. Does not own: between what is chosen, and when the slower side is tried again.
 */

/** Share that a slower measurement has in the estimate; a faster one replaces it. */
const SLOWER_SHARE = 0.3;
/** A slower one counts as at most so many times the estimate: a garbage collection in it is no reason to turn. */
const SLOWEST = 1.5;

/**
 * The estimate after one more measurement, in its unit (time for a piece of work).
 * @param before null = nothing was measured yet
 */
export function measuredPace(before: number | null, measured: number): number {
  return before === null || measured < before
    ? measured
    : before + (Math.min(measured, before * SLOWEST) - before) * SLOWER_SHARE;
}
